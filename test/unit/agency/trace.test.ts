import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { traceOf } from '../../../src/agency/trace.ts';
import { data } from '../../../src/lcc/term.ts';
import { id, type SlaId } from '../../../src/sla/ids.ts';
import type { Sla } from '../../../src/sla/sla.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store, TracedMessage } from '../../../src/store/store.ts';
import { leaseOf } from '../../conformance/store/claim.ts';
import { conversation, save, sla, startMs } from '../../conformance/store/samples.ts';

async function storeWith(work: (store: Store) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'skypact-trace-'));
  try {
    await using store = await openSqliteStore({ path: join(folder, 'store.db') });
    await work(store);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function said(number: number, text: string, more: Partial<TracedMessage> = {}): TracedMessage {
  const [name = '', from = '', to = ''] = text.split(' ');
  const message = { from: { role: 'seller', id: from }, to: { role: to, id: to }, name, args: [] };
  const codes: readonly string[] = [];
  return {
    number,
    conversation: conversation('c1').id,
    atMs: startMs + number,
    message,
    codes,
    ...more,
  };
}

async function held(
  store: Store,
  name: string,
  more: { readonly of: string; readonly afterMs: number; readonly sent?: readonly TracedMessage[] },
): Promise<void> {
  const begun = { sla: id<SlaId>(more.of), createdMs: startMs + more.afterMs };
  await store.begin(conversation(name, begun), []);
  await store.save([save(await leaseOf(store, name), { sent: more.sent ?? [] })]);
}

test('messages have FIPA’s parameters, the roles of the model and the codes of the paper', () =>
  storeWith(async (store) => {
    const cfp = said(1, 'cfp negotiator vendor:aws:web', {
      codes: ['negotiator:S2', 'negotiator:2'],
    });
    const args = [data({ objective: { name: 'web', count: 2 }, replyByMs: Date.UTC(2026, 0, 31) })];
    const sent = [
      { ...cfp, message: { ...cfp.message, args } },
      said(2, 'propose vendor:aws:web negotiator'),
      said(3, 'capacityQuery negotiator directory'),
    ];
    await held(store, 'c1', { of: 'sla-1', afterMs: 0, sent });
    const [traced] = await traceOf(store, id<SlaId>('sla-1'), { content: 'without' });
    expect(traced).toMatchObject({ purpose: 'negotiate', modelName: 'negotiation', ended: false });
    expect(traced?.messages[0]).toEqual({
      number: 1,
      at: new Date(startMs + 1).toISOString(),
      conversation: 'c1',
      performative: 'cfp',
      sender: 'negotiator',
      receiver: 'vendor:aws:web',
      protocol: 'fipa-contract-net',
      'conversation-id': 'c1',
      'reply-with': 'c1-1',
      'reply-by': '20260131T000000000Z',
      senderRole: 'seller',
      receiverRole: 'vendor:aws:web',
      codes: ['negotiator:S2', 'negotiator:2'],
      summary: '2 web',
    });
    expect(traced?.messages[1]).toMatchObject({ 'in-reply-to': 'c1-1', summary: '' });
    expect(traced?.messages[2]).toMatchObject({ performative: 'inform', message: 'capacityQuery' });
  }));

test('contents are there when they are asked for', () =>
  storeWith(async (store) => {
    await held(store, 'c1', { of: 'sla-1', afterMs: 0, sent: [said(1, 'cfp client negotiator')] });
    const [traced] = await traceOf(store, id<SlaId>('sla-1'), { content: 'with' });
    expect(traced?.messages[0]).toMatchObject({ content: '[]', language: 'X-lcc-json' });
  }));

test('an SLA’s trace begins with the SLAs that it replaced, the oldest first', () =>
  storeWith(async (store) => {
    const chain: readonly Sla[] = [
      sla('first'),
      { ...sla('second'), replaces: id<SlaId>('first') },
      { ...sla('third'), replaces: id<SlaId>('second') },
    ];
    await store.record(chain.map((each) => ({ kind: 'sla', sla: each })));
    await held(store, 'c2', { of: 'second', afterMs: 20 });
    await held(store, 'c1', { of: 'first', afterMs: 10 });
    await held(store, 'c3', { of: 'third', afterMs: 30 });
    await held(store, 'other', { of: 'another', afterMs: 15 });
    const ids = async (name: string) =>
      (await traceOf(store, id<SlaId>(name), { content: 'without' })).map((each) => each.id);
    expect(await ids('third')).toEqual(['c1', 'c2', 'c3']);
    expect(await ids('first')).toEqual(['c1']);
    expect(await ids('another')).toEqual(['other']);
    expect(await ids('nobody')).toEqual([]);
  }));

test('SLAs that replace each other in a ring are traced once', () =>
  storeWith(async (store) => {
    const ring = [
      { ...sla('first'), replaces: id<SlaId>('second') },
      { ...sla('second'), replaces: id<SlaId>('first') },
    ];
    await store.record(ring.map((each) => ({ kind: 'sla', sla: each })));
    await held(store, 'c1', { of: 'first', afterMs: 0 });
    const traced = await traceOf(store, id<SlaId>('second'), { content: 'without' });
    expect(traced.map((each) => each.id)).toEqual(['c1']);
  }));
