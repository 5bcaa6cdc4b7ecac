/**
 * The kill matrix: negotiate → accept → withdraw, killed before and after every write of the store
 * and every effect; then the next command continues. The points come from a run that counts them,
 * so a new kind of effect is covered without a list. `SKYPACT_MATRIX=full` takes five machines.
 */
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../src/agency/compose.ts';
import { examine } from '../../src/agency/doctor.ts';
import type { Sla } from '../../src/sla/sla.ts';
import { options, template as parsed } from '../support/office.ts';
import { scratchFolder, timeouts } from './ec2-lab.ts';
import { outcome, World } from './matrix-world.ts';
import { credentials, image, type Moto, oursAt, region, startMoto, withMoto } from './moto.ts';

const machine = { cpus: 1, memory: '1 GiB', disk: '5 GiB', image: 'debian-12' };
const two = { web: machine, db: { ...machine, memory: '2 GiB' } };
const five = { web: { ...machine, count: 3 }, db: machine, cache: machine };
const objectives = process.env['SKYPACT_MATRIX'] === 'full' ? five : two;
const template = { sla: 'skypact/v1', name: 'shop', objectives };

/** A command that is killed, and the same done in this process, to get there or to go on. */
interface Stage {
  readonly words: readonly string[];
  readonly perform: (office: Office) => Promise<unknown>;
}

const stages: readonly Stage[] = [
  {
    words: ['sla', 'negotiate', 'sla.yaml', '--json'],
    perform: ({ agency }) =>
      agency.negotiate(parsed(objectives, { name: 'shop' }), options({ accept: 'ask' }), soon()),
  },
  {
    words: ['sla', 'accept', 'shop', '--json'],
    perform: async (office) => office.agency.accept(await theSla(office), soon()),
  },
  {
    words: ['sla', 'withdraw', 'shop', '--confirm', 'shop', '--json'],
    perform: async (office) => office.agency.withdraw(await theSla(office), {}, soon()),
  },
];

interface Place {
  readonly name: string;
  readonly fresh: (environment?: Readonly<Record<string, string>>) => Promise<World>;
}

/** What comes about when nobody is killed, and the points of each stage. */
interface Undisturbed {
  readonly parts: readonly string[];
  readonly points: readonly (readonly string[])[];
}

function matrix(place: Place): void {
  let expected: Undisturbed;
  beforeAll(async () => {
    expected = await undisturbed(place);
  });

  test(`on ${place.name}, killed at every point, the same SLA comes about and nothing leaks`, async () => {
    let tried = 0;
    for (const [stage, points] of expected.points.entries()) {
      for (const [index, point] of points.entries()) {
        await using world = await place.fresh();
        await prepare(world, stage);
        const { killedBy } = await world.run(stages[stage]?.words ?? [], `${index + 1}`);
        expect([stage, point, killedBy]).toEqual([stage, point, 'SIGKILL']);
        await goOn(world, expected, `killed in stage ${stage} at ${point}`);
        tried += 1;
      }
    }
    const all = expected.points.flat();
    console.log(`${place.name}: killed at ${tried} points of ${kindsOf(all).join(', ')}`);
    expect(tried).toBeGreaterThan(50);
  });

  test(`on ${place.name}, a process stopped past its lease does no harm when it comes back`, async () => {
    let tried = 0;
    for (const [stage, points] of expected.points.entries()) {
      for (const at of firstOfEachKind(points)) {
        await using world = await place.fresh({ SKYPACT_LEASE_MS: '500' });
        await prepare(world, stage);
        const stopped = world.start(stages[stage]?.words ?? [], `stop:${at}`);
        const ended = outcome(stopped);
        // Calls that run side by side may pass fewer points this time: then it ends by itself.
        const wasStopped = await isStopped(stopped);
        if (wasStopped) {
          await sleep(600);
          await continued(world);
          stopped.kill('SIGCONT');
          tried += 1;
        }
        await ended;
        await goOn(world, expected, `stopped in stage ${stage} at ${points[at - 1]}`);
      }
    }
    console.log(`${place.name}: stopped at ${tried} points`);
    expect(tried).toBeGreaterThan(10);
  });
}

matrix({
  name: 'perfcloud',
  fresh: (environment = {}) =>
    World.with(
      (folder) => ({
        perfcloud: { driver: 'perfcloud', settings: { folder: join(folder, 'cloud') } },
      }),
      template,
      environment,
    ),
});

withMoto(() => {
  let moto: Moto;
  let catalogue: Awaited<ReturnType<typeof scratchFolder>>;
  beforeAll(async () => {
    [moto, catalogue] = await Promise.all([startMoto(), scratchFolder()]);
  });
  afterAll(async () => {
    await moto.stop();
    await catalogue[Symbol.asyncDispose]();
  });

  matrix({
    name: 'ec2',
    fresh: async (environment = {}) => {
      await moto.reset();
      const settings = {
        region,
        endpoint: moto.endpoint,
        folder: catalogue.path,
        images: { 'debian-12': image },
        // Moto's lists never lag, so that hundreds of starts need not wait for them.
        timeouts: { ...timeouts, graceMs: 50, settleMs: 100, pollMs: 20 },
      };
      return await World.with(
        () => ({ perfcloud: null, aws: { driver: 'ec2', settings } }),
        template,
        { ...credentials, ...environment },
      );
    },
  });

  test('after the matrix, EC2 holds nothing of ours', async () => {
    expect(await oursAt(moto)).toEqual({ machines: [], templates: [] });
  });
});

async function undisturbed(place: Place): Promise<Undisturbed> {
  await using world = await place.fresh();
  const points: (readonly string[])[] = [];
  let parts: readonly string[] = [];
  for (const { words } of stages) {
    const ran = await world.run(words, 'count');
    expect(ran.code, ran.stderr).toBe(0);
    points.push(await world.points());
    await using office = await world.office();
    const sla = await theSla(office);
    if (sla.state === 'ready') parts = partsOf(sla);
  }
  return { parts, points };
}

async function prepare(world: World, stage: number): Promise<void> {
  await using office = await world.office();
  for (const { perform } of stages.slice(0, stage)) await perform(office);
}

/** The next command, and those after it: the end must be the same as without the kill. */
async function goOn(world: World, expected: Undisturbed, label: string): Promise<void> {
  await using office = await world.office();
  await office.agency.resume(soon());
  const before = await slasOf(office);
  if (before.length === 0) await stages[0]?.perform(office);
  const sla = await theSla(office);
  const ready = sla.state === 'proposed' ? await office.agency.accept(sla, soon()) : sla;
  if (ready.state !== 'ended') {
    expect([label, ready.state, partsOf(ready)]).toEqual([label, 'ready', expected.parts]);
    const { held, differences } = await examine(office, soon());
    expect([label, differences, Object.values(held)]).toEqual([label, [], [expected.parts.length]]);
    const ended = await office.agency.withdraw(ready, {}, soon());
    expect([label, ended.state]).toEqual([label, 'ended']);
  }
  const { held, differences } = await examine(office, soon());
  expect([label, differences, Object.values(held)]).toEqual([label, [], [0]]);
  expect([label, (await slasOf(office)).length]).toEqual([label, 1]);
}

/** Another process continues what the stopped one had in hand. */
async function continued(world: World): Promise<void> {
  await using office = await world.office();
  await office.agency.resume(soon());
}

async function slasOf({ store }: Office): Promise<readonly Sla[]> {
  const all = await store.slas({ limit: 10 });
  return (await Promise.all(all.map(({ id }) => store.findSla(id)))).flat();
}

async function theSla(office: Office): Promise<Sla> {
  const [sla, ...more] = await slasOf(office);
  if (sla === undefined || more.length > 0)
    throw new Error(`there are ${more.length + 1} SLAs or none`);
  return sla;
}

/** Each step has a minute: one that hangs fails the point it belongs to. */
function soon(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

/** What was agreed, without the ids that differ from run to run. */
function partsOf({ composite }: Sla): readonly string[] {
  return composite.parts.map(
    ({ machine: name, proposal: { vendor, site, shape, pricePerHour } }) =>
      `${name} ${vendor} ${site} ${shape} ${pricePerHour.micros}`,
  );
}

function kindOf(point: string): string {
  return point.replace(/:\d+:/, ':');
}

function kindsOf(points: readonly string[]): readonly string[] {
  return [...new Set(points.map((point) => point.split(':')[0] ?? ''))];
}

/** Numbers of the points at which a kind is passed for the first time. */
function firstOfEachKind(points: readonly string[]): readonly number[] {
  const first = new Map<string, number>();
  for (const [index, point] of points.entries()) {
    if (!first.has(kindOf(point))) first.set(kindOf(point), index + 1);
  }
  return [...first.values()];
}

/** Waits until the kernel shows the process as stopped; false when it ended before. */
async function isStopped(child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
    if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')) return true;
    await sleep(10);
  }
  return false;
}
