import assert from 'node:assert/strict';
import { id, type SlaId } from '../../../src/sla/ids.ts';
import type { Claim } from './claim.ts';
import { leaseOf, rejectsWith } from './claim.ts';
import { conversation, conversationId, save, sla, startMs } from './samples.ts';

export function conversationSuite(claim: Claim): void {
  claim('a conversation that was begun is loaded as it began', async (open) => {
    await using store = await open();
    const { createdMs: _, ...begun } = conversation('c1');
    await store.begin(conversation('c1'), []);
    assert.deepEqual(await store.load(conversationId('c1')), {
      ...begun,
      agents: begun.agents.map((agent) => ({ ...agent, done: false })),
      asks: [],
      mail: [],
      ended: false,
      lastMessage: 0,
    });
  });

  claim('a conversation that was never begun is not there', async (open) => {
    await using store = await open();
    assert.equal(await store.load(conversationId('c1')), undefined);
    assert.deepEqual(await store.trace(conversationId('c1')), []);
    assert.equal(await store.kept(conversationId('c1'), 'answers'), undefined);
    assert.deepEqual(await store.unfinished(), []);
  });

  claim('a conversation begins with its facts, and only once', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), [{ kind: 'sla', sla: sla('first') }]);
    const again = store.begin(conversation('c1', { modelText: 'other' }), [
      { kind: 'sla', sla: sla('second') },
    ]);
    await rejectsWith(again, 'STORE.CONVERSATION_EXISTS', 'c1');
    assert.equal((await store.load(conversationId('c1')))?.modelText, 'a(client, C) :: null');
    assert.deepEqual(
      (await store.slas({ limit: 10 })).map(({ id }) => id),
      ['first'],
    );
  });

  claim('conversations of one model each load its text', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    await store.begin(conversation('c2'), []);
    await store.begin(conversation('c3', { modelText: 'a(other, O) :: null' }), []);
    const texts = await Promise.all(
      ['c1', 'c2', 'c3'].map(async (name) => (await store.load(conversationId(name)))?.modelText),
    );
    assert.deepEqual(texts, [
      'a(client, C) :: null',
      'a(client, C) :: null',
      'a(other, O) :: null',
    ]);
  });

  claim(
    'open conversations are listed oldest first, with the lease somebody holds',
    async (open) => {
      await using store = await open();
      await store.begin(conversation('late', { createdMs: startMs + 2 }), []);
      await store.begin(conversation('early', { createdMs: startMs + 1, purpose: 'withdraw' }), []);
      await store.begin(conversation('over', { createdMs: startMs }), []);
      await store.save([save(await leaseOf(store, 'over'), { ended: true })]);
      await leaseOf(store, 'late');
      const early = { id: 'early', purpose: 'withdraw', sla: 'sla-early', createdMs: startMs + 1 };
      const late = { id: 'late', purpose: 'negotiate', sla: 'sla-late', createdMs: startMs + 2 };
      assert.deepEqual(await store.unfinished(), [
        { ...early, interrupted: true },
        { ...late, interrupted: true, leasedUntilMs: startMs + 1_000 },
      ]);
      assert.equal((await store.load(conversationId('over')))?.ended, true);
    },
  );

  claim(
    'all conversations of an SLA are listed oldest first, those that are over too',
    async (open) => {
      await using store = await open();
      const of = (name: string, more: object) =>
        conversation(name, { sla: id<SlaId>('ours'), ...more });
      await store.begin(of('ends-it', { createdMs: startMs + 2, purpose: 'withdraw' }), []);
      await store.begin(of('began-it', { createdMs: startMs + 1 }), []);
      await store.begin(conversation('of-another', { createdMs: startMs }), []);
      await store.save([save(await leaseOf(store, 'began-it'), { ended: true })]);
      const { modelName } = conversation('any');
      assert.deepEqual(await store.conversationsOf(id<SlaId>('ours')), [
        { id: 'began-it', purpose: 'negotiate', modelName, createdMs: startMs + 1, ended: true },
        { id: 'ends-it', purpose: 'withdraw', modelName, createdMs: startMs + 2, ended: false },
      ]);
      assert.deepEqual(await store.conversationsOf(id<SlaId>('our')), []);
    },
  );

  claim('a conversation is interrupted until its lease is given back', async (open) => {
    await using store = await open();
    await store.begin(conversation('c1'), []);
    const interrupted = async () => (await store.unfinished()).map((each) => each.interrupted);
    assert.deepEqual(await interrupted(), [true]);
    const lease = await leaseOf(store, 'c1');
    assert.deepEqual(await interrupted(), [true]);
    await store.release(lease);
    assert.deepEqual(await interrupted(), [false]);
  });
}
