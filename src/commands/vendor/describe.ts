import { Args, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { describeText } from '../../render/vendor.ts';
import { type ConversationId, id } from '../../sla/ids.ts';

const args = { name: Args.string({ description: 'a configured vendor', required: true }) };

export default class VendorDescribe extends BaseCommand {
  static override summary = 'what a vendor can provide: sites, images, shapes, promises';
  static override args: Interfaces.ArgInput = args;

  async run(): Promise<object> {
    const { args: words } = await this.parse({ args });
    await using office = await this.office();
    const progress = (step: string) => this.say(`${words.name}: ${step}`);
    const call = { conversation: id<ConversationId>('describe'), signal: this.signal, progress };
    const description = await office.vendors.describe(words.name, call);
    this.print(describeText(words.name, description));
    return { name: words.name, ...description };
  }
}
