import { Flags, type Interfaces } from '@oclif/core';
import { type Difference, examine, resumeAll } from '../agency/doctor.ts';
import { type Repaired, repair } from '../agency/doctor-repair.ts';
import { type Foundations, foundations } from '../agency/environment.ts';
import { pathsOf } from '../agency/paths.ts';
import { isFailure } from '../base/failure.ts';
import { BaseCommand } from '../cli/base-command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Registry } from '../vendors/registry.ts';

const flags = {
  fix: Flags.boolean({ description: 'end what leaked or is stuck, and forget what is seen gone' }),
};

export default class Doctor extends BaseCommand {
  static override summary = 'compare what vendors hold for us with what we hold';
  static override description: string =
    'Shows what the program stands on, continues what was interrupted, then lists every difference. ' +
    'Exit 2 when one is left.';
  static override flags: Interfaces.FlagInput = flags;

  #loaded: Promise<Registry> | undefined;

  async run(): Promise<object> {
    const { flags: given } = await this.parse({ flags });
    const environment = await foundations(
      pathsOf(process.env, process.cwd()),
      await this.registry(),
    );
    this.print(foundationText(environment));
    // With a damaged store, going on would compare with what is not there.
    if (environment.store.problem !== undefined) throw environment.store.problem;
    await using office = await this.office();
    const { resumed, stuck } = await resumeAll(office.agency, this.signal);
    if (resumed.length > 0) this.print(`continued: ${resumed.join(', ')}`);
    const fixing = { signal: this.signal, nowMs: Date.now() };
    const mend = async (found: readonly Difference[]): Promise<Repaired> =>
      given.fix ? await repair(office, found, fixing) : { left: found, mended: [] };
    // What a stuck conversation has signed is its own until that is ended.
    const before = await mend(stuck);
    const { held, differences } = await examine(office, this.signal);
    const after = await mend(differences);
    const mended = [...before.mended, ...after.mended];
    const left = [...before.left, ...after.left];
    for (const [vendor, count] of Object.entries(held)) this.print(`${vendor}: holds ${count}`);
    for (const difference of mended) this.print(`mended: ${inWords(difference)}`);
    for (const difference of left) this.print(`different: ${inWords(difference)}`);
    this.print(counted(left.length));
    if (left.length > 0) {
      this.endWith(exitCodes.couldNot);
      if (!given.fix) this.say('next: skypact doctor --fix');
    }
    return {
      environment: environmentJson(environment),
      resumed,
      held,
      differences: left.map(asJson),
      mended: mended.map(asJson),
    };
  }

  /** Loaded once: what a plugin did wrong is told once. */
  protected override registry(): Promise<Registry> {
    this.#loaded ??= super.registry();
    return this.#loaded;
  }
}

function foundationText({ node, store, configFiles, drivers, failedPlugins }: Foundations): string {
  const { problem, bytes } = store;
  const state = problem === undefined ? `sound, ${Math.ceil(bytes / 1024)} KiB` : problem.code;
  return [
    `node ${node.version} (${node.path})`,
    `store ${store.path}: ${state}`,
    ...configFiles.map(({ file, state }) => `settings ${file}: ${state}`),
    `drivers: ${drivers.map(({ name }) => name).join(', ') || 'none'}`,
    ...failedPlugins.map(({ plugin, error }) => `plugin ${plugin} [${error.code}]: not loaded`),
  ].join('\n');
}

function environmentJson({ store, failedPlugins, ...rest }: Foundations): object {
  const { path, bytes } = store;
  return {
    ...rest,
    store: { path, bytes },
    failedPlugins: failedPlugins.map(({ plugin, error: { code, message } }) => ({
      plugin,
      code,
      message,
    })),
  };
}

function counted(differences: number): string {
  if (differences === 0) return 'no difference';
  return differences === 1 ? '1 difference' : `${differences} differences`;
}

function inWords(difference: Difference): string {
  switch (difference.kind) {
    case 'stuck': {
      const { purpose, sla, conversation } = difference;
      return `${purpose} of ${sla} cannot go on: ${told(difference.thrown)} (${conversation})`;
    }
    case 'leaked': {
      const { vendor, held } = difference;
      return `${vendor} holds ${held.id} (${held.objective}), no SLA has it`;
    }
    case 'lost':
      return `${named(difference)} is gone at ${difference.vendor}`;
    case 'unended':
      return `${named(difference)} was to end, and ${difference.vendor} still holds it`;
    case 'unlisted':
      return `${named(difference)} is not in the list of ${difference.vendor}, which may lag behind: ask again in a minute`;
    case 'unknown':
      return `${difference.vendor} cannot be asked: ${told(difference.failure)}`;
    case 'unconfigured':
      return `${named(difference)} is at ${difference.vendor}, which is not configured`;
  }
}

function told(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return `${message} [${isFailure(thrown) ? thrown.code : 'BUG'}]`;
}

function named({ sla, machine }: Extract<Difference, { machine: object }>): string {
  return `${machine.name} of ${sla.name} (${sla.id})`;
}

function asJson(difference: Difference): object {
  const { kind } = difference;
  const words = inWords(difference);
  if (kind === 'stuck') {
    const { conversation, sla, purpose } = difference;
    return { kind, conversation, sla, purpose, words };
  }
  const { vendor } = difference;
  if (kind === 'leaked') return { kind, vendor, contract: difference.held.id, words };
  if (kind === 'unknown') return { kind, vendor, code: difference.failure.code, words };
  const { sla, machine } = difference;
  return { kind, vendor, sla: sla.id, machine: machine.name, contract: machine.contract, words };
}
