import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { leaseOf } from '../../conformance/store/claim.ts';
import {
  conversation,
  conversationId,
  machine,
  mailOf,
  save,
  sent,
  sla,
} from '../../conformance/store/samples.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skypact-bounds-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function count(table: string, where = 'true'): unknown {
  using database = new DatabaseSync(path);
  return database.prepare(`SELECT count(*) AS rows FROM ${table} WHERE ${where}`).get()?.['rows'];
}

/** Copies of a row, numbered from 1, each older than the next. */
function copies(sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(`WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy) ${sql}`);
}

test('a trace keeps its newest messages, and all mail', async () => {
  await using store = await openSqliteStore({ path });
  await store.begin(conversation('c1'), []);
  const lease = await leaseOf(store, 'c1');
  const end = limits.storeTraceMessages + 2_000;
  const numbers = [1, 2, 1_500, 2_000, 2_001, end];
  const messages = numbers.map((number) => sent('c1', number));
  await store.save([save(lease, { sent: messages, queued: [mailOf(sent('c1', 2))] })]);
  const kept = (await store.trace(conversationId('c1'))).map(({ number }) => number);
  expect(kept).toEqual([2, 2_001, end]);
});

test('of ended conversations the newest stay, with their traces and kept texts', async () => {
  await using store = await openSqliteStore({ path });
  await store.begin(conversation('open', { createdMs: 0, modelText: 'a(open, O) :: null' }), []);
  const ended = limits.storeEndedConversations;
  copies(`INSERT INTO conversation (id, purpose, sla, modelName, model, createdMs, ended, fence)
    SELECT 'c' || n, purpose, sla, modelName, model, n, 1, 0 FROM conversation, copy
    LIMIT ${ended + 5}`);
  copies(`INSERT INTO kept SELECT 'c' || n, 'answers', '[]' FROM copy LIMIT ${ended + 5}`);
  await store.begin(conversation('new'), []);
  expect(count('conversation', 'ended = 1')).toBe(ended);
  expect(count('kept')).toBe(ended);
  expect(await store.load(conversationId('c5'))).toBeUndefined();
  expect(await store.load(conversationId('c6'))).toBeDefined();
  expect(await store.load(conversationId('open'))).toBeDefined();
  expect(count('model')).toBe(2);
});

test('of SLAs that hold nothing the newest stay, and every SLA that may hold a machine', async () => {
  await using store = await openSqliteStore({ path });
  await store.record([{ kind: 'sla', sla: sla('live', { state: 'violated', createdMs: 0 }) }]);
  const over = limits.storeEndedSlas;
  copies(`INSERT INTO sla
    (id, name, state, pricePerHourMicros, currency, machines, createdMs, updatedMs)
    SELECT 's' || n, name, 'ended', 1, currency, 0, n, n FROM sla, copy LIMIT ${over + 3}`);
  await store.begin(conversation('new'), []);
  expect(count('sla')).toBe(over + 1);
  expect(await store.findSla('live')).toHaveLength(1);
});

test('a change of one machine does not write the composite again', async () => {
  await using store = await openSqliteStore({ path });
  const detail = 'asked 0.600 USD/h at most, the cheapest is 0.743 USD/h'.repeat(20_000);
  const composite = {
    ...sla('abcdef').composite,
    shortfalls: [{ kind: 'budget', detail }],
  } as const;
  const machines = Array.from({ length: 500 }, (_, n) => machine(`web-${n}`));
  const starting = sla('abcdef', { state: 'starting', composite, machines });
  await store.record([{ kind: 'sla', sla: starting }]);
  const before = statSync(`${path}-wal`).size + statSync(path).size;
  for (let n = 0; n < 10; n += 1) {
    const started = machines.with(n, machine(`web-${n}`, { state: 'ready' }));
    await store.record([{ kind: 'sla', sla: { ...starting, machines: started } }]);
  }
  const written = statSync(`${path}-wal`).size + statSync(path).size - before;
  expect(written).toBeLessThan(300_000);
});

test('a large kept text takes a fraction of its size', async () => {
  await using store = await openSqliteStore({ path });
  const bids = Array.from({ length: 5_000 }, (_, n) => ({ id: `bid-${n}`, pricePerHour: n * 37 }));
  const fact = { kind: 'keep', key: 'answers:web', text: JSON.stringify(bids) } as const;
  await store.record([{ ...fact, conversation: conversationId('c1') }]);
  using database = new DatabaseSync(path);
  const row = database.prepare('SELECT length(text) AS bytes FROM kept').get();
  expect(Number(row?.['bytes'])).toBeLessThan(fact.text.length / 3);
});
