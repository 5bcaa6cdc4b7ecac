import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, test } from 'vitest';
import {
  type Fault,
  type MachineSeen,
  vendorConformance,
} from '../../src/vendors/conformance/kit.ts';
import { cfpOf, openEc2, scratchFolder, settingsFor } from './ec2-lab.ts';
import { type Interference, type LabProxy, startProxy } from './http-proxy.ts';
import { allMachines, foreignMachine, type Moto, startMoto, withMoto } from './moto.ts';
import { type PlacementGroups, placementGroups } from './placement-groups.ts';

/** The kit over moto, with placement groups and with answers that are lost or unreadable. */
withMoto(() => {
  let moto: Moto;
  let proxy: LabProxy;
  let groups: PlacementGroups;
  let folder: Awaited<ReturnType<typeof scratchFolder>>;
  let armed: Interference | undefined;

  beforeAll(async () => {
    moto = await startMoto();
    groups = placementGroups(moto);
    folder = await scratchFolder();
    proxy = await startProxy(moto.endpoint, {
      interfere: (request) => {
        const fault = request.changes ? armed : undefined;
        if (fault === undefined) return groups.interfere(request);
        armed = undefined;
        return fault;
      },
    });
  });

  afterAll(async () => {
    await proxy.stop();
    await moto.stop();
    await folder[Symbol.asyncDispose]();
  });

  const fault = (name: string, interference: Interference): Fault => ({
    name,
    arm: () => {
      armed = interference;
      return Promise.resolve();
    },
    disarm: () => {
      armed = undefined;
      return Promise.resolve();
    },
  });

  vendorConformance({
    test,
    open: (name) => openEc2(settingsFor(proxy.endpoint, folder.path), name),
    roles: [],
    possible: cfpOf({ count: 2 }),
    impossible: cfpOf({ cpus: 4_000 }),
    machines: async (): Promise<readonly MachineSeen[]> =>
      (await allMachines(moto)).map(({ InstanceId = '', State }) => ({
        machine: InstanceId,
        running: State?.Name === 'running',
      })),
    foreign: async () => {
      const machine = await foreignMachine(moto, {
        'skypact:contract': 'skypact-of-somebody-else',
      });
      return {
        [Symbol.asyncDispose]: async () => {
          await moto.client.send(new TerminateInstancesCommand({ InstanceIds: [machine] }));
        },
      };
    },
    faults: [
      fault('the request is lost', { kind: 'drop' }),
      fault('the answer is lost', { kind: 'lose-answer' }),
      fault('the answer is cut short', { kind: 'truncate', bytes: 200 }),
      fault('a proxy answers for it', { kind: 'answer', status: 200, body: '<html>hello</html>' }),
      fault('the endpoint breaks', { kind: 'answer', status: 503, body: 'no backend' }),
    ],
    secrets: ['lab-secret-key'],
  });
});
