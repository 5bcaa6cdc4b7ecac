import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Database } from '../../../src/vendors/perfcloud/database.ts';
import { perfcloudEntry } from '../../../src/vendors/perfcloud/entry.ts';
import { settings as schema } from '../../../src/vendors/perfcloud/settings.ts';
import { call, cfp, codeOf, held, Lab, proposals, sign, site } from './fixture.ts';

const taker = fileURLToPath(new URL('taker.ts', import.meta.url));
const manyRooms = [site('north', 3, { cpus: 64, memoryMiB: 262_144, diskGiB: 5_000 })];

function take(folder: string, conversation: string): { child: ChildProcess; signed: string[] } {
  const settings = JSON.stringify({ folder, sites: manyRooms, bindMs: 0, concedes: 'none' });
  const child = spawn(process.execPath, [taker, settings, conversation], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const signed: string[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => signed.push(line));
  return { child, signed };
}

test('two processes at once never give away more room than there is, and each machine once', async () => {
  await using lab = new Lab();
  const takers = [take(lab.folder, 'one'), take(lab.folder, 'two')];
  const codes = await Promise.all(takers.map(async ({ child }) => (await once(child, 'close'))[0]));
  expect(codes).toEqual([0, 0]);
  const signed = takers.flatMap((one) => one.signed.filter((line) => line !== 'open'));
  expect(signed).toHaveLength((3 * 64) / 2);
  const vendor = await lab.open({ sites: manyRooms });
  expect((await held(vendor)).toSorted()).toEqual(signed.toSorted());
  const hosts = await Array.fromAsync(vendor.hosts?.list(call()) ?? []);
  expect(hosts.map(({ cpusUsed }) => cpusUsed)).toEqual([64, 64, 64]);
});

test('a process that is killed leaves a state that others go on with', async () => {
  await using lab = new Lab();
  const { child, signed } = take(lab.folder, 'one');
  while (signed.length < 10) await once(child.stdout ?? child, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  const vendor = await lab.open({ sites: manyRooms });
  const all = await Array.fromAsync(vendor.contracts(call()));
  const known = new Set(all.map((contract) => contract.id as string));
  for (const contract of signed.slice(1)) expect(known).toContain(contract);
  const [used = 0] = (await Array.fromAsync(vendor.hosts?.list(call()) ?? []))
    .map(({ cpusUsed }) => cpusUsed)
    .toSorted((a, b) => b - a);
  expect(used).toBeGreaterThan(0);
  for (const { id } of all) await vendor.withdraw(id, call());
  expect((await proposals(vendor, cfp({ count: 1_000 })))[0].units).toBe((3 * 64) / 2);
});

test('the state is for its owner only', async () => {
  await using lab = new Lab();
  await sign(await lab.open());
  for (const end of ['', '-wal', '-shm']) {
    const { mode } = statSync(join(lab.folder, `perfcloud-p.sqlite${end}`));
    expect(mode & 0o777).toBe(0o600);
  }
});

test('the contents of a bid and an aborted acceptance leave the file as it was', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const database = new DatabaseSync(join(lab.folder, 'perfcloud-p.sqlite'));
  const version = (): unknown => database.prepare('PRAGMA data_version').get();
  const before = version();
  const [proposal] = await proposals(vendor);
  await codeOf(vendor.accept(proposal, 0, call('talk', AbortSignal.abort())));
  expect(version()).toEqual(before);
  await vendor.accept(proposal, 0, call());
  expect(version()).not.toEqual(before);
  database.close();
});

test('a lock that another process holds is waited for, until the call is aborted', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const [proposal] = await proposals(vendor);
  const database = new DatabaseSync(join(lab.folder, 'perfcloud-p.sqlite'));
  database.exec('BEGIN IMMEDIATE');
  const stopped = vendor.accept(proposal, 0, call('talk', AbortSignal.timeout(30)));
  expect(await codeOf(stopped)).toBe('VENDOR.TIMEOUT');
  const waiting = vendor.accept(proposal, 0, call());
  await vendor.bid(cfp(), call());
  database.exec('COMMIT');
  database.close();
  const { id } = await waiting;
  expect(await held(vendor)).toEqual([id]);
});

test('a lock that is never let go of is VENDOR.TIMEOUT', async () => {
  await using lab = new Lab();
  const path = join(lab.folder, 'locked.sqlite');
  using database = await Database.open(path, call(), 2);
  using other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const change = database.write(call(), () => undefined);
  await expect(change).rejects.toMatchObject({
    code: 'VENDOR.TIMEOUT',
    retry: 'later',
    next: 'end the process that is stopped, then repeat the command',
  });
});

test('a file from a newer version is left alone, and said so', async () => {
  await using lab = new Lab();
  const path = join(lab.folder, 'perfcloud-p.sqlite');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  await expect(lab.open()).rejects.toMatchObject({
    code: 'VENDOR.UNREACHABLE',
    message: `${path} was written by a newer version`,
    next: 'update skypact, or set another folder',
  });
});

test('a file that is no database, and a folder that cannot be, are VENDOR.UNREACHABLE', async () => {
  await using lab = new Lab();
  const path = join(lab.folder, 'perfcloud-p.sqlite');
  writeFileSync(path, 'rubbish '.repeat(1_000));
  expect(await codeOf(lab.open())).toBe('VENDOR.UNREACHABLE');
  expect(await codeOf(lab.open({ folder: join(path, 'below-a-file') }))).toBe('VENDOR.UNREACHABLE');
});

test('a state that somebody changed is VENDOR.REPLY_MALFORMED', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  await sign(vendor);
  const database = new DatabaseSync(join(lab.folder, 'perfcloud-p.sqlite'));
  database.exec("UPDATE contract SET state = 'melted'");
  database.close();
  expect(await codeOf(held(vendor))).toBe('VENDOR.REPLY_MALFORMED');
});

test('a vendor that was closed is VENDOR.UNREACHABLE, and may be closed again', async () => {
  await using lab = new Lab();
  const settings = { folder: lab.folder };
  const vendor = await perfcloudEntry.open('p', settings, call());
  await vendor[Symbol.asyncDispose]();
  await vendor[Symbol.asyncDispose]();
  expect(await codeOf(held(vendor))).toBe('VENDOR.UNREACHABLE');
});

test('two instances of one folder have states of their own', async () => {
  await using lab = new Lab();
  await sign(await lab.open());
  await using other = await perfcloudEntry.open('q', { folder: lab.folder }, call());
  expect(await held(other)).toEqual([]);
});

test('an instance whose name cannot be a file, and wrong settings, are told', async () => {
  await using lab = new Lab();
  const open = (name: string, given: object): Promise<unknown> =>
    perfcloudEntry.open(name, { folder: lab.folder, ...given }, call());
  expect(await codeOf(open('../p', {}))).toBe('VENDOR.SETTINGS_INVALID');
  expect(await codeOf(open('p', { bindMs: -1 }))).toBe('VENDOR.SETTINGS_INVALID');
});

test('guests need an sshd: without one, the failure names the package', async () => {
  await using lab = new Lab();
  await expect(lab.open({ guests: 'sshd', sshd: '/nowhere/sshd' })).rejects.toMatchObject({
    code: 'VENDOR.SETTINGS_INVALID',
    message: 'there is no /nowhere/sshd',
    next: 'apt-get install openssh-server, or set sshd to its path',
  });
});

test('settings that were filled in are valid, and the same', () => {
  const filled = schema.parse({ folder: '/tmp/f', faults: [{ kind: 'silent', on: 'bid' }] });
  expect(schema.parse(filled)).toEqual(filled);
});

test.each([
  [{ sites: [site('a', 1), site('a', 1)] }, 'two sites have the same name'],
  [{ faults: [{ kind: 'refuses', on: 'bind' }] }, 'faults.0.on'],
  [{ faults: [{ kind: 'lazy', on: 'bid' }] }, 'faults.0.kind'],
  [{ sites: [site('a', 10_000), site('b', 1)] }, 'more than 10000 hosts'],
  [{ colour: 'red' }, 'colour'],
])('wrong settings %j are refused with words', (given, words) => {
  const result = schema.safeParse({ folder: '/tmp/f', ...given });
  expect(
    result.error?.issues.map((one) => `${one.path.join('.')}: ${one.message}`).join(),
  ).toContain(words);
});
