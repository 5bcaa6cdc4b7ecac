/** What tests start as another process: `node child.ts TASK STORE [HOLDER]`. Talks in JSON lines. */
import { once } from 'node:events';
import { isFailure } from '../../../src/base/failure.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { conversationId, save, sent, sla, startMs } from '../../conformance/store/samples.ts';

const [task = '', path = '', holder = ''] = process.argv.slice(2);

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** So that several processes do what follows at the same moment. */
async function gate(): Promise<void> {
  say('ready');
  await once(process.stdin, 'data');
  process.stdin.pause();
}

const tasks: Readonly<Record<string, () => Promise<void>>> = {
  open: async () => {
    await gate();
    await using store = await openSqliteStore({ path });
    say({ slas: (await store.slas({ limit: 10 })).length });
  },
  write: async () => {
    await using store = await openSqliteStore({ path });
    say({ slas: (await store.slas({ limit: 10 })).length });
    await store.record([{ kind: 'sla', sla: sla('written') }]);
    say('written');
  },
  acquire: async () => {
    await using store = await openSqliteStore({ path });
    const open = await store.unfinished();
    await gate();
    const won: string[] = [];
    for (const { id } of open) {
      const lease = await store.acquire(id, holder, startMs + 1_000, startMs);
      if (lease !== undefined) won.push(id);
    }
    say({ won });
  },
  'save-forever': async () => {
    await using store = await openSqliteStore({ path });
    await saveForever(store);
  },
};

/** Every save writes the same number in three tables, and is told when it is written. */
async function saveForever(store: Store): Promise<void> {
  const lease = await store.acquire(conversationId('c1'), holder, startMs + 1_000, startMs);
  if (lease === undefined) throw new Error('the lease is taken');
  for (let number = 1; ; number += 1) {
    await store.save([
      save(lease, {
        agents: [{ id: 'client', role: 'client', state: String(number), done: false }],
        sent: [sent('c1', number)],
        facts: [{ kind: 'vendor', vendor: 'aws', add: { proposed: 1 } }],
      }),
    ]);
    say({ saved: number });
  }
}

try {
  await tasks[task]?.();
} catch (thrown) {
  say(isFailure(thrown) ? { code: thrown.code, next: thrown.next } : { thrown: String(thrown) });
}
