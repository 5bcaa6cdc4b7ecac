import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { conversation, conversationId } from '../../conformance/store/samples.ts';
import { type Child, child } from './processes.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skypact-processes-'));
  path = join(folder, 'new', 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What each says after all of them were let go at once. */
async function together(children: readonly Child[]): Promise<readonly unknown[]> {
  for (const each of children) expect(await each.says()).toBe('ready');
  for (const each of children) each.go();
  const said = await Promise.all(children.map((each) => each.says()));
  await Promise.all(children.map((each) => each.ended));
  return said;
}

test('processes that create the store at the same moment all get it', async () => {
  const children = Array.from({ length: 4 }, () => child(['open', path]));
  expect(await together(children)).toEqual(Array.from({ length: 4 }, () => ({ slas: 0 })));
});

test('of processes that race for leases, exactly one gets each', async () => {
  const names = Array.from({ length: 100 }, (_, n) => `c${n}`);
  {
    await using store = await openSqliteStore({ path });
    for (const name of names) await store.begin(conversation(name), []);
  }
  const holders = ['one', 'two', 'three'];
  const said = await together(holders.map((holder) => child(['acquire', path, holder])));
  const won = said.map((each) => {
    expect(each).toEqual({ won: expect.any(Array) });
    return new Set(Object.values(each ?? {}).flat());
  });
  await using store = await openSqliteStore({ path });
  for (const name of names) {
    const holder = (await store.holder(conversationId(name)))?.holder;
    expect(holders.filter((_, n) => won[n]?.has(name))).toEqual([holder]);
  }
});

test.each([1, 20, 60])(
  'a process killed after it said %i saves has left whole saves, and all that it said',
  async (saves) => {
    {
      await using store = await openSqliteStore({ path });
      await store.begin(conversation('c1'), []);
    }
    const writer = child(['save-forever', path, 'writer']);
    for (let said = 0; said < saves; said += 1) await writer.says();
    writer.kill();
    await writer.ended;
    await using store = await openSqliteStore({ path });
    const stored = await store.load(conversationId('c1'));
    const last = stored?.lastMessage ?? 0;
    expect(last).toBeGreaterThanOrEqual(saves);
    expect(stored?.agents.find(({ id }) => id === 'client')?.state).toBe(String(last));
    expect((await store.vendorRecords())[0]?.proposed).toBe(last);
    expect(await store.trace(conversationId('c1'))).toHaveLength(last);
  },
);
