import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { leaseOf } from '../../conformance/store/claim.ts';
import { conversation, conversationId, save, sent, sla } from '../../conformance/store/samples.ts';
import { child } from './processes.ts';

let folder = '';
let path = '';
const c1 = conversationId('c1');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skypact-file-'));
  path = join(folder, 'state', 'skypact', 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function mode(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

function digest(): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function filled(): Promise<void> {
  await using store = await openSqliteStore({ path });
  await store.begin(conversation('c1'), [{ kind: 'sla', sla: sla('abcdef') }]);
  await store.save([save(await leaseOf(store, 'c1'), { sent: [sent('c1', 1)] })]);
}

/** Another program, or a damage: changes the file behind the store's back. */
function tamper(sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

test('the store, the files beside it and its new folders are for their owner only', async () => {
  await using store = await openSqliteStore({ path });
  await store.record([{ kind: 'sla', sla: sla('abcdef') }]);
  expect([dirname(path), dirname(dirname(path))].map(mode)).toEqual(['700', '700']);
  expect([path, `${path}-wal`, `${path}-shm`].map(mode)).toEqual(['600', '600', '600']);
});

test('a store that others could read is made private', async () => {
  await filled();
  chmodSync(path, 0o644);
  await using store = await openSqliteStore({ path });
  await store.record([{ kind: 'sla', sla: sla('abcdef') }]);
  expect([path, `${path}-wal`, `${path}-shm`].map(mode)).toEqual(['600', '600', '600']);
});

test('the folder of the store keeps its mode when it exists', async () => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  await using _ = await openSqliteStore({ path });
  expect(mode(dirname(path))).toBe('755');
});

test('a store of a newer version is refused and left untouched', async () => {
  await filled();
  tamper('PRAGMA user_version = 99; CREATE TABLE future (x)');
  const before = digest();
  await expect(openSqliteStore({ path })).rejects.toMatchObject({
    code: 'STORE.NEWER',
    next: expect.stringContaining('Upgrade'),
    facts: { path },
  });
  expect(digest()).toBe(before);
});

test.each([
  ['a text', 'name: shop\n'.repeat(1_000)],
  ['rubbish', Buffer.alloc(20_000, 0xa5)],
])('a file that is %s is refused and left untouched', async (_, content) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  const before = digest();
  await expect(openSqliteStore({ path })).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
  expect(digest()).toBe(before);
});

test('a file that is no store keeps its mode, whoever named it one', async () => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'root:x:0:0\n', { mode: 0o644 });
  await expect(openSqliteStore({ path })).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
  expect(mode(path)).toBe('644');
  const folder = dirname(path);
  const before = mode(folder);
  await expect(openSqliteStore({ path: folder })).rejects.toMatchObject({
    code: 'STORE.UNWRITABLE',
  });
  expect(mode(folder)).toBe(before);
});

test('a folder that cannot be made is a failure, and no endless attempt', async () => {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync('/nowhere/at/all', `${path}-link`);
  const below = join(`${path}-link`, 'state', 'store.db');
  await expect(openSqliteStore({ path: below })).rejects.toMatchObject({
    code: 'STORE.UNWRITABLE',
  });
});

test("another program's database is refused and left untouched", async () => {
  mkdirSync(dirname(path), { recursive: true });
  tamper('CREATE TABLE sla (id)');
  const before = digest();
  await expect(openSqliteStore({ path })).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
  expect(digest()).toBe(before);
});

test('an empty file, which a killed first start leaves, becomes a store', async () => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  await filled();
  await using store = await openSqliteStore({ path });
  expect(await store.slas({ limit: 1 })).toHaveLength(1);
});

test('a file with damaged pages is told as corrupt by whatever reads them', async () => {
  await filled();
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xff, 4_096));
  await using store = await openSqliteStore({ path });
  await expect(store.slas({ limit: 1 })).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
});

test.each([
  ['UPDATE message SET args = \'{"x":1}\'', (store: Store) => store.trace(c1)],
  ["UPDATE message SET args = '[', codes = '['", (store: Store) => store.trace(c1)],
  ["UPDATE slaPart SET text = '{' WHERE part = 1", (store: Store) => store.findSla('abcdef')],
  ["INSERT INTO kept VALUES ('c1', 'k', x'ffff')", (store: Store) => store.kept(c1, 'k')],
])('a value that was never written is told as corrupt: %s', async (damage, read) => {
  await filled();
  tamper(damage);
  await using store = await openSqliteStore({ path });
  await expect(read(store)).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
});

test('listing SLAs reads no document', async () => {
  await filled();
  tamper('DELETE FROM slaPart');
  await using store = await openSqliteStore({ path });
  expect((await store.slas({ limit: 1 })).map(({ id }) => id)).toEqual(['abcdef']);
});

test('a lock that is held too long fails a write as busy, and nothing of it is written', async () => {
  await filled();
  await using store = await openSqliteStore({ path, busyMs: 50 });
  using other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const busy = { code: 'STORE.BUSY', retry: 'later', facts: { path } };
  await expect(store.record([{ kind: 'sla', sla: sla('other') }])).rejects.toMatchObject(busy);
  await expect(store.acquire(c1, 'them', 2, 1)).rejects.toMatchObject(busy);
  expect(await store.slas({ limit: 9 })).toHaveLength(1);
  other.exec('ROLLBACK');
  await store.record([{ kind: 'sla', sla: sla('other') }]);
  expect(await store.slas({ limit: 9 })).toHaveLength(2);
});

test('a write waits for the lock of another process without blocking its own', async () => {
  await filled();
  await using store = await openSqliteStore({ path });
  using other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const written = store.record([{ kind: 'sla', sla: sla('other') }]);
  setTimeout(() => other.exec('ROLLBACK'), 30);
  await written;
  expect(await store.slas({ limit: 9 })).toHaveLength(2);
});

test('on a full disk a save writes nothing, reading goes on, and room makes it work again', async () => {
  await filled();
  const large = Array.from({ length: 40 }, (_, n) => ({
    ...sent('c1', n + 2),
    codes: ['x'.repeat(9_000)],
  }));
  const lease = await (async () => {
    await using store = await openSqliteStore({ path, maxBytes: 250_000 });
    const held = await leaseOf(store, 'c1');
    const before = await store.load(c1);
    await expect(
      store.save([save(held, { facts: [{ kind: 'sla', sla: sla('new') }], sent: large })]),
    ).rejects.toMatchObject({ code: 'STORE.DISK_FULL', next: expect.stringContaining('Free') });
    expect(await store.load(c1)).toEqual(before);
    expect(await store.slas({ limit: 9 })).toHaveLength(1);
    expect(await store.trace(c1)).toHaveLength(1);
    await store.save([save(held, { sent: large.slice(0, 1) })]);
    return held;
  })();
  await using store = await openSqliteStore({ path });
  await store.save([save(lease, { sent: large.slice(1) })]);
  expect(await store.trace(c1)).toHaveLength(41);
});

test('a path below a file cannot be written', async () => {
  writeFileSync(join(folder, 'state'), '');
  await expect(openSqliteStore({ path })).rejects.toMatchObject({ code: 'STORE.UNWRITABLE' });
});

/** Root may write everywhere, unless it gives up the right to override what a file's mode says. */
const asOwner =
  process.getuid?.() === 0
    ? { rights: ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] }
    : {};

async function sayings(task: string): Promise<readonly unknown[]> {
  const writer = child([task, path], asOwner);
  const said = [await writer.says(), await writer.says()];
  await writer.ended;
  return said;
}

const unwritable = { code: 'STORE.UNWRITABLE', next: expect.stringContaining('writable') };

test('a read-only file can be read; a write fails and says what to do', async () => {
  chmodSync(folder, 0o777);
  expect(await sayings('write')).toEqual([{ slas: 0 }, 'written']);
  chmodSync(path, 0o400);
  expect(await sayings('write')).toEqual([{ slas: 1 }, unwritable]);
});

test('a store in a read-only folder cannot be opened, and says what to do', async () => {
  chmodSync(folder, 0o777);
  expect(await sayings('write')).toEqual([{ slas: 0 }, 'written']);
  chmodSync(dirname(path), 0o500);
  expect(await sayings('write')).toEqual([unwritable, undefined]);
  chmodSync(dirname(path), 0o700);
});

test('a store cannot be made in a read-only folder', async () => {
  chmodSync(folder, 0o555);
  expect(await sayings('write')).toEqual([unwritable, undefined]);
});
