import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { findSla } from '../../cli/find-sla.ts';
import { slaJson, slaText } from '../../cli/sla-outcome.ts';

const args = { id: Args.string({ description: 'id, prefix of it, or name', required: true }) };
const flags = {
  reason: Flags.string({ description: 'told to the vendors', default: 'refused by the user' }),
};

export default class SlaRefuse extends BaseCommand {
  static override summary = 'refuse a proposed SLA: every vendor is told';
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    await using office = await this.office();
    await office.agency.resume(this.signal);
    const before = await findSla(office.store, words.id);
    const sla = await office.agency.refuse(before, given.reason, this.signal);
    this.print(slaText(sla));
    return slaJson(sla);
  }
}
