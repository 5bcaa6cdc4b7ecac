import assert from 'node:assert/strict';
import type { Claim } from './claim.ts';
import { leaseOf, rejectsWith } from './claim.ts';
import { ask, conversation, conversationId, mailOf, save, sent, sla, startMs } from './samples.ts';

const c1 = conversationId('c1');

/** Two handles of one store stand for two processes. */
export function handleSuite(claim: Claim): void {
  claim('what was written is there after the store was closed and opened again', async (open) => {
    const message = sent('c1', 1);
    const written = await (async () => {
      await using store = await open();
      await store.begin(conversation('c1'), [{ kind: 'sla', sla: sla('abcdef') }]);
      await store.save([
        save(await leaseOf(store, 'c1'), {
          agents: [{ id: 'client', role: 'client', state: '{"c":1}', done: true, wakeMs: startMs }],
          asked: [ask('client', 1)],
          sent: [message],
          queued: [mailOf(message)],
          facts: [{ kind: 'vendor', vendor: 'aws', add: { signed: 1 } }],
        }),
      ]);
      await store.answer(c1, 'client', 1, { no: true });
      return await store.load(c1);
    })();
    await using store = await open();
    assert.deepEqual(await store.load(c1), written);
    assert.deepEqual(await store.trace(c1), [message]);
    assert.deepEqual(await store.findSla('abcdef'), [sla('abcdef')]);
    assert.equal((await store.vendorRecords())[0]?.signed, 1);
    assert.equal((await store.holder(c1))?.holder, 'us');
  });

  claim('each handle sees what the other wrote', async (open) => {
    await using one = await open();
    await using other = await open();
    await one.begin(conversation('c1'), []);
    const lease = await leaseOf(other, 'c1');
    await other.save([save(lease, { asked: [ask('client', 1)] })]);
    await one.answer(c1, 'client', 1, { yes: ['accepted'] });
    assert.deepEqual((await other.load(c1))?.asks[0]?.answer, { yes: ['accepted'] });
  });

  claim('of many that want one lease at once, exactly one gets it', async (open) => {
    await using one = await open();
    await using other = await open();
    await one.begin(conversation('c1'), []);
    const wanted = Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? one : other).acquire(c1, `holder-${n}`, startMs + 1_000, startMs),
    );
    const leases = (await Promise.all(wanted)).filter((lease) => lease !== undefined);
    assert.equal(leases.length, 1);
    assert.deepEqual(await one.holder(c1), leases[0]);
  });

  claim('a handle whose lease was taken over cannot save any more', async (open) => {
    await using one = await open();
    await using other = await open();
    await one.begin(conversation('c1'), []);
    const stopped = await leaseOf(one, 'c1', 'stopped');
    const next = await other.acquire(c1, 'next', startMs + 9_000, startMs + 1_000);
    assert.ok(next);
    await rejectsWith(one.save([save(stopped)]), 'STORE.FENCE_STALE', 'c1');
    await other.save([save(next, { sent: [sent('c1', 1)] })]);
    assert.equal((await one.trace(c1)).length, 1);
  });

  claim('saves of two handles at once are all kept', async (open) => {
    await using one = await open();
    await using other = await open();
    await one.begin(conversation('c1'), []);
    await one.begin(conversation('c2'), []);
    const work = [
      { store: one, lease: await leaseOf(one, 'c1') },
      { store: other, lease: await leaseOf(other, 'c2') },
    ].map(async ({ store, lease }) => {
      for (let number = 1; number <= 50; number += 1) {
        const facts = [{ kind: 'vendor', vendor: 'aws', add: { proposed: 1 } }] as const;
        await store.save([save(lease, { sent: [sent(lease.conversation, number)], facts })]);
      }
    });
    await Promise.all(work);
    assert.equal((await one.trace(conversationId('c2'))).length, 50);
    assert.equal((await other.trace(c1)).length, 50);
    assert.equal((await one.vendorRecords())[0]?.proposed, 100);
  });
}
