/** Stores that cannot be used: each is told with what to do, and stays as it was. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { root } from '../support/repository.ts';
import { expectFailure, Home, shop, slas } from './program.ts';

const commands = [
  ['sla', 'list'],
  ['sla', 'show', 'shop'],
  ['sla', 'negotiate', shop],
];

test.for(commands)('%s refuses a store of a newer version, and leaves it', async (words) => {
  using home = new Home();
  await home.run(['sla', 'negotiate', shop]);
  const store = join(home.folder, 'skypact.db');
  using database = new DatabaseSync(store);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version = 999');
  database.close();
  const before = digest(store);
  await expectFailure(home, words, { exit: 2, code: 'STORE.NEWER', says: /newer version/ });
  expect(digest(store)).toBe(before);
});

test.for(commands)('%s refuses a file that is no store, and leaves it', async (words) => {
  using home = new Home();
  const store = home.file('skypact.db', 'root:x:0:0:root:/root:/bin/sh\n'.repeat(200));
  chmodSync(store, 0o644);
  const before = digest(store);
  await expectFailure(home, words, { exit: 2, code: 'STORE.CORRUPT', says: /not a store/ });
  expect([digest(store), statSync(store).mode & 0o777]).toEqual([before, 0o644]);
});

test('doctor shows what it found out all the same', async () => {
  using home = new Home();
  home.file('skypact.db', 'no store');
  const { exit, stdout, stderr } = await home.run(['doctor']);
  expect(exit).toBe(2);
  expect(stdout).toContain('drivers: ec2, perfcloud');
  expect(stderr).toContain('[STORE.CORRUPT]');
});

test.for([
  { what: 'a folder that the system keeps', store: () => '/proc/skypact/store.db' },
  { what: 'below a file', store: (home: Home) => join(home.file('file', ''), 'store.db') },
  { what: 'a folder', store: (home: Home) => home.folder },
  {
    what: 'below a link that leads nowhere',
    store: (home: Home) => {
      symlinkSync('/nowhere/at/all', join(home.folder, 'link'));
      return join(home.folder, 'link', 'state', 'store.db');
    },
  },
])('a store in $what cannot be made, and that is said', async ({ store }) => {
  using home = new Home();
  const environment = { SKYPACT_STORE: store(home) };
  for (const words of [
    ['sla', 'list'],
    ['sla', 'negotiate', shop],
  ]) {
    const told = { exit: 2, code: 'STORE.UNWRITABLE', says: /cannot be written/ };
    await expectFailure(home, words, { ...told, environment });
  }
});

test('a read-only store can be listed where SQLite can read it, and is never changed', async () => {
  using home = new Home();
  await home.run(['sla', 'negotiate', shop]);
  const before = await slas(home);
  const folder = join(home.folder, 'store');
  mkdirSync(folder);
  const environment = { SKYPACT_STORE: join(folder, 'skypact.db') };
  chmodSync(folder, 0o555);
  const under = asNobody(home);
  const told = { exit: 2, code: 'STORE.UNWRITABLE', says: /cannot be written/ };
  await expectFailure(home, ['sla', 'list'], { ...told, environment, under });
  await expectFailure(home, ['sla', 'negotiate', shop], { ...told, environment, under });
  chmodSync(folder, 0o755);
  expect(await slas(home)).toEqual(before);
});

/**
 * With a file system of its own that is full; where none may be mounted, with a limit on the size of
 * files, which SQLite takes for a failure of the disk.
 */
test('on a full disk nothing is half done, and with room again it goes on', () => {
  using home = new Home();
  const mounts = spawnSync('unshare', ['-m', 'true']).status === 0;
  const full = mounts
    ? 'mount -t tmpfs -o size=1m tmpfs "$1" && dd if=/dev/zero of="$1/fill" bs=4k 2>/dev/null'
    : 'true';
  const limit = mounts ? '' : `trap '' XFSZ; ulimit -f 40;`;
  const script = `
    ${full}
    shift
    (${limit} "$@" sla negotiate ${shop} --json); echo "exit $?"
    rm -f "$SKYPACT_HOME/fill"
    "$@" sla list --all --json; echo "exit $?"
    "$@" sla negotiate ${shop} >/dev/null 2>&1; echo "exit $?"
    "$@" sla list --all --json`;
  const words = ['sh', '-c', script, 'sh', home.folder, process.execPath, join(root, 'bin/run.js')];
  const { stdout, stderr } = spawnSync(
    mounts ? 'unshare' : 'env',
    mounts ? ['-m', ...words] : words,
    {
      env: home.environment(),
      encoding: 'utf8',
    },
  );
  const [failed = '', listed = '', , later = ''] = stdout.split(/^exit \d+\n/m);
  expect(JSON.parse(failed)).toMatchObject({
    error: { code: mounts ? 'STORE.DISK_FULL' : expect.stringMatching(/^STORE\./) },
  });
  expect(stderr).toContain('\nnext: ');
  expect(JSON.parse(listed)).toEqual({ slas: [] });
  expect(JSON.parse(later)).toMatchObject({ slas: [{ name: 'shop', state: 'proposed' }] });
  expect([...stdout.matchAll(/^exit (\d+)$/gm)].map(([, exit]) => exit)).toEqual(['2', '0', '0']);
});

/** Words before a command that take away root's right to write everywhere. */
function asNobody(home: Home): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  chownSync(home.folder, 65_534, 65_534);
  return ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
}

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
