/** One SLA over perfcloud and EC2, by the program itself; the SDK says what EC2 really holds. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { scratchFolder, timeouts } from './ec2-lab.ts';
import { World } from './matrix-world.ts';
import { credentials, image, type Moto, oursAt, region, startMoto, withMoto } from './moto.ts';

const machine = { cpus: 2, memory: '4 GiB', disk: '20 GiB', image: 'debian-12' };

/** What `--json` prints of an SLA, as far as these tests look. */
interface Printed {
  readonly id: string;
  readonly state: string;
  readonly price: { readonly perHour: number };
  readonly objectives: readonly {
    readonly name: string;
    readonly machines: readonly {
      readonly vendor: string;
      readonly contract: string;
      readonly binding: { readonly endpoint: string; readonly machine: string };
    }[];
  }[];
}

withMoto(() => {
  let moto: Moto;
  let catalogue: Awaited<ReturnType<typeof scratchFolder>>;
  beforeAll(async () => {
    [moto, catalogue] = await Promise.all([startMoto(), scratchFolder()]);
  });
  beforeEach(() => moto.reset());
  afterAll(async () => {
    await moto.stop();
    await catalogue[Symbol.asyncDispose]();
  });

  const worldWith = (objectives: object): Promise<World> =>
    World.with(
      (folder) => ({
        perfcloud: { driver: 'perfcloud', settings: { folder: join(folder, 'cloud') } },
        aws: {
          driver: 'ec2',
          settings: {
            region,
            endpoint: moto.endpoint,
            folder: catalogue.path,
            images: { 'debian-12': image },
            timeouts,
          },
        },
      }),
      { sla: 'skypact/v1', name: 'shop', objectives },
      credentials,
    );

  const negotiated = async (world: World): Promise<Printed> => {
    const ran = await world.run(['sla', 'negotiate', 'sla.yaml', '--accept', '--json']);
    expect(ran.code, ran.stderr).toBe(0);
    return JSON.parse(ran.stdout);
  };

  test('objectives pinned to two vendors become one composite, and EC2 holds exactly its machines', async () => {
    await using world = await worldWith({
      web: { ...machine, count: 2, place: { vendors: ['perfcloud'] } },
      db: { ...machine, count: 2, place: { vendors: ['aws'] } },
    });
    const sla = await negotiated(world);
    expect([sla.state, sla.price.perHour > 0]).toEqual(['ready', true]);
    const vendors = sla.objectives.map(({ name, machines }) => [
      name,
      machines.map((m) => m.vendor),
    ]);
    expect(vendors).toEqual([
      ['web', ['perfcloud', 'perfcloud']],
      ['db', ['aws', 'aws']],
    ]);
    const bound = sla.objectives[1]?.machines.map(({ binding }) => binding.machine) ?? [];
    const held = await oursAt(moto);
    expect(held.machines.map(({ InstanceId }) => InstanceId).toSorted()).toEqual(bound.toSorted());
    expect(held.templates).toHaveLength(2);

    const part = await world.run([
      'sla',
      'withdraw',
      sla.id,
      '--objective',
      'db',
      '--confirm',
      'shop',
      '--json',
    ]);
    expect(part.code, part.stderr).toBe(0);
    expect(await oursAt(moto)).toEqual({ machines: [], templates: [] });
    const whole = await world.run(['sla', 'withdraw', sla.id, '--confirm', 'shop', '--json']);
    expect(whole.code, whole.stderr).toBe(0);
    const doctor = await world.run(['doctor', '--json']);
    expect([doctor.code, JSON.parse(doctor.stdout).differences]).toEqual([0, []]);
  });

  test('with no vendor named, both are asked and the better offers win', async () => {
    await using world = await worldWith({
      web: { ...machine, count: 3 },
      db: machine,
      cache: machine,
    });
    const ran = await world.run(['sla', 'negotiate', 'sla.yaml', '--explain', '--json']);
    expect(ran.code, ran.stderr).toBe(0);
    const { explanation } = JSON.parse(ran.stdout);
    for (const { objective, proposals, refusals } of explanation.answers) {
      expect([objective, refusals]).toEqual([objective, []]);
      const asked = new Set(proposals.map(({ vendor }: { vendor: string }) => vendor));
      expect([objective, asked]).toEqual([objective, new Set(['perfcloud', 'aws'])]);
    }
    expect(await oursAt(moto)).toEqual({ machines: [], templates: [] });
  });

  test('machines apart are refused by an endpoint without placement groups, and go elsewhere', async () => {
    await using world = await worldWith({
      web: { ...machine, count: 3, place: { apart: 'host' } },
    });
    const ran = await world.run(['sla', 'negotiate', 'sla.yaml', '--explain', '--json']);
    const { state, explanation } = JSON.parse(ran.stdout);
    const [refusal] = explanation.answers[0].refusals;
    expect([state, refusal.vendor, refusal.reason]).toEqual(['proposed', 'aws', 'place']);
  });

  test('an endpoint that is down is a refusal with a reason, and the others serve', async () => {
    await using world = await World.with(
      (folder) => ({
        perfcloud: { driver: 'perfcloud', settings: { folder: join(folder, 'cloud') } },
        aws: { driver: 'ec2', settings: { region, endpoint: 'http://127.0.0.1:9', folder } },
      }),
      { sla: 'skypact/v1', name: 'shop', objectives: { web: machine } },
      credentials,
    );
    const ran = await world.run([
      'sla',
      'negotiate',
      'sla.yaml',
      '--explain',
      '--json',
      '--reply-within',
      '5',
    ]);
    expect(ran.code, ran.stderr).toBe(0);
    const { explanation } = JSON.parse(ran.stdout);
    const [aws] = explanation.answers[0].refusals;
    expect(aws.vendor).toBe('aws');
    expect(aws.detail).toMatch(/VENDOR\.(UNREACHABLE|TIMEOUT|UNAUTHORIZED)/);
  });
});
