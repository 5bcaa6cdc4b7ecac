import { Bug, failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { malformed, type Source } from './reply.ts';
import type { Call, VendorFailure } from './vendor.ts';
import { abortCode, isVendorFailure } from './vendor-failure.ts';
import { type Patience, Wait } from './wait.ts';

export interface GuardOptions {
  /** The npm package that brought the driver; a Bug names it. */
  readonly plugin: string;
  /** The instance's name, as configured; the vendor must answer to it (V1). */
  readonly name: string;
  /** Shorter waits than those of base/limits.ts. */
  readonly patience?: Partial<Record<Pace, number>>;
}

/** Which bound of base/limits.ts a method has. */
type Pace = 'call' | 'machine' | 'transfer' | 'grace';

/** One call over the edge; the pace is `call` unless it says otherwise. */
export interface Crossing {
  readonly method: string;
  readonly call: Call;
  readonly pace?: Pace;
}

/** Runs calls of one vendor: bounds their time, and turns whatever they throw into what may pass. */
export class Edge {
  readonly #options: GuardOptions;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  source(method: string): Source {
    return { vendor: this.#options.name, method };
  }

  async ask<T>(crossing: Crossing, work: (inner: Call, source: Source) => Promise<T>): Promise<T> {
    using wait = new Wait(crossing.call, this.#patience(crossing));
    try {
      return await wait.for(work(this.#inner(crossing, wait), this.source(crossing.method)));
    } catch (thrown) {
      throw this.#passable(thrown, crossing.method, wait.signal);
    }
  }

  async *each<T>(
    crossing: Crossing,
    start: (inner: Call) => AsyncIterable<unknown>,
    parse: (value: unknown, source: Source) => T,
  ): AsyncIterable<T> {
    using wait = new Wait(crossing.call, this.#patience(crossing));
    const source = this.source(crossing.method);
    let iterator: AsyncIterator<unknown> | undefined;
    try {
      iterator = start(this.#inner(crossing, wait))[Symbol.asyncIterator]();
      for (let items = 0; ; items += 1) {
        const { done, value } = await wait.for(iterator.next());
        if (done === true) {
          iterator = undefined;
          return;
        }
        if (items >= limits.vendorItems) throw malformed(source, '', `more than ${items} items`);
        yield parse(value, source);
      }
    } catch (thrown) {
      throw this.#passable(thrown, crossing.method, wait.signal);
    } finally {
      if (iterator !== undefined) await ended(iterator, wait);
    }
  }

  #inner({ call }: Crossing, wait: Wait): Call {
    return {
      conversation: call.conversation,
      signal: wait.signal,
      progress: (step) => call.progress(String(step).slice(0, limits.vendorTextChars)),
    };
  }

  #patience({ pace = 'call' }: Crossing): Patience {
    const given = this.#options.patience ?? {};
    return {
      deadlineMs: given[pace] ?? paces[pace],
      graceMs: given.grace ?? paces.grace,
    };
  }

  #passable(thrown: unknown, method: string, signal: AbortSignal): unknown {
    const { plugin, name } = this.#options;
    if (isVendorFailure(thrown) && !isMistaken(thrown, signal)) return thrown;
    if (signal.aborted && isAbort(thrown, signal)) {
      const code = abortCode(signal);
      const what = code === 'VENDOR.TIMEOUT' ? 'did not answer in time' : 'was stopped';
      return failure(code, `vendor ${name}: ${method} ${what}`, {
        retry: 'later',
        facts: { vendor: name, method },
        cause: thrown,
        ...(isVendorFailure(thrown) && thrown.leftBehind !== undefined
          ? { leftBehind: thrown.leftBehind }
          : {}),
      });
    }
    const what = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : typeof thrown;
    return new Bug(`plugin ${plugin} broke rule V13: ${method} of ${name} threw ${what}`, {
      cause: thrown,
    });
  }
}

const paces: Record<Pace, number> = {
  call: limits.vendorCallMs,
  machine: limits.vendorMachineMs,
  transfer: limits.vendorTransferMs,
  grace: limits.vendorAbortGraceMs,
};

/** A vendor sees one signal: it says ABORTED also when it was our deadline that fired. */
function isMistaken({ code }: VendorFailure, signal: AbortSignal): boolean {
  return code === 'VENDOR.ABORTED' && signal.aborted && abortCode(signal) === 'VENDOR.TIMEOUT';
}

/** What an SDK throws for our own abort: the reason itself, or an AbortError of its own. */
function isAbort(thrown: unknown, signal: AbortSignal): boolean {
  if (thrown === signal.reason || isVendorFailure(thrown)) return true;
  return thrown instanceof Error && /^(AbortError|TimeoutError)$/.test(thrown.name);
}

/** Lets a listing that is not read to its end free what it holds; the outcome is known already. */
async function ended(iterator: AsyncIterator<unknown>, wait: Wait): Promise<void> {
  try {
    await wait.for(Promise.resolve(iterator.return?.()));
  } catch {
    // Whatever it throws now comes after what the caller is told.
  }
}
