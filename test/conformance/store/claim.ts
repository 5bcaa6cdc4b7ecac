import assert from 'node:assert/strict';
import { isFailure } from '../../../src/base/failure.ts';
import type { Lease, Store } from '../../../src/store/store.ts';
import { conversationId, startMs } from './samples.ts';

/** Declares one test; `open` gives a handle of the same, at first empty, store each time. */
export type Claim = (name: string, run: (open: () => Promise<Store>) => Promise<void>) => void;

/** Fails unless the promise rejects with a failure of that code, and of that conversation. */
export async function rejectsWith(
  rejected: Promise<unknown>,
  code: string,
  conversation?: string,
): Promise<void> {
  await assert.rejects(rejected, (thrown) => {
    if (!isFailure(thrown)) throw thrown;
    assert.equal(thrown.code, code);
    if (conversation !== undefined) assert.equal(thrown.facts['conversation'], conversation);
    return true;
  });
}

/** The lease of a conversation that nobody holds. */
export async function leaseOf(store: Store, name: string, holder = 'us'): Promise<Lease> {
  const lease = await store.acquire(conversationId(name), holder, startMs + 1_000, startMs);
  assert.ok(lease, `the lease of ${name} is free`);
  return lease;
}
