import assert from 'node:assert/strict';
import { data, list, listItems } from '../../../src/lcc/term.ts';
import type { Save, Store } from '../../../src/store/store.ts';
import type { Claim } from './claim.ts';
import { leaseOf, rejectsWith } from './claim.ts';
import { ask, conversation, conversationId, mailOf, save, sent, sla, startMs } from './samples.ts';

const c1 = conversationId('c1');

export function saveSuite(claim: Claim): void {
  agents(claim);
  questions(claim);
  messages(claim);
  fences(claim);
}

/** Begins `c1` and holds its lease. */
async function begun(store: Store): Promise<(changed: Partial<Save>) => Promise<void>> {
  await store.begin(conversation('c1'), []);
  const lease = await leaseOf(store, 'c1');
  return (changed) => store.save([save(lease, changed)]);
}

function agents(claim: Claim): void {
  claim('a save changes the agents it names, and adds new ones behind', async (open) => {
    await using store = await open();
    const step = await begun(store);
    const vendor = { id: 'vendor:aws', role: 'vendor', state: '{"v":1}', done: false };
    const client = { id: 'client', role: 'client', state: '{"c":9}', done: true };
    await step({ agents: [vendor, { ...client, wakeMs: startMs + 5 }] });
    assert.deepEqual((await store.load(c1))?.agents, [
      { id: 'negotiator', role: 'negotiator', state: '{"n":0}', done: false },
      { ...client, wakeMs: startMs + 5 },
      vendor,
    ]);
    await step({ agents: [client] });
    assert.deepEqual((await store.load(c1))?.agents[1], client);
  });

  claim('a conversation ends with a save, and can be told to be open again', async (open) => {
    await using store = await open();
    const step = await begun(store);
    await step({ ended: true });
    assert.equal((await store.load(c1))?.ended, true);
    await step({ ended: false });
    assert.equal((await store.load(c1))?.ended, false);
    assert.equal((await store.unfinished()).length, 1);
  });

  claim('large terms come back: data of a megabyte, a list of 100,000', async (open) => {
    await using store = await open();
    const step = await begun(store);
    const bids = data(Array.from({ length: 10_000 }, (_, n) => ({ id: `bid-${n}`, price: n / 7 })));
    const numbers = Array.from({ length: 100_000 }, (_, n) => n);
    await step({ asked: [{ ...ask('negotiator', 1), args: [bids, list(numbers)] }] });
    const args = (await store.load(c1))?.asks[0]?.args ?? [];
    assert.deepEqual(args[0], bids);
    assert.deepEqual(listItems(args[1] ?? ''), numbers);
  });
}

function questions(claim: Claim): void {
  claim('questions stay open until they are closed', async (open) => {
    await using store = await open();
    const step = await begun(store);
    await step({ asked: [ask('negotiator', 1), ask('negotiator', 2), ask('client', 1)] });
    await step({ closed: [{ agent: 'negotiator', ask: 1 }] });
    const asks = (await store.load(c1))?.asks ?? [];
    assert.deepEqual(new Set(asks), new Set([ask('negotiator', 2), ask('client', 1)]));
  });

  claim('an answer from outside waits with its question until that is closed', async (open) => {
    await using store = await open();
    const step = await begun(store);
    await step({ asked: [ask('client', 1), ask('client', 2), ask('client', 3)] });
    await store.answer(c1, 'client', 1, { yes: [data({ accepted: true }), 'ok'] });
    await store.answer(c1, 'client', 2, { no: true });
    await store.answer(c1, 'client', 3, { yes: [] });
    assert.deepEqual(
      (await store.load(c1))?.asks.map(({ answer }) => answer),
      [{ yes: [data({ accepted: true }), 'ok'] }, { no: true }, { yes: [] }],
    );
    await step({ closed: [1, 2, 3].map((number) => ({ agent: 'client', ask: number })) });
    assert.deepEqual((await store.load(c1))?.asks, []);
  });

  claim('a question that is not open cannot be answered', async (open) => {
    await using store = await open();
    const step = await begun(store);
    await step({ asked: [ask('client', 1)] });
    const yes = { yes: [] };
    await rejectsWith(store.answer(c1, 'client', 2, yes), 'STORE.ASK_GONE', 'c1');
    await rejectsWith(store.answer(c1, 'negotiator', 1, yes), 'STORE.ASK_GONE', 'c1');
    await rejectsWith(store.answer(conversationId('c2'), 'client', 1, yes), 'STORE.ASK_GONE', 'c2');
    await step({ closed: [{ agent: 'client', ask: 1 }] });
    await rejectsWith(store.answer(c1, 'client', 1, yes), 'STORE.ASK_GONE', 'c1');
  });

  claim(
    'the first answer counts: the same may be given again, another is refused',
    async (open) => {
      await using store = await open();
      const step = await begun(store);
      await step({ asked: [ask('client', 1)] });
      await store.answer(c1, 'client', 1, { yes: ['ok'] });
      await store.answer(c1, 'client', 1, { yes: ['ok'] });
      await rejectsWith(store.answer(c1, 'client', 1, { no: true }), 'STORE.ASK_GONE', 'c1');
      assert.deepEqual((await store.load(c1))?.asks[0]?.answer, { yes: ['ok'] });
    },
  );

  claim('a question saved again keeps the answer that came meanwhile', async (open) => {
    await using store = await open();
    const step = await begun(store);
    await step({ asked: [ask('client', 1)] });
    await store.answer(c1, 'client', 1, { no: true });
    await step({ asked: [ask('client', 1)] });
    assert.deepEqual((await store.load(c1))?.asks[0]?.answer, { no: true });
  });
}

function messages(claim: Claim): void {
  claim('messages stay in the trace in order; mail is there until it is taken', async (open) => {
    await using store = await open();
    const step = await begun(store);
    const [m1, m2, m3] = [sent('c1', 1), sent('c1', 2), sent('c1', 3)];
    await step({ sent: [m1, m2], queued: [mailOf(m1), mailOf(m2)] });
    assert.deepEqual((await store.load(c1))?.mail, [mailOf(m1), mailOf(m2)]);
    await step({ taken: [1], sent: [m3], queued: [mailOf(m2)] });
    assert.deepEqual((await store.load(c1))?.mail, [mailOf(m2)]);
    await step({ taken: [2] });
    const stored = await store.load(c1);
    assert.deepEqual(stored?.mail, []);
    assert.equal(stored?.lastMessage, 3);
    assert.deepEqual(await store.trace(c1), [m1, m2, m3]);
  });

  claim('mail that an earlier save sent and took can be queued again', async (open) => {
    await using store = await open();
    const step = await begun(store);
    await step({ sent: [sent('c1', 1)] });
    await step({ queued: [mailOf(sent('c1', 1))] });
    assert.deepEqual((await store.load(c1))?.mail, [mailOf(sent('c1', 1))]);
  });

  claim('each conversation has a trace of its own', async (open) => {
    await using store = await open();
    const step = await begun(store);
    await store.begin(conversation('c2'), []);
    await step({ sent: [sent('c1', 1)] });
    const other = sent('c2', 1);
    await store.save([save(await leaseOf(store, 'c2'), { sent: [other] })]);
    assert.deepEqual(await store.trace(conversationId('c2')), [other]);
    assert.deepEqual(await store.trace(c1), [sent('c1', 1)]);
  });
}

function fences(claim: Claim): void {
  claim('a save with a stale fence fails and writes nothing', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    const stale = await leaseOf(store, 'c1', 'us');
    await store.acquire(c1, 'them', startMs + 9_000, startMs + 1_000);
    const before = await store.load(c1);
    await rejectsWith(store.save([everything(stale)]), 'STORE.FENCE_STALE', 'c1');
    assert.deepEqual(await store.load(c1), before);
    assert.deepEqual(await store.trace(c1), []);
    assert.deepEqual(await store.slas({ limit: 10 }), []);
    assert.deepEqual(await store.vendorRecords(), []);
    assert.equal(await store.kept(c1, 'answers'), undefined);
  });

  claim(
    'a lease that was released, invented or overtaken by its own holder is stale',
    async (open) => {
      await using store = await open();
      await store.begin(conversation('c1'), []);
      const overtaken = await leaseOf(store, 'c1');
      const lease = await leaseOf(store, 'c1');
      await rejectsWith(store.save([save(overtaken)]), 'STORE.FENCE_STALE', 'c1');
      await rejectsWith(
        store.save([save({ ...lease, holder: 'them' })]),
        'STORE.FENCE_STALE',
        'c1',
      );
      await store.release(lease);
      await rejectsWith(store.save([save(lease)]), 'STORE.FENCE_STALE', 'c1');
      const unknown = { ...lease, conversation: conversationId('c2') };
      await rejectsWith(store.save([save(unknown)]), 'STORE.FENCE_STALE', 'c2');
    },
  );

  claim('an expired lease that nobody took can still save', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    const lease = await store.acquire(c1, 'us', startMs, startMs);
    assert.ok(lease);
    await store.save([save(lease, { sent: [sent('c1', 1)] })]);
    assert.equal((await store.trace(c1)).length, 1);
  });

  claim('one stale lease among several saves: none of them is written', async (open) => {
    await using store = await open();
    for (const name of ['c1', 'c2', 'c3']) await store.begin(conversation(name), []);
    const good = [await leaseOf(store, 'c1'), await leaseOf(store, 'c3')];
    const stale = { ...(await leaseOf(store, 'c2')), fence: 0 };
    const saves = [good[0], stale, good[1]].flatMap((lease) => (lease ? [everything(lease)] : []));
    await rejectsWith(store.save(saves), 'STORE.FENCE_STALE', 'c2');
    for (const name of ['c1', 'c2', 'c3']) {
      assert.deepEqual(await store.trace(conversationId(name)), []);
    }
    assert.equal((await store.unfinished()).length, 3);
    assert.deepEqual(await store.slas({ limit: 10 }), []);
  });

  claim(
    'saves of many conversations are written together, two of one in their order',
    async (open) => {
      await using store = await open();
      const names = Array.from({ length: 50 }, (_, n) => `c${n}`);
      for (const name of names) await store.begin(conversation(name), []);
      const leases = await Promise.all(names.map((name) => leaseOf(store, name)));
      await store.save([
        ...leases.map((lease) => save(lease, { sent: [sent(lease.conversation, 1)] })),
        ...leases.map((lease) => save(lease, { sent: [sent(lease.conversation, 2)], taken: [1] })),
      ]);
      for (const name of names) {
        assert.equal((await store.load(conversationId(name)))?.lastMessage, 2);
      }
    },
  );

  claim('saving nothing is fine', async (open) => {
    await using store = await open();
    await store.save([]);
  });
}

/** One of everything that a save can change. */
function everything(lease: Save['lease']): Save {
  const message = sent(lease.conversation, 1);
  return save(lease, {
    agents: [{ id: 'client', role: 'client', state: 'new', done: true }],
    asked: [ask('client', 1)],
    sent: [message],
    queued: [mailOf(message)],
    facts: [
      { kind: 'sla', sla: sla(`of-${lease.conversation}`) },
      { kind: 'vendor', vendor: 'aws', add: { proposed: 1 } },
      { kind: 'keep', conversation: lease.conversation, key: 'answers', text: '[]' },
    ],
    ended: true,
  });
}
