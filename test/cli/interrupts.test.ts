/** Ctrl-C: what is left behind is said, and the next command goes on with it. */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { root } from '../support/repository.ts';
import { Home, shop, slas } from './program.ts';

test('an interrupted negotiation says how to go on, and doctor goes on with it', async () => {
  using home = new Home();
  home.perfcloud({ faults: [{ kind: 'slow', on: 'bid', ms: 60_000, times: 3 }] });
  const run = home.start(['sla', 'negotiate', shop]);
  await waitForCalls(home);
  run.child.kill('SIGINT');
  const { exit, stdout, stderr } = await run.ended;
  expect({ exit, stdout }).toEqual({ exit: 130, stdout: '' });
  expect(stderr).toMatch(/left behind: the negotiation of shop/);
  expect(stderr).toMatch(/\nnext: skypact doctor/);
  expect(await home.json(['doctor'])).toMatchObject({ differences: [] });
  expect(await slas(home)).toMatchObject({ slas: [{ name: 'shop', state: 'proposed' }] });
});

test('an interrupted acceptance goes on to the same machines, none of them twice', async () => {
  using home = new Home();
  home.perfcloud({ faults: [{ kind: 'slow', on: 'bind', ms: 60_000, after: 2, times: 1 }] });
  const run = home.start(['sla', 'negotiate', shop, '--accept', '--json']);
  await run.says('booting');
  run.child.kill('SIGINT');
  const { exit, stdout } = await run.ended;
  expect(exit).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CLI.INTERRUPTED' } });
  expect(await home.json(['sla', 'status', 'shop'])).toMatchObject({ state: 'ready' });
  expect(await home.json(['doctor'])).toMatchObject({ held: { perfcloud: 5 }, differences: [] });
});

test('a file that is still awaited can be interrupted', async () => {
  using home = new Home();
  const run = home.start(['sla', 'negotiate', '-'], { input: 'open' });
  await run.says('reading the template');
  // Until the command listens, Ctrl-C ends it in the system's own way; either is an end.
  run.child.kill('SIGINT');
  const { stdout } = await run.ended;
  expect([run.child.exitCode, run.child.signalCode]).not.toEqual([0, null]);
  expect(stdout).toBe('');
});

test('a vendor that does not listen is left after a grace; a second Ctrl-C does not wait', async () => {
  using home = new Home();
  link(home, 'deaf-plugin');
  home.file(
    'config.yaml',
    JSON.stringify({ vendors: { perfcloud: null, deaf: { driver: 'deaf' } } }),
  );
  const run = home.start(['sla', 'negotiate', shop, '--json']);
  await run.says('not listening');
  const startedMs = performance.now();
  run.child.kill('SIGINT');
  await run.says('Ctrl-C again ends at once');
  run.child.kill('SIGINT');
  const { exit, stdout } = await run.ended;
  expect(exit).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CLI.INTERRUPTED' } });
  // Otherwise it would have waited for the grace to pass.
  expect(performance.now() - startedMs).toBeLessThan(limits.vendorAbortGraceMs);
});

/** Until the conversation is in the store, so that there is something to go on with. */
async function waitForCalls(home: Home): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  for (;;) {
    try {
      using database = new DatabaseSync(join(home.folder, 'skypact.db'), { readOnly: true });
      const row = database.prepare("SELECT count(*) AS n FROM ask WHERE name = 'bid'").get();
      if (Number(row?.['n']) > 0) return;
    } catch {
      // Not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** As `skypact plugins link` leaves it. */
function link(home: Home, plugin: string): void {
  const data = join(home.folder, 'oclif', 'data');
  mkdirSync(data, { recursive: true });
  const folder = join(home.folder, plugin);
  cpSync(join(root, 'test', 'cli', plugin), folder, { recursive: true });
  const plugins = [{ type: 'link', name: 'skypact-vendor-deaf', root: folder }];
  home.file(
    'oclif/data/package.json',
    JSON.stringify({ oclif: { schema: 1, plugins }, private: true }),
  );
}
