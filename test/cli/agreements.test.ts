/** From a proposal to machines and back, by the program as it is shipped. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { sla } from '../conformance/store/samples.ts';
import { expectFailure, Home, shop, slas } from './program.ts';

const slaDocument = z.object({
  id: z.string(),
  state: z.string(),
  price: z.object({ perHour: z.number(), micros: z.int(), currency: z.string() }),
  objectives: z.array(
    z.object({
      name: z.string(),
      machines: z.array(
        z.object({
          vendor: z.string(),
          contract: z.string().optional(),
          binding: z.object({ endpoint: z.string() }).optional(),
        }),
      ),
    }),
  ),
});

type SlaDocument = z.infer<typeof slaDocument>;

async function negotiated(home: Home, ...more: readonly string[]): Promise<SlaDocument> {
  return slaDocument.parse(await home.json(['sla', 'negotiate', shop, ...more]));
}

const quiet = { resumed: [], differences: [], mended: [] };

function machines({ objectives }: SlaDocument): Record<string, number> {
  return Object.fromEntries(objectives.map((each) => [each.name, each.machines.length]));
}

test('negotiate --accept --json prints one document with every machine and how to reach it', async () => {
  using home = new Home();
  const { exit, stdout } = await home.run(['sla', 'negotiate', shop, '--accept', '--json']);
  expect(exit).toBe(0);
  const sla = slaDocument.parse(JSON.parse(stdout));
  expect(sla.state).toBe('ready');
  expect(machines(sla)).toEqual({ web: 3, db: 1, cache: 1 });
  for (const machine of sla.objectives.flatMap((objective) => objective.machines)) {
    expect(machine).toMatchObject({ vendor: 'perfcloud', contract: expect.any(String) });
    expect(machine.binding?.endpoint).toMatch(/^ssh:\/\//);
  }

  const part = ['sla', 'withdraw', sla.id, '--objective', 'web', '--confirm', 'shop'];
  expect(machines(slaDocument.parse(await home.json(part)))).toEqual({ db: 1, cache: 1 });
  const whole = await home.json(['sla', 'withdraw', sla.id.slice(0, 6), '--confirm', 'shop']);
  expect(whole).toMatchObject({ state: 'ended' });
  expect(await home.json(['doctor'])).toMatchObject({ ...quiet, held: { perfcloud: 0 } });
});

test('accepting after the proposal has expired is no agreement, and the SLA says so', async () => {
  using home = new Home();
  home.perfcloud({ proposalValidMs: 300 });
  const { id } = await negotiated(home);
  await pause(400);
  const told = { exit: 4, code: 'VENDOR.PROPOSAL_EXPIRED', says: /held until 20/ };
  await expectFailure(home, ['sla', 'accept', id], told);
  expect(await slas(home)).toMatchObject({ slas: [{ id, state: 'expired' }] });
  expect(await home.json(['doctor'])).toMatchObject({ held: { perfcloud: 0 }, differences: [] });
});

test('a price that moved is no agreement; both prices are shown, and nothing is held', async () => {
  using home = new Home();
  home.perfcloud({ faults: [{ kind: 'price-moved', on: 'accept' }] });
  const { id } = await negotiated(home);
  const { exit, stdout } = await home.run(['sla', 'accept', id]);
  expect(exit).toBe(4);
  expect(stdout).toMatch(/\d USD\/h.*\d USD\/h/s);
  expect(await home.json(['doctor'])).toMatchObject({ held: { perfcloud: 0 }, differences: [] });
});

test('a template that cannot be met is proposed all the same, and --accept leaves it', async () => {
  using home = new Home();
  const file = home.file(
    'large.yaml',
    'sla: skypact/v1\nname: large\nobjectives: { web: { count: 900, cpus: 8, memory: 32 GiB, image: debian-12 } }\n',
  );
  const { exit, stdout } = await home.run(['sla', 'negotiate', file, '--accept', '--json']);
  expect(exit).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'failed-proposal', status: 'FAILURE' });
  expect(await home.json(['doctor'])).toMatchObject({ held: { perfcloud: 0 } });
});

test('an id that is unknown, or the beginning of several, is told', async () => {
  using home = new Home();
  const first = await negotiated(home);
  await negotiated(home);
  for (const command of ['show', 'status', 'accept', 'refuse', 'withdraw']) {
    const unknown = { exit: 2, code: 'SLA.UNKNOWN', says: /no SLA zzz/ };
    await expectFailure(home, ['sla', command, 'zzz'], unknown);
  }
  const ambiguous = { exit: 2, code: 'SLA.AMBIGUOUS', says: first.id };
  await expectFailure(home, ['sla', 'accept', 'shop'], ambiguous);
  await kept(home, ['abcd1', 'abcd2', 'abce1']);
  await expectFailure(home, ['sla', 'show', 'abcd'], {
    ...ambiguous,
    says: /abcd1.*abcd2|abcd2.*abcd1/,
  });
  expect((await home.run(['sla', 'show', 'abce'])).exit).toBe(0);
  expect((await home.run(['sla', 'refuse', first.id])).exit).toBe(0);
  // Of one name, the one that is not over is meant.
  expect((await home.run(['sla', 'show', 'shop'])).exit).toBe(0);
});

/** SLAs of these ids, as some other run may have left them. */
async function kept(home: Home, ids: readonly string[]): Promise<void> {
  await using store = await openSqliteStore({ path: join(home.folder, 'skypact.db') });
  await store.record(ids.map((name) => ({ kind: 'sla', sla: sla(name, { name: `n-${name}` }) })));
}

test('destroying asks for the name, and without it nothing is destroyed', async () => {
  using home = new Home();
  const { id } = await negotiated(home, '--accept');
  const before = await slas(home);
  const unconfirmed = { exit: 2, code: 'CLI.UNCONFIRMED' };
  const withdraw = ['sla', 'withdraw', 'shop'];
  await expectFailure(home, withdraw, { ...unconfirmed, says: /web-1/ });
  await expectFailure(home, [...withdraw, '--confirm', 'sho'], { ...unconfirmed, says: /sho/ });
  await expectFailure(home, [...withdraw, '--objective', 'wb', '--confirm', 'shop'], {
    exit: 2,
    code: 'SLA.OBJECTIVE_UNKNOWN',
    says: /no objective wb/,
  });
  expect(await home.json([...withdraw, '--dry-run'])).toEqual({
    wouldEnd: ['web-1', 'web-2', 'web-3', 'db-1', 'cache-1'],
  });
  await expectFailure(home, ['vendor', 'remove', 'perfcloud'], {
    exit: 2,
    code: 'VENDOR.IN_USE',
    says: /5 machines/,
  });
  expect(await slas(home)).toEqual(before);
  expect((await home.run(['sla', 'withdraw', id, '--confirm', id])).exit).toBe(0);
});

test('a renegotiation that changes nothing, or what is not there, is refused', async () => {
  using home = new Home();
  await negotiated(home);
  const before = await slas(home);
  const renegotiate = ['sla', 'renegotiate', 'shop'];
  await expectFailure(home, renegotiate, { exit: 2, code: 'SLA.UNCHANGED', says: /shop/ });
  for (const words of [
    ['--set', 'web.count=-1'],
    ['--set', 'web.size=3'],
    ['--set', 'nothing'],
    ['--drop', 'nobody'],
  ]) {
    await expectFailure(home, [...renegotiate, ...words], {
      exit: 2,
      code: 'SLA.INVALID',
      says: /./,
    });
  }
  expect(await slas(home)).toEqual(before);
});
