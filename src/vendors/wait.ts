import { failure } from '../base/failure.ts';
import type { Call } from './vendor.ts';
import { abortCode } from './vendor-failure.ts';

/** How long one call may take, and how long it may go on after it was aborted. */
export interface Patience {
  readonly deadlineMs: number;
  readonly graceMs: number;
}

/**
 * One wait for a vendor. Its signal fires when the caller's does or at the deadline; a vendor that
 * has not settled `graceMs` later (V9) is no longer waited for. Dispose of it when the call is over.
 */
export class Wait implements Disposable {
  readonly signal: AbortSignal;
  readonly #given: AbortSignal;
  readonly #deadline: NodeJS.Timeout;
  readonly #grace = Promise.withResolvers<never>();
  readonly #abort = new AbortController();
  readonly #onAbort: () => void;
  #overdue: NodeJS.Timeout | undefined;

  constructor({ signal }: Pick<Call, 'signal'>, { deadlineMs, graceMs }: Patience) {
    this.signal = this.#abort.signal;
    this.#given = signal;
    this.#grace.promise.catch(() => undefined);
    this.#deadline = setTimeout(() => {
      this.#stop(new DOMException(`no answer in ${deadlineMs} ms`, 'TimeoutError'), graceMs);
    }, deadlineMs);
    this.#onAbort = (): void => this.#stop(signal.reason, graceMs);
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The work's own outcome; or VENDOR.ABORTED or VENDOR.TIMEOUT when it outstays its grace. */
  for<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#grace.promise]);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#overdue);
    this.#given.removeEventListener('abort', this.#onAbort);
  }

  #stop(reason: unknown, graceMs: number): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(reason);
    this.#overdue = setTimeout(() => {
      const detail = `the vendor did not settle within ${graceMs} ms of being stopped (V9)`;
      const leftBehind = 'the call may still be under way at the provider';
      this.#grace.reject(failure(abortCode(this.signal), detail, { retry: 'later', leftBehind }));
    }, graceMs);
  }
}
