import type { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { isFailure } from '../../base/failure.ts';
import type { Call } from '../vendor.ts';
import { throwIfAborted } from '../vendor-failure.ts';
import type { Kept, Shelf } from './kept.ts';

export interface PartOptions<T> {
  readonly name: string;
  readonly maxAgeMs: number;
  readonly schema: z.ZodType<T, unknown>;
  /** The form on disk, as `schema` reads it. */
  readonly keep: (value: T) => unknown;
  readonly fetch: (call: Call) => Promise<T>;
}

/**
 * One part of what we know of a provider: in memory, else on disk, else asked for; younger than
 * its greatest age in each case. Calls at the same time share one fetch.
 */
export class Part<T> {
  readonly #options: PartOptions<T>;
  readonly #shelf: Shelf;
  readonly #clock: Clock;
  #kept: Kept<T> | undefined;
  #fetching: Promise<Kept<T>> | undefined;

  constructor(options: PartOptions<T>, shelf: Shelf, clock: Clock) {
    this.#options = options;
    this.#shelf = shelf;
    this.#clock = clock;
  }

  async get(call: Call): Promise<Kept<T>> {
    const { name, schema } = this.#options;
    if (this.#isFresh(this.#kept)) return this.#kept;
    const shelved = await this.#shelf.read(name, schema);
    if (!this.#isFresh(shelved)) return this.fetched(call);
    this.#kept = shelved;
    return shelved;
  }

  /** Asks the provider, however young the kept value is. */
  async fetched(call: Call): Promise<Kept<T>> {
    for (;;) {
      throwIfAborted(call);
      const shared = this.#fetching;
      if (shared === undefined) return this.#fetch(call);
      try {
        return await untilAborted(shared, call.signal);
      } catch (thrown) {
        throwIfAborted(call);
        // The call that fetched for all of us was given up; ours was not.
        if (!isFailure(thrown) || thrown.code !== 'VENDOR.ABORTED') throw thrown;
      }
    }
  }

  async #fetch(call: Call): Promise<Kept<T>> {
    const fetching = this.#take(call);
    this.#fetching = fetching;
    try {
      this.#kept = await fetching;
      return this.#kept;
    } finally {
      this.#fetching = undefined;
    }
  }

  async #take(call: Call): Promise<Kept<T>> {
    const { name, keep, fetch } = this.#options;
    const kept = { value: await fetch(call), takenMs: this.#clock.nowMs() };
    await this.#shelf.write(name, { ...kept, value: keep(kept.value) });
    return kept;
  }

  /** A value from the future was taken under another clock: its age is not known. */
  #isFresh(kept: Kept<T> | undefined): kept is Kept<T> {
    if (kept === undefined) return false;
    const ageMs = this.#clock.nowMs() - kept.takenMs;
    return ageMs >= 0 && ageMs < this.#options.maxAgeMs;
  }
}

/** The work's outcome, or the signal's reason when that fires first; the work itself goes on. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
