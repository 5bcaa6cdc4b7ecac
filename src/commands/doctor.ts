import { Flags, type Interfaces } from '@oclif/core';
import { type Difference, examine, repair } from '../agency/doctor.ts';
import { BaseCommand } from '../cli/base-command.ts';
import { exitCodes } from '../cli/exit-codes.ts';

const flags = {
  fix: Flags.boolean({ description: 'end what leaked, and forget what is seen gone' }),
};

export default class Doctor extends BaseCommand {
  static override summary = 'compare what vendors hold for us with what we hold';
  static override description =
    'Continues what was interrupted, then lists every difference. Exit 2 when one is left.';
  static override flags: Interfaces.FlagInput = flags;

  async run(): Promise<object> {
    const { flags: given } = await this.parse({ flags });
    await using office = await this.office();
    const resumed = await office.agency.resume(this.signal);
    if (resumed.length > 0) this.print(`continued: ${resumed.join(', ')}`);
    const { held, differences } = await examine(office, this.signal);
    const fixing = { signal: this.signal, nowMs: Date.now() };
    const left = given.fix ? await repair(office, differences, fixing) : differences;
    for (const [vendor, count] of Object.entries(held)) this.print(`${vendor}: holds ${count}`);
    const done = differences.filter((difference) => !left.includes(difference));
    if (given.fix) for (const difference of done) this.print(`mended: ${inWords(difference)}`);
    for (const difference of left) this.print(`different: ${inWords(difference)}`);
    this.print(left.length === 0 ? 'no difference' : `${left.length} differences`);
    if (left.length > 0) {
      this.endWith(exitCodes.couldNot);
      if (!given.fix) this.say('next: skypact doctor --fix');
    }
    return {
      resumed,
      held,
      differences: left.map(asJson),
      mended: given.fix ? done.map(asJson) : [],
    };
  }
}

function inWords(difference: Difference): string {
  const { vendor } = difference;
  switch (difference.kind) {
    case 'leaked':
      return `${vendor} holds ${difference.held.id} (${difference.held.objective}), no SLA has it`;
    case 'lost':
      return `${difference.machine.name} of ${difference.sla.name} (${difference.sla.id}) is gone at ${vendor}`;
    case 'unknown':
      return `${vendor} cannot be asked: ${difference.failure.message} [${difference.failure.code}]`;
    case 'unconfigured':
      return `${difference.machine.name} of ${difference.sla.name} is at ${vendor}, which is not configured`;
  }
}

function asJson(difference: Difference): object {
  const { kind, vendor } = difference;
  const words = inWords(difference);
  if (kind === 'leaked') return { kind, vendor, contract: difference.held.id, words };
  if (kind === 'unknown') return { kind, vendor, code: difference.failure.code, words };
  const { sla, machine } = difference;
  return { kind, vendor, sla: sla.id, machine: machine.name, contract: machine.contract, words };
}
