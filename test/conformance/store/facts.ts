import assert from 'node:assert/strict';
import type { Sla, VendorRecord } from '../../../src/sla/sla.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Claim } from './claim.ts';
import { conversationId, machine, sla, startMs } from './samples.ts';

export function factSuite(claim: Claim): void {
  documents(claim);
  listing(claim);
  finding(claim);
  records(claim);
}

async function recorded(store: Store, ...slas: readonly Sla[]): Promise<void> {
  await store.record(slas.map((each) => ({ kind: 'sla', sla: each })));
}

async function idsOf(found: Promise<readonly { readonly id: string }[]>): Promise<string[]> {
  return (await found).map(({ id }) => id);
}

function documents(claim: Claim): void {
  claim('an SLA comes back as it was recorded last', async (open) => {
    await using store = await open();
    const first = sla('abcdef');
    await recorded(store, first);
    assert.deepEqual(await store.findSla('abcdef'), [first]);
    const signed = sla('abcdef', {
      state: 'signed',
      machines: [machine('web-1'), machine('web-2')],
      reason: 'the user accepted',
      updatedMs: startMs + 2,
    });
    await recorded(store, signed);
    assert.deepEqual(await store.findSla('abcdef'), [signed]);
  });

  claim('machines of an SLA change one by one, and fewer may be left', async (open) => {
    await using store = await open();
    const machines = Array.from({ length: 100 }, (_, n) => machine(`web-${n}`));
    const before = sla('abcdef', { state: 'starting', machines });
    await recorded(store, before);
    const started = machines.with(42, machine('web-42', { state: 'ready' }));
    await recorded(store, { ...before, machines: started });
    assert.deepEqual((await store.findSla('abcdef'))[0]?.machines, started);
    await recorded(store, { ...before, machines: started.slice(40, 45) });
    assert.deepEqual((await store.findSla('abcdef'))[0]?.machines, started.slice(40, 45));
  });

  claim('facts of one record are written in their order', async (open) => {
    await using store = await open();
    await recorded(store, sla('abcdef'), sla('abcdef', { state: 'refused' }));
    assert.deepEqual(
      (await store.findSla('abcdef')).map(({ state }) => state),
      ['refused'],
    );
  });
}

function listing(claim: Claim): void {
  claim('a summary has what a list shows, and counts machines that are not ended', async (open) => {
    await using store = await open();
    const machines = [machine('web-1'), machine('web-2', { state: 'ended' }), machine('web-3')];
    await recorded(store, sla('abcdef', { state: 'ready', machines }));
    assert.deepEqual(await store.slas({ limit: 10 }), [
      {
        id: 'abcdef',
        name: 'shop',
        state: 'ready',
        pricePerHourMicros: 60_000,
        currency: 'USD',
        machines: 2,
        createdMs: startMs,
        updatedMs: startMs + 1,
      },
    ]);
  });

  claim('SLAs are listed newest first, by state, up to the limit', async (open) => {
    await using store = await open();
    await recorded(
      store,
      sla('old', { createdMs: startMs - 1 }),
      sla('one', { state: 'ready' }),
      sla('two', { state: 'ended' }),
      sla('new', { state: 'ready', createdMs: startMs + 1 }),
    );
    assert.deepEqual(await idsOf(store.slas({ limit: 10 })), ['new', 'two', 'one', 'old']);
    assert.deepEqual(await idsOf(store.slas({ limit: 2 })), ['new', 'two']);
    assert.deepEqual(await idsOf(store.slas({ states: ['ready'], limit: 10 })), ['new', 'one']);
    assert.deepEqual(await idsOf(store.slas({ states: ['proposed', 'ended'], limit: 10 })), [
      'two',
      'old',
    ]);
    assert.deepEqual(await store.slas({ states: [], limit: 10 }), []);
  });

  claim('an SLA that changed keeps its place in the list', async (open) => {
    await using store = await open();
    await recorded(store, sla('one'), sla('two'));
    await recorded(store, sla('one', { state: 'ready', updatedMs: startMs + 9 }));
    assert.deepEqual(await idsOf(store.slas({ limit: 10 })), ['two', 'one']);
  });
}

function finding(claim: Claim): void {
  claim('an SLA is found by its id, and by four or more characters of it', async (open) => {
    await using store = await open();
    await recorded(store, sla('abcdef'), sla('abcxyz'), sla('abcd'));
    assert.deepEqual(await idsOf(store.findSla('abcdef')), ['abcdef']);
    assert.deepEqual(await idsOf(store.findSla('abcx')), ['abcxyz']);
    assert.deepEqual(await idsOf(store.findSla('abc')), []);
    assert.deepEqual(await idsOf(store.findSla('')), []);
    assert.deepEqual(await idsOf(store.findSla('abcdefg')), []);
  });

  claim('a whole id is meant as such, even when others begin with it', async (open) => {
    await using store = await open();
    await recorded(store, sla('abcdef'), sla('abcd'), sla('other', { name: 'abcd' }));
    assert.deepEqual(await idsOf(store.findSla('abcd')), ['abcd']);
  });

  claim(
    'every SLA that a prefix or a name can mean is told, those that are over last',
    async (open) => {
      await using store = await open();
      await recorded(
        store,
        sla('abcd-over', { state: 'ended', createdMs: startMs + 9 }),
        sla('abcd-one', { state: 'ready' }),
        sla('other', { name: 'abcd', createdMs: startMs + 1 }),
      );
      assert.deepEqual(await idsOf(store.findSla('abcd')), ['other', 'abcd-one', 'abcd-over']);
      assert.deepEqual(await idsOf(store.findSla('shop')), ['abcd-one', 'abcd-over']);
    },
  );

  claim('wildcards of a query language are ordinary characters', async (open) => {
    await using store = await open();
    await recorded(store, sla('abcdef'), sla("it's", { name: '%' }));
    for (const hostile of ['abc%', 'abc_', 'abc*', '[a]*', "' OR 1=1 --", 'abcd\u0000']) {
      assert.deepEqual(await idsOf(store.findSla(hostile)), []);
    }
    assert.deepEqual(await idsOf(store.findSla('%')), ["it's"]);
    assert.deepEqual(await idsOf(store.findSla("it's")), ["it's"]);
  });
}

const counted: VendorRecord = {
  vendor: 'aws',
  proposed: 1,
  refused: 2,
  late: 3,
  signed: 4,
  broken: 5,
  bound: 6,
  failed: 7,
  bindMsTotal: 8_000,
};

function records(claim: Claim): void {
  claim("a vendor's counters add up", async (open) => {
    await using store = await open();
    const { vendor, ...add } = counted;
    await store.record([
      { kind: 'vendor', vendor, add },
      { kind: 'vendor', vendor: 'a-new-one', add: { late: 1 } },
    ]);
    await store.record([{ kind: 'vendor', vendor, add: { proposed: 10, bindMsTotal: 500 } }]);
    const [first, second] = await store.vendorRecords();
    assert.equal(first?.vendor, 'a-new-one');
    assert.equal(first.late, 1);
    assert.equal(first.proposed, 0);
    assert.deepEqual(second, { ...counted, proposed: 11, bindMsTotal: 8_500 });
  });

  claim(
    'a kept text comes back as it was, short, large or strange, until it is replaced',
    async (open) => {
      await using store = await open();
      const conversation = conversationId('c1');
      const texts = [
        '',
        '[]',
        'größer 🚀 \u0000 "x"',
        '{"bid":1},'.repeat(200_000),
        'ä🚀'.repeat(4_000),
      ];
      for (const text of texts) {
        await store.record([{ kind: 'keep', conversation, key: 'answers:web', text }]);
        assert.ok((await store.kept(conversation, 'answers:web')) === text);
      }
      assert.equal(await store.kept(conversation, 'answers:db'), undefined);
      assert.equal(await store.kept(conversationId('c2'), 'answers:web'), undefined);
    },
  );
}
