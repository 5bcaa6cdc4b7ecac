import { Args, Flags, type Interfaces } from '@oclif/core';
import { failure } from '../../base/failure.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { confirmed } from '../../cli/confirm.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { findSla } from '../../cli/find-sla.ts';
import { progressOf } from '../../cli/progress.ts';
import { slaJson, slaText } from '../../cli/sla-outcome.ts';
import type { Sla } from '../../sla/sla.ts';

const args = { id: Args.string({ description: 'id, prefix of it, or name', required: true }) };
const flags = {
  objective: Flags.string({ description: 'only the machines of this objective' }),
  confirm: Flags.string({ description: 'the SLA’s name or id: it destroys machines' }),
  'dry-run': Flags.boolean({ description: 'say what would end, and end nothing' }),
};

export default class SlaWithdraw extends BaseCommand {
  static override summary = 'end an SLA, or one objective of it: its machines are destroyed';
  static override args: Interfaces.ArgInput = args;
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { args: words, flags: given } = await this.parse({ args, flags });
    const progress = progressOf(process.stderr, []);
    await using office = await this.office(progress.report);
    const before = await findSla(office.store, words.id);
    const machines = machinesOf(before, given.objective);
    if (given['dry-run']) {
      this.print(`would end: ${machines.join(', ') || 'nothing'}`);
      return { wouldEnd: machines };
    }
    if (before.state === 'ended') return this.#told(before);
    const does = `this destroys ${machines.join(', ') || 'the SLA'}`;
    await confirmed({ name: before.name, id: before.id, does }, given.confirm, this.signal);
    await office.agency.resume(this.signal);
    this.interruptible(
      'machines that are not ended yet',
      `skypact sla withdraw ${before.id} --confirm ${before.name}, which ends what is left`,
    );
    const fresh = await findSla(office.store, before.id);
    const only = given.objective === undefined ? {} : { objective: given.objective };
    const sla = await office.agency.withdraw(fresh, only, this.signal);
    progress.end();
    return this.#told(sla);
  }

  #told(sla: Sla): object {
    this.print(slaText(sla));
    const stuck = sla.machines.some((machine) => machine.state === 'withdrawing');
    if (stuck) this.endWith(exitCodes.couldNot);
    return slaJson(sla);
  }
}

function machinesOf(sla: Sla, objective: string | undefined): readonly string[] {
  const known = sla.template.objectives.map(({ name }) => name);
  if (objective !== undefined && !known.includes(objective)) {
    throw failure('SLA.OBJECTIVE_UNKNOWN', `SLA ${sla.name} has no objective ${objective}`, {
      facts: { sla: sla.id, objective },
      next: `one of ${known.join(', ')}`,
    });
  }
  return sla.machines
    .filter((machine) => objective === undefined || machine.objective === objective)
    .map(({ name }) => name);
}
