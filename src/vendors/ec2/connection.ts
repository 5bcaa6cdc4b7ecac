import type { Clock } from '../../base/clock.ts';
import { failure, isFailure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { Call } from '../vendor.ts';
import { abortCode, throwIfAborted } from '../vendor-failure.ts';
import { type Asked, providerFailure } from './provider-error.ts';

/** One request: its answer, or what the SDK throws. It stops when the signal fires. */
type Ask<Service, T> = (
  service: Service,
  options: { readonly abortSignal: AbortSignal },
) => Promise<T>;

/** One service of the provider. Every throw is a Failure with a VendorCode (V13). */
export interface Connection<Service> extends AsyncDisposable {
  /** Changes nothing: repeated on trouble, and stopped as soon as the call is aborted. */
  read<T>(ask: Ask<Service, T>, call: Call): Promise<T>;
  /** Changes something and may be repeated; once sent, its answer is waited for (V9). */
  repeat<T>(ask: Ask<Service, T>, call: Call): Promise<T>;
  /** Changes something, and is sent once: after trouble its effect is unknown. */
  once<T>(ask: Ask<Service, T>, call: Call): Promise<T>;
}

export interface ConnectionOptions {
  readonly asked: Asked;
  readonly clock: Clock;
  readonly requestMs: number;
}

/** Opens the service at the first request; importing an SDK takes longer than most commands. */
export function connect<Service extends { readonly client: { destroy(): void } }>(
  open: () => Promise<Service>,
  { asked, clock, requestMs }: ConnectionOptions,
): Connection<Service> {
  let opened: Promise<Service> | undefined;

  const ready = async (): Promise<Service> => {
    opened ??= open();
    try {
      return await opened;
    } catch (thrown) {
      opened = undefined;
      throw thrown;
    }
  };

  const send = async <T>(ask: Ask<Service, T>, call: Call, lingerMs: number): Promise<T> => {
    throwIfAborted(call);
    using wait = new RequestWait(call.signal, { requestMs, lingerMs });
    try {
      const service = await wait.for(ready());
      throwIfAborted(call);
      return await wait.for(ask(service, { abortSignal: wait.signal }));
    } catch (thrown) {
      if (wait.signal.aborted) throw stopped(wait, call, asked);
      throw providerFailure(thrown, asked);
    }
  };

  const repeated = async <T>(call: Call, attempt: () => Promise<T>): Promise<T> => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt();
      } catch (thrown) {
        if (attempts >= limits.ec2Attempts || !isWorthRepeating(thrown)) throw thrown;
        await clock.sleep(250 * 2 ** attempts, call.signal).catch(() => throwIfAborted(call));
      }
    }
  };

  return {
    read: (ask, call) => repeated(call, () => send(ask, call, 0)),
    repeat: (ask, call) => repeated(call, () => send(ask, call, limits.ec2LingerMs)),
    once: (ask, call) => send(ask, call, limits.ec2LingerMs),
    [Symbol.asyncDispose]: async () => {
      const service = await opened?.catch(() => undefined);
      service?.client.destroy();
    },
  };
}

function isWorthRepeating(thrown: unknown): boolean {
  return (
    isFailure(thrown) &&
    thrown.retry === 'later' &&
    thrown.code !== 'VENDOR.ABORTED' &&
    thrown.code !== 'VENDOR.CAPACITY_GONE'
  );
}

function stopped(wait: RequestWait, call: Call, { vendor, where }: Asked): Error {
  if (wait.late) {
    const what = `vendor ${vendor}: ${where} did not answer within ${wait.requestMs} ms`;
    return failure('VENDOR.TIMEOUT', what, { retry: 'later', facts: { vendor } });
  }
  return failure(abortCode(call.signal), `vendor ${vendor}: the call was stopped`, {
    retry: 'later',
    facts: { vendor },
  });
}

interface Patience {
  readonly requestMs: number;
  /** How long the request may go on after the call was aborted. */
  readonly lingerMs: number;
}

/** Bounds one request; credentials that are being fetched do not heed the signal, so it races. */
class RequestWait implements Disposable {
  readonly signal: AbortSignal;
  readonly requestMs: number;
  late = false;
  readonly #abort = new AbortController();
  readonly #given: AbortSignal;
  readonly #timeout: NodeJS.Timeout;
  readonly #onAbort: () => void;
  readonly #stop = Promise.withResolvers<never>();
  #linger: NodeJS.Timeout | undefined;

  constructor(given: AbortSignal, { requestMs, lingerMs }: Patience) {
    this.signal = this.#abort.signal;
    this.requestMs = requestMs;
    this.#given = given;
    this.#stop.promise.catch(() => undefined);
    this.#timeout = setTimeout(() => {
      this.late = !this.#abort.signal.aborted;
      this.#fire();
    }, requestMs);
    this.#onAbort = (): void => {
      if (lingerMs === 0) this.#fire();
      else this.#linger = setTimeout(() => this.#fire(), lingerMs);
    };
    given.addEventListener('abort', this.#onAbort, { once: true });
  }

  for<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#stop.promise]);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timeout);
    clearTimeout(this.#linger);
    this.#given.removeEventListener('abort', this.#onAbort);
  }

  #fire(): void {
    this.#abort.abort();
    this.#stop.reject(this.#abort.signal.reason);
  }
}
