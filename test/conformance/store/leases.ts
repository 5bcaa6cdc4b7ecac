import assert from 'node:assert/strict';
import type { Claim } from './claim.ts';
import { leaseOf, rejectsWith } from './claim.ts';
import { conversation, conversationId, startMs } from './samples.ts';

const c1 = conversationId('c1');
const untilMs = startMs + 1_000;

export function leaseSuite(claim: Claim): void {
  claim('a lease keeps others out until it expires', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    const lease = await leaseOf(store, 'c1', 'us');
    assert.deepEqual(lease, { conversation: 'c1', holder: 'us', fence: lease.fence });
    assert.equal(await store.acquire(c1, 'them', untilMs + 500, untilMs - 1), undefined);
    const theirs = await store.acquire(c1, 'them', untilMs + 500, untilMs);
    assert.equal(theirs?.holder, 'them');
  });

  claim(
    'every new lease has a higher fence: after a release, an expiry, for the same holder',
    async (open) => {
      await using store = await open();
      await store.begin(conversation('c1'), []);
      const first = await leaseOf(store, 'c1', 'us');
      await store.release(first);
      const released = await leaseOf(store, 'c1', 'them');
      const same = await leaseOf(store, 'c1', 'them');
      const expired = await store.acquire(c1, 'us', untilMs + 500, untilMs);
      assert.ok(expired);
      const fences = [first, released, same, expired].map(({ fence }) => fence);
      assert.deepEqual(
        fences,
        fences.toSorted((a, b) => a - b),
      );
      assert.equal(new Set(fences).size, 4);
    },
  );

  claim('a lease of one conversation says nothing about another', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    await store.begin(conversation('c2'), []);
    await leaseOf(store, 'c1', 'us');
    await leaseOf(store, 'c2', 'them');
  });

  claim('a renewed lease keeps others out for longer', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    const lease = await leaseOf(store, 'c1', 'us');
    assert.equal(await store.renew(lease, untilMs + 1_000), true);
    assert.equal(await store.acquire(c1, 'them', untilMs + 2_000, untilMs + 999), undefined);
    assert.equal((await store.unfinished())[0]?.leasedUntilMs, untilMs + 1_000);
  });

  claim('an expired lease that nobody took can be renewed', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    const lease = await leaseOf(store, 'c1', 'us');
    assert.equal(await store.renew(lease, untilMs + 5_000), true);
  });

  claim('a lease that was lost or released is not renewed', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    const lost = await leaseOf(store, 'c1', 'us');
    const theirs = await store.acquire(c1, 'them', untilMs + 500, untilMs);
    assert.ok(theirs);
    assert.equal(await store.renew(lost, untilMs + 5_000), false);
    await store.release(theirs);
    assert.equal(await store.renew(theirs, untilMs + 5_000), false);
  });

  claim('releasing a lease that was lost leaves the new one alone', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    const lost = await leaseOf(store, 'c1', 'us');
    const theirs = await store.acquire(c1, 'them', untilMs + 500, untilMs);
    await store.release(lost);
    assert.deepEqual(await store.holder(c1), theirs);
  });

  claim('the holder is told, expired or not, until the lease is released', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    assert.equal(await store.holder(c1), undefined);
    const lease = await store.acquire(c1, 'us', startMs, startMs);
    assert.ok(lease);
    assert.deepEqual(await store.holder(c1), lease);
    await store.release(lease);
    assert.equal(await store.holder(c1), undefined);
    assert.equal((await store.unfinished())[0]?.leasedUntilMs, undefined);
  });

  claim('a conversation that does not exist has no lease', async (open) => {
    await using store = await open();
    const acquired = store.acquire(c1, 'us', untilMs, startMs);
    await rejectsWith(acquired, 'STORE.CONVERSATION_UNKNOWN', 'c1');
    assert.equal(await store.renew({ conversation: c1, holder: 'us', fence: 1 }, untilMs), false);
    assert.equal(await store.holder(c1), undefined);
  });
}
