/** Machines of perfcloud as real ssh servers. Needs Linux, sshd (openssh-server) and ssh. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { vendorConformance } from '../../src/vendors/conformance/kit.ts';
import { perfcloudEntry } from '../../src/vendors/perfcloud/entry.ts';
import { related } from '../../src/vendors/perfcloud/processes.ts';
import type { Binding, Contract, Vendor } from '../../src/vendors/vendor.ts';
import { call, cfp, codeOf, proposals } from '../unit/perfcloud/fixture.ts';

const run = promisify(execFile);
const sshd = process.env['SKYPACT_SSHD'] ?? '/usr/sbin/sshd';
const missing = existsSync(sshd)
  ? undefined
  : `there is no ${sshd}: apt-get install openssh-server`;
const folder = mkdtempSync(join(tmpdir(), 'perfcloud-guests-'));
const settings = { folder, guests: 'sshd', sshd, bindMs: 0 };

afterAll(async () => {
  await using vendor = await open('p');
  for await (const held of vendor.contracts(call())) await vendor.withdraw(held.id, call());
  rmSync(folder, { recursive: true, force: true });
});

function guestTest(name: string, body: () => Promise<void>): void {
  if (missing === undefined) test(name, body);
  else if (process.env['CI'] === 'true') test(name, () => expect.fail(missing));
  else test.skip(`${name} (${missing})`, body);
}

function open(name: string): Promise<Vendor & AsyncDisposable> {
  const given = missing === undefined ? settings : { folder };
  return perfcloudEntry.open(name, given, call());
}

async function machine(vendor: Vendor, name: string): Promise<[Contract, Binding]> {
  const by = call(`${name}-${crypto.randomUUID()}`);
  const [proposal] = await proposals(vendor, cfp({ name }), by);
  const contract = await vendor.accept(proposal, 0, by);
  return [contract, await vendor.bind(contract, by)];
}

async function ssh({ endpoint, credentialRef }: Binding, command: string): Promise<string> {
  const { username, hostname, port } = new URL(endpoint);
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'BatchMode=yes'];
  const { stdout } = await run('ssh', [
    ...options.flatMap((option) => ['-o', option]),
    ...['-i', credentialRef.replace('key:', ''), '-p', port, '-q', `${username}@${hostname}`],
    command,
  ]);
  return stdout.trim();
}

async function powerOf(vendor: Vendor, binding: Binding): Promise<readonly number[]> {
  const samples = vendor.measure([binding], ['power', 'reachable'], call());
  return (await Array.fromAsync(samples)).map(({ value }) => value);
}

/** Processes of the guest: its server, its sessions, and what those left behind. */
function processesOf({ machine }: Binding): readonly number[] {
  const at = join(folder, 'guests-p', machine);
  return related(join(at, 'sshd_config'), `SKYPACT_GUEST=${at}`).map(({ pid }) => pid);
}

/** Ends the machine behind the vendor's back. */
async function crash(vendor: Vendor, binding: Binding): Promise<void> {
  for (const pid of processesOf(binding)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // A session that ended by itself in between.
    }
  }
  await expect.poll(() => powerOf(vendor, binding)).toEqual([0, 0]);
}

function listens(server: Server, port: number): Promise<boolean> {
  server.removeAllListeners();
  server.listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => true,
    () => false,
  );
}

guestTest('every machine lets its key in, and has a home of its own', async () => {
  await using vendor = await open('p');
  const [[, a], [, b]] = [await machine(vendor, 'a'), await machine(vendor, 'b')];
  expect(a.endpoint).not.toBe(b.endpoint);
  await ssh(a, 'echo hello > here');
  expect(await ssh(a, 'cat "$HOME/here"')).toBe('hello');
  expect(await ssh(b, 'ls "$HOME"')).toBe('');
  expect(await powerOf(vendor, a)).toEqual([1, 1]);
});

guestTest('two processes that start one machine start one server', async () => {
  await using vendor = await open('p');
  await using other = await open('p');
  const [proposal] = await proposals(vendor, cfp(), call('both'));
  const contract = await vendor.accept(proposal, 0, call('both'));
  const bindings = await Promise.all(
    [vendor, other, vendor, other].map((one) => one.bind(contract, call('both'))),
  );
  for (const binding of bindings) expect(binding).toEqual(bindings[0]);
  const [first] = bindings;
  if (first === undefined) expect.fail('no binding');
  await expect.poll(() => processesOf(first).length).toBe(1);
});

guestTest('a machine outlives the process that started it, killed or not', async () => {
  const script = `
    const { perfcloudEntry } = await import('${import.meta.dirname}/../../src/vendors/perfcloud/entry.ts');
    const { call, cfp, proposals } = await import('${import.meta.dirname}/../unit/perfcloud/fixture.ts');
    const vendor = await perfcloudEntry.open('p', ${JSON.stringify(settings)}, call());
    const [proposal] = await proposals(vendor, cfp(), call('outlives'));
    const contract = await vendor.accept(proposal, 0, call('outlives'));
    const binding = await vendor.bind(contract, call());
    console.log(JSON.stringify({ contract, binding }));
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line]: unknown[] = await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  const { contract, binding } = JSON.parse(String(line));
  await using vendor = await open('p');
  expect(await ssh(binding, 'echo alive')).toBe('alive');
  expect(await vendor.bind(contract, call())).toEqual(binding);
  await expect.poll(() => processesOf(binding).length).toBe(1);
});

guestTest('a machine that died is off, and binding again brings it back as it was', async () => {
  await using vendor = await open('p');
  const [contract, binding] = await machine(vendor, 'dies');
  await ssh(binding, 'echo kept > here');
  await crash(vendor, binding);
  expect(await vendor.bind(contract, call())).toEqual(binding);
  expect(await ssh(binding, 'cat here')).toBe('kept');
});

guestTest('withdrawing ends the server, its sessions, and what they left behind', async () => {
  await using vendor = await open('p');
  const [contract, binding] = await machine(vendor, 'ends');
  await ssh(binding, 'setsid sleep 1000 > /dev/null 2>&1 < /dev/null &');
  const session = ssh(binding, 'sleep 1000').catch(() => 'cut off');
  await expect.poll(() => processesOf(binding).length).toBeGreaterThanOrEqual(4);
  await vendor.withdraw(contract.id, call());
  expect(processesOf(binding)).toEqual([]);
  expect(await session).toBe('cut off');
  expect(readdirSync(join(folder, 'guests-p'))).not.toContain(binding.machine);
  expect(await codeOf(vendor.bind(contract, call()))).toBe('VENDOR.CONTRACT_UNKNOWN');
});

guestTest('a port that somebody else took meanwhile is given up for another', async () => {
  await using vendor = await open('p');
  const [contract, before] = await machine(vendor, 'port');
  await crash(vendor, before);
  const port = Number(new URL(before.endpoint).port);
  await using taken = createServer();
  await expect.poll(() => listens(taken, port)).toBe(true);
  const after = await vendor.bind(contract, call());
  expect(after.endpoint).not.toBe(before.endpoint);
  expect(await ssh(after, 'echo up')).toBe('up');
});

if (missing === undefined) {
  const kitFolder = mkdtempSync(join(tmpdir(), 'perfcloud-guests-'));
  afterAll(() => rmSync(kitFolder, { recursive: true, force: true }));
  vendorConformance({
    test,
    roles: ['moveSource', 'moveTarget', 'hosts'],
    possible: cfp(),
    impossible: cfp({ cpus: 1_000 }),
    open: (name) => perfcloudEntry.open(name, { ...settings, folder: kitFolder }, call()),
  });
}
