import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Contract } from '../../src/vendors/vendor.ts';
import type { ChildResult, ChildTask } from './ec2-child.ts';
import { callOf, cfpOf, openEc2, proposalsOf, scratchFolder, settingsFor } from './ec2-lab.ts';
import { type LabProxy, type ProxiedRequest, startProxy } from './http-proxy.ts';
import { type Moto, oursAt, startMoto, withMoto } from './moto.ts';
import { type PlacementGroups, placementGroups } from './placement-groups.ts';

/**
 * SIGKILL at every request of a driver's life: before the provider sees it, and after it did. The
 * machine is one that stands apart, so that placement groups are among the effects.
 */
withMoto(() => {
  let moto: Moto;
  let proxy: LabProxy;
  let groups: PlacementGroups;
  let folder: Awaited<ReturnType<typeof scratchFolder>>;

  beforeAll(async () => {
    [moto, folder] = await Promise.all([startMoto(), scratchFolder()]);
    groups = placementGroups(moto);
    proxy = await startProxy(moto.endpoint, { interfere: groups.interfere });
  });
  beforeEach(() => proxy.forget());
  afterAll(async () => {
    await proxy.stop();
    await moto.stop();
    await folder[Symbol.asyncDispose]();
  });

  const settings = (): ChildTask['settings'] => settingsFor(proxy.endpoint, folder.path);

  /** A task whose catalogue is on disk, so that its first request is its first effect's. */
  const task = async (): Promise<Omit<ChildTask, 'steps'>> => {
    const call = callOf();
    await using vendor = await openEc2(settings());
    const place = { sites: [], vendors: [], not: [], apart: 'host' as const };
    const [proposal] = await proposalsOf(vendor, call, cfpOf({ count: 2, place }));
    if (proposal === undefined) throw new Error('no proposal');
    return { settings: settings(), conversation: call.conversation, proposal };
  };

  const signedAndBound = async (): Promise<Omit<ChildTask, 'steps'> & { contract: Contract }> => {
    const given = await task();
    const { contract } = await run({ ...given, steps: ['sign', 'bind'] });
    if (contract === undefined) throw new Error('nothing was signed');
    return { ...given, contract };
  };

  /** What a task asks when nobody kills it: the points at which it is then killed. */
  const pointsOf = async (
    steps: ChildTask['steps'],
    given: Omit<ChildTask, 'steps'>,
  ): Promise<Point[]> => {
    proxy.forget();
    await run({ ...given, steps });
    return proxy.seen.flatMap(({ number, action, changes }): Point[] => [
      { number, action, moment: 'before' },
      ...(changes ? [{ number, action, moment: 'after' } as const] : []),
    ]);
  };

  const killedAt = async (point: Point, killed: ChildTask): Promise<void> => {
    proxy.forget();
    const child = start(killed);
    const isPoint = ({ number }: ProxiedRequest, moment: Point['moment']): boolean =>
      number === point.number && moment === point.moment;
    proxy.hooks = {
      interfere: (request) => {
        if (!isPoint(request, 'before')) return groups.interfere(request);
        // The provider must not see a request whose sender died before it was sent.
        child.kill('SIGKILL');
        return { kind: 'drop' };
      },
      after: (request) => {
        if (isPoint(request, 'after')) child.kill('SIGKILL');
      },
    };
    await once(child, 'exit');
    proxy.hooks = { interfere: groups.interfere };
  };

  test('a driver killed while it signs and starts leaves what the next one adopts: one machine', async () => {
    const steps = ['sign', 'bind'] as const;
    const points = await pointsOf(steps, await task());
    await endAll(settings());
    for (const point of points) {
      const given = await task();
      await killedAt(point, { ...given, steps });
      const { binding, contract } = await run({ ...given, steps });
      const { machines, templates } = await oursAt(moto);
      expect([point, machines.map(({ InstanceId }) => InstanceId)]).toEqual([
        point,
        [binding?.machine],
      ]);
      expect(templates).toEqual([contract?.id]);
      await endAll(settings());
      expect([point, groups.groups.size]).toEqual([point, 0]);
    }
    console.log(`killed at ${points.length} points of signing and starting: ${actions(points)}`);
  }, 480_000);

  test('a driver killed while it withdraws leaves what the next one ends: nothing', async () => {
    const steps = ['withdraw'] as const;
    const points = await pointsOf(steps, await signedAndBound());
    for (const point of points) {
      const given = await signedAndBound();
      await killedAt(point, { ...given, steps });
      await run({ ...given, steps });
      expect([point, await oursAt(moto)]).toEqual([point, { machines: [], templates: [] }]);
      expect([point, groups.groups.size]).toEqual([point, 0]);
    }
    console.log(`killed at ${points.length} points of withdrawing: ${actions(points)}`);
  }, 480_000);
});

function actions(points: readonly Point[]): string {
  return [...new Set(points.map(({ action }) => action))].join(', ');
}

interface Point {
  readonly number: number;
  readonly action: string;
  readonly moment: 'before' | 'after';
}

function start(task: ChildTask): ReturnType<typeof spawn> {
  const program = fileURLToPath(new URL('ec2-child.ts', import.meta.url));
  return spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(task: ChildTask): Promise<ChildResult> {
  const child = start(task);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the child has no output');
  const [out, errors] = await Promise.all([text(stdout), text(stderr), once(child, 'exit')]);
  if (child.exitCode !== 0) throw new Error(`the child failed: ${errors}`);
  return JSON.parse(out);
}

/** Withdraws whatever the provider lists. */
async function endAll(settings: ChildTask['settings']): Promise<void> {
  const call = callOf();
  await using vendor = await openEc2(settings);
  for await (const { id } of vendor.contracts(call)) await vendor.withdraw(id, call);
}
