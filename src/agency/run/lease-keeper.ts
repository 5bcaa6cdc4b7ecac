import type { Clock } from '../../base/clock.ts';
import { failure } from '../../base/failure.ts';
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
  const lease = await obtain(ports, conversation, signal);
  const lost = new AbortController();
  const closed = new AbortController();
  const beating = beat(ports, lease, { lost, closed });
  return {
    lease,
    signal: lost.signal,
    release: () => ports.store.release(lease),
    close: async () => {
      closed.abort();
      await beating;
    },
  };
}

async function obtain(
  ports: LeasePorts,
  conversation: ConversationId,
  signal: AbortSignal,
): Promise<Lease> {
  const { store, clock, holder, leaseMs } = ports;
  for (;;) {
    signal.throwIfAborted();
    const nowMs = clock.nowMs();
    const lease = await store.acquire(conversation, holder, nowMs + leaseMs, nowMs);
    if (lease !== undefined) return lease;
    const other = await store.holder(conversation);
    if (other !== undefined && ports.isGone(other.holder)) await store.release(other);
    else await clock.sleep(limits.leasePollMs, signal);
  }
}

async function beat(
  { store, clock, leaseMs }: LeasePorts,
  lease: Lease,
  { lost, closed }: { readonly lost: AbortController; readonly closed: AbortController },
): Promise<void> {
  while (!closed.signal.aborted) {
    try {
      await clock.sleep(leaseMs / 4, closed.signal);
    } catch {
      return;
    }
    const kept = await store.renew(lease, clock.nowMs() + leaseMs);
    if (kept) continue;
    lost.abort(
      failure('RUN.LEASE_LOST', 'another process has taken this conversation over', {
        retry: 'later',
        next: 'Look at what it did with `skypact sla list`.',
      }),
    );
    return;
  }
}
