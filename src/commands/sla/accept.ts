import { Args, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { findSla } from '../../cli/find-sla.ts';
import { progressOf } from '../../cli/progress.ts';
import { exitAfterAccept, slaJson, slaText } from '../../cli/sla-outcome.ts';

const args = { id: Args.string({ description: 'id, prefix of it, or name', required: true }) };

export default class SlaAccept extends BaseCommand {
  static override summary = 'accept a proposed SLA: every vendor signs, then the machines start';
  static override args: Interfaces.ArgInput = args;

  async run(): Promise<object> {
    const { args: words } = await this.parse({ args });
    const progress = progressOf(process.stderr, []);
    await using office = await this.office(progress.report);
    await office.agency.resume(this.signal);
    const before = await findSla(office.store, words.id);
    this.interruptible(
      `the acceptance of ${before.name}, in the store; machines may have started`,
      `skypact sla status ${before.id}, which goes on with it`,
    );
    const sla = before.state === 'ready' ? before : await office.agency.accept(before, this.signal);
    progress.end();
    this.print(slaText(sla));
    this.endWith(exitAfterAccept(sla));
    return slaJson(sla);
  }
}
