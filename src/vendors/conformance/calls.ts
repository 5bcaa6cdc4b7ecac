import type { CallForProposals, VendorDescription } from '../vendor.ts';

/** A call that a vendor with this description can answer, and one that it must refuse. */
export interface Calls {
  readonly possible: CallForProposals;
  readonly impossible: CallForProposals;
}

/**
 * Calls for a vendor nobody wrote a subject for, as `skypact vendor check` needs: a small machine,
 * because dozens are started, with the first image; and one twice as large as the largest.
 */
export function callsFor({ largest, images, currency }: VendorDescription): Calls {
  const [image = 'default'] = images;
  const possible: CallForProposals = {
    objective: {
      name: 'check',
      count: 1,
      cpus: Math.min(1, largest.cpus),
      memoryMiB: Math.min(512, largest.memoryMiB),
      diskGiB: Math.min(8, largest.diskGiB),
      image,
      place: { sites: [], vendors: [], not: [] },
      promises: [],
      amend: [],
    },
    currency,
    replyByMs: 0,
    round: 0,
    rounds: 1,
  };
  const { cpus, memoryMiB, diskGiB } = largest;
  const tooLarge = { cpus: 2 * cpus, memoryMiB: 2 * memoryMiB, diskGiB: 2 * diskGiB };
  return {
    possible,
    impossible: { ...possible, objective: { ...possible.objective, ...tooLarge } },
  };
}
