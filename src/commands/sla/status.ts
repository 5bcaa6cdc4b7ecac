import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { findSla } from '../../cli/find-sla.ts';
import { progressOf } from '../../cli/progress.ts';
import { slaJson, slaText } from '../../cli/sla-outcome.ts';

const args = { id: Args.string({ description: 'id, prefix of it, or name', required: true }) };
const flags = {
  check: Flags.boolean({
    description: 'exit 5 when a promise is violated, 2 when a machine is not up',
  }),
};

export default class SlaStatus extends BaseCommand {
  static override summary = 'where an SLA stands; continues what was interrupted';
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const progress = progressOf(process.stderr, []);
    await using office = await this.office(progress.report);
    await office.agency.resume(this.signal);
    const sla = await findSla(office.store, words.id);
    progress.end();
    this.print(slaText(sla));
    if (given.check) {
      if (sla.state === 'violated') this.endWith(exitCodes.promiseViolated);
      else if (sla.state !== 'ready') this.endWith(exitCodes.couldNot);
    }
    return slaJson(sla);
  }
}
