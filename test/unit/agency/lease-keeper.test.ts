import { expect, test } from 'vitest';
import { systemClock } from '../../../src/agency/clock.ts';
import { keepLease, type LeasePorts } from '../../../src/agency/run/lease-keeper.ts';
import { failure } from '../../../src/base/failure.ts';
import { type ConversationId, id } from '../../../src/sla/ids.ts';
import type { Lease } from '../../../src/store/store.ts';

const conversation = id<ConversationId>('c1');
const lease: Lease = { conversation, holder: 'us', fence: 1 };
const forever = new AbortController().signal;
const busy = failure('STORE.BUSY', 'another process writes', { retry: 'later' });

/** A clock that stands still until it is told to go on; sleepers wake up when their time has come. */
class ManualClock {
  #nowMs = 0;
  #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  nowMs = (): number => this.#nowMs;

  sleep = (delayMs: number, signal?: AbortSignal): Promise<void> =>
    new Promise((wake, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#sleepers.push({ atMs: this.#nowMs + delayMs, wake });
    });

  async advance(byMs: number): Promise<void> {
    this.#nowMs += byMs;
    const due = this.#sleepers.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#sleepers = this.#sleepers.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { wake } of due) wake();
    await new Promise((go) => setImmediate(go));
  }
}

interface Given {
  readonly clock?: LeasePorts['clock'];
  readonly renew?: () => Promise<boolean>;
  readonly acquire?: () => Promise<Lease | undefined>;
}

function portsWith(given: Given): LeasePorts {
  return {
    store: {
      acquire: given.acquire ?? (async () => lease),
      renew: given.renew ?? (async () => true),
      release: async () => undefined,
      holder: async () => ({ ...lease, holder: 'them' }),
    },
    clock: given.clock ?? new ManualClock(),
    holder: 'us',
    isGone: () => false,
    leaseMs: 1_000,
  };
}

test('who is interrupted while waiting for a lease is told why, in the words of the interrupt', async () => {
  const interrupt = new AbortController();
  const ports = portsWith({ clock: systemClock, acquire: async () => undefined });
  const waiting = keepLease(ports, conversation, interrupt.signal);
  const reason = failure('CLI.INTERRUPTED', 'interrupted');
  setImmediate(() => interrupt.abort(reason));
  await expect(waiting).rejects.toBe(reason);
});

test('a heartbeat that cannot be written is tried again until the lease has run out', async () => {
  const clock = new ManualClock();
  const answers = [true, busy, true, busy, busy, busy, busy];
  const renew = async (): Promise<boolean> => {
    const answer = answers.shift() ?? true;
    if (typeof answer === 'boolean') return answer;
    throw answer;
  };
  const kept = await keepLease(portsWith({ clock, renew }), conversation, forever);
  for (let beats = 0; beats < 6; beats += 1) await clock.advance(250);
  expect(kept.signal.aborted).toBe(false);
  await clock.advance(250);
  expect(kept.signal.reason).toBe(busy);
  await kept.close();
});

test('a lease that another has taken is lost', async () => {
  const clock = new ManualClock();
  const kept = await keepLease(
    portsWith({ clock, renew: async () => false }),
    conversation,
    forever,
  );
  await clock.advance(250);
  expect(kept.signal.reason).toMatchObject({ code: 'RUN.LEASE_LOST' });
  await expect(kept.confirm()).rejects.toMatchObject({ code: 'RUN.LEASE_LOST' });
  await kept.close();
});

test('whether a lease still stands is asked only when a heartbeat is overdue', async () => {
  const clock = new ManualClock();
  let asked = 0;
  const renew = async (): Promise<boolean> => {
    asked += 1;
    return asked < 2;
  };
  const kept = await keepLease(portsWith({ clock, renew }), conversation, forever);
  await kept.confirm();
  expect(asked).toBe(0);
  // The process stood still, its timers too: no heartbeat has been due since.
  clock.nowMs = () => 5_000;
  await kept.confirm();
  expect(asked).toBe(1);
  clock.nowMs = () => 9_000;
  await expect(kept.confirm()).rejects.toMatchObject({ code: 'RUN.LEASE_LOST' });
  await kept.close();
});
