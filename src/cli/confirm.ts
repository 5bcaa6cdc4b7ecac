import { failure } from '../base/failure.ts';

/** What may be done only when somebody has said its name. */
export interface Deed {
  /** To be typed, or given. */
  readonly name: string;
  /** May be given in place of the name. */
  readonly id?: string;
  /** What it does, as `this destroys web-1, web-2`. */
  readonly does: string;
}

/**
 * Destroying asks for the name. With a terminal it may be typed; without one, or with `--json`,
 * the flag must say it. Fails with CLI.UNCONFIRMED or CLI.DECLINED.
 */
export async function confirmed(
  { name, id, does }: Deed,
  given: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (given === name || (given !== undefined && given === id)) return;
  const next = `repeat with --confirm ${name}`;
  if (given !== undefined) {
    const called = id === undefined ? name : `${name} (${id})`;
    throw failure('CLI.UNCONFIRMED', `--confirm says ${given}, but it is ${called}`, { next });
  }
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw failure('CLI.UNCONFIRMED', does, { next });
  }
  const { input } = await import('@inquirer/prompts');
  const typed = await input(
    { message: `${does}. Type ${name} to go on:` },
    { signal, output: process.stderr },
  );
  if (typed !== name) throw failure('CLI.DECLINED', 'nothing was done');
}
