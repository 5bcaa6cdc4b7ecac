import { failure } from '../base/failure.ts';
import type { Sla } from '../sla/sla.ts';

/**
 * Destroying asks for the name. With a terminal it may be typed; without one, or with `--json`,
 * the flag must say it. Fails with CLI.UNCONFIRMED or CLI.DECLINED.
 */
export async function confirmed(
  sla: Pick<Sla, 'id' | 'name'>,
  given: string | undefined,
  { ends, signal }: { readonly ends: readonly string[]; readonly signal: AbortSignal },
): Promise<void> {
  if (given === sla.name || given === sla.id) return;
  const flag = `--confirm ${sla.name}`;
  if (given !== undefined) {
    throw failure(
      'CLI.UNCONFIRMED',
      `--confirm says ${given}, but this SLA is ${sla.name} (${sla.id})`,
      {
        next: `repeat with ${flag}`,
      },
    );
  }
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw failure('CLI.UNCONFIRMED', `this destroys ${ends.join(', ') || 'the SLA'}`, {
      next: `repeat with ${flag}`,
    });
  }
  const { input } = await import('@inquirer/prompts');
  const typed = await input(
    { message: `This destroys ${ends.join(', ')}. Type ${sla.name} to go on:` },
    { signal, output: process.stderr },
  );
  if (typed !== sla.name) throw failure('CLI.DECLINED', 'nothing was destroyed');
}
