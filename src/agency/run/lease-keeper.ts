import type { Clock } from '../../base/clock.ts';
import { failure, isFailure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { ConversationId } from '../../sla/ids.ts';
import type { Lease, Store } from '../../store/store.ts';

export interface LeasePorts {
  readonly store: Pick<Store, 'acquire' | 'renew' | 'release' | 'holder'>;
  readonly clock: Clock;
  /** This process; see {@link isGone}. */
  readonly holder: string;
  /** Whether a holder is known to be no more: then its lease is not waited for. */
  readonly isGone: (holder: string) => boolean;
  /** How long a lease holds without a heartbeat; a quarter of it passes between two. */
  readonly leaseMs: number;
}

/** A lease that is renewed until it is closed; `signal` fires when it was lost. */
export interface KeptLease {
  readonly lease: Lease;
  readonly signal: AbortSignal;
  /**
   * Resolves when the lease is still ours, else rejects with why. It asks the store only when a
   * heartbeat is overdue, as in a process that was stopped: then somebody may have taken it.
   */
  readonly confirm: () => Promise<void>;
  /** Gives the lease back: nothing is left to do. */
  readonly release: () => Promise<void>;
  /** Stops renewing. */
  readonly close: () => Promise<void>;
}

/** Waits for the lease of a conversation while another process holds it. */
export async function keepLease(
  ports: LeasePorts,
  conversation: ConversationId,
  signal: AbortSignal,
): Promise<KeptLease> {
  return new Keeper(ports, await obtain(ports, conversation, signal));
}

interface Obtained {
  readonly lease: Lease;
  readonly untilMs: number;
}

async function obtain(
  ports: LeasePorts,
  conversation: ConversationId,
  signal: AbortSignal,
): Promise<Obtained> {
  const { store, clock, holder, leaseMs } = ports;
  for (;;) {
    signal.throwIfAborted();
    const nowMs = clock.nowMs();
    const untilMs = nowMs + leaseMs;
    const lease = await store.acquire(conversation, holder, untilMs, nowMs);
    if (lease !== undefined) return { lease, untilMs };
    const other = await store.holder(conversation);
    if (other !== undefined && ports.isGone(other.holder)) await store.release(other);
    else await clock.sleep(limits.leasePollMs, signal);
  }
}

class Keeper implements KeptLease {
  readonly lease: Lease;
  readonly #ports: LeasePorts;
  readonly #lost = new AbortController();
  readonly #closed = new AbortController();
  readonly #beating: Promise<void>;
  #untilMs: number;

  constructor(ports: LeasePorts, { lease, untilMs }: Obtained) {
    this.lease = lease;
    this.#ports = ports;
    this.#untilMs = untilMs;
    this.#beating = this.#beat();
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  async confirm(): Promise<void> {
    this.signal.throwIfAborted();
    if (!this.#isOverdue()) return;
    await this.#renew();
    this.signal.throwIfAborted();
  }

  release(): Promise<void> {
    return this.#ports.store.release(this.lease);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#beating;
  }

  async #beat(): Promise<void> {
    const { clock, leaseMs } = this.#ports;
    while (!this.signal.aborted) {
      try {
        await clock.sleep(leaseMs / 4, this.#closed.signal);
      } catch {
        return;
      }
      try {
        await this.#renew();
      } catch (thrown) {
        // The store may be busy for a while; without it the lease runs out, and others may go on.
        if (!isFailure(thrown) || this.#isOverdue()) this.#lost.abort(thrown);
      }
    }
  }

  async #renew(): Promise<void> {
    const { store, clock, leaseMs } = this.#ports;
    const untilMs = clock.nowMs() + leaseMs;
    if (await store.renew(this.lease, untilMs)) this.#untilMs = untilMs;
    else this.#lost.abort(leaseLost());
  }

  #isOverdue(): boolean {
    return this.#ports.clock.nowMs() >= this.#untilMs;
  }
}

function leaseLost(): Error {
  return failure('RUN.LEASE_LOST', 'another process has taken this conversation over', {
    retry: 'later',
    next: 'Look at what it did with `skypact sla list`.',
  });
}
