import type { Cloud } from '../../plugins/vendor-faulty/src/cloud.ts';
import { faultyVendor } from '../../plugins/vendor-faulty/src/faulty.ts';
import type { Subject } from '../../src/vendors/conformance/kit.ts';
import type { CallForProposals } from '../../src/vendors/vendor.ts';

const possible: CallForProposals = {
  objective: {
    name: 'web',
    count: 1,
    cpus: 2,
    memoryMiB: 4096,
    diskGiB: 20,
    networkMbps: 1_000,
    image: 'debian-12',
    place: { sites: [], vendors: [], not: [] },
    promises: [{ metric: 'availability', bound: 'atLeast', value: 99, windowMs: 2_592_000_000 }],
    amend: [],
  },
  currency: 'USD',
  replyByMs: 0,
  round: 0,
  rounds: 1,
};

/** What the kit needs to know of vendor-faulty over this cloud; correct unless a fault is named. */
export function faultySubject(cloud: Cloud, fault?: string): Subject {
  return {
    open: async (name) => faultyVendor(name, cloud, fault),
    roles: ['moveSource', 'moveTarget', 'hosts'],
    possible,
    impossible: { ...possible, objective: { ...possible.objective, cpus: 1_000 } },
    faults: [
      {
        name: 'a lost answer',
        arm: async () => cloud.loseNextAnswer(),
        disarm: async () => cloud.loseNoAnswer(),
      },
    ],
    secrets: [cloud.secret],
    machines: async () => [...cloud.copies],
    foreign: async () => {
      const copy = {
        machine: 'theirs',
        contract: 'foreign',
        host: 'host-3',
        running: true,
      } as const;
      cloud.copies.add(copy);
      return { [Symbol.asyncDispose]: async () => void cloud.copies.delete(copy) };
    },
    // A hang must only be told from pauses of some milliseconds; a correct vendor has its 5 s.
    ...(fault === undefined ? {} : { settleWithinMs: 250 }),
  };
}
