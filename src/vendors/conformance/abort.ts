import assert from 'node:assert/strict';
import type { Call } from '../vendor.ts';
import { type Outcome, settled } from './outcome.ts';

/** When a call is aborted: before it begins, or so many milliseconds after. */
export type AbortMoment = 'before' | number;

/** Before it, in its first step, while it asks the provider, and while the provider works. */
export const abortMoments: readonly AbortMoment[] = ['before', 0, 5, 50];

export interface Cut {
  readonly moment: AbortMoment;
  /** How long the call may go on after it was aborted. */
  readonly withinMs: number;
}

/** The outcome of a call that is aborted; fails when it goes on for too long after that (V9). */
export async function aborted<T>(
  { moment, withinMs }: Cut,
  call: Call,
  work: (cut: Call) => Promise<T>,
): Promise<Outcome<T>> {
  const abort = new AbortController();
  const overdue = Promise.withResolvers<'overdue'>();
  const timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    abort.abort();
    timers.push(setTimeout(() => overdue.resolve('overdue'), withinMs));
  };
  if (moment === 'before') stop();
  else timers.push(setTimeout(stop, moment));
  try {
    const ended = settled(work({ ...call, signal: abort.signal }));
    const outcome = await Promise.race([ended, overdue.promise]);
    if (outcome === 'overdue') {
      const when = moment === 'before' ? 'before it began' : `after ${moment} ms`;
      assert.fail(`aborted ${when}, it had not settled ${withinMs} ms later`);
    }
    return outcome;
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
