import { failure, id, type Proposal, type Refusal, type Vendor } from 'skypact/vendor';
import type { Faults } from './fault.ts';

type Bid = Awaited<ReturnType<Vendor['bid']>>;

/** A bid that does something to every proposal, or to the refusal. */
function bidding(
  { bid }: Vendor,
  change: Partial<Pick<Changes, 'proposal' | 'refusal'>>,
): Pick<Vendor, 'bid'> {
  const { proposal = (one) => one, refusal = (one) => one } = change;
  return {
    bid: async (cfp, call): Promise<Bid> => {
      const answer = await bid(cfp, call);
      return 'kind' in answer ? refusal(answer) : answer.map(proposal);
    },
  };
}

interface Changes {
  readonly proposal: (correct: Proposal) => Proposal;
  readonly refusal: (correct: Refusal) => Refusal;
}

/** Breaks V1 to V4: what it says of itself, and how it bids. */
export const negotiatingFaults: Faults = {
  'V1 renames itself once it holds a contract': ({ name }, cloud) => ({
    get name() {
      return cloud.deals.size > 0 ? `${name}-2` : name;
    },
  }),
  'V1 counts its version up with every instance': ({ describe }, cloud) => {
    const version = String(cloud.count('opened'));
    return { describe: async (call) => ({ ...(await describe(call)), version }) };
  },
  'V2 describes what is left instead of what there is': ({ describe }, cloud) => ({
    describe: async (call) => {
      const correct = await describe(call);
      const cpus = correct.largest.cpus - cloud.deals.size;
      return { ...correct, largest: { ...correct.largest, cpus } };
    },
  }),
  'V2 hides its hosts while a machine runs': ({ hosts }, cloud) =>
    Object.defineProperty({}, 'hosts', {
      get: () => (cloud.copies.size > 0 ? undefined : hosts),
    }),
  'V3 takes room for every bid': ({ bid }, cloud) => ({
    bid: async (cfp, call) => {
      cloud.wasted.push('host-1');
      return bid(cfp, call);
    },
  }),
  'V3 signs what it proposes': ({ bid, accept }) => ({
    bid: async (cfp, call) => {
      const answer = await bid(cfp, call);
      if (!('kind' in answer)) for (const one of answer) await accept(one, 0, call);
      return answer;
    },
  }),
  'V4 gives half the memory': (correct) =>
    bidding(correct, {
      proposal: (one) => ({
        ...one,
        offered: { ...one.offered, memoryMiB: one.offered.memoryMiB / 2 },
      }),
    }),
  'V4 proposes what has expired': (correct) =>
    bidding(correct, { proposal: (one) => ({ ...one, validUntilMs: Date.now() - 1 }) }),
  'V4 leaves promises out': (correct) =>
    bidding(correct, { proposal: (one) => ({ ...one, promises: [] }) }),
  'V4 proposes at a site that it does not describe': (correct) =>
    bidding(correct, { proposal: (one) => ({ ...one, site: 'attic' }) }),
  'V4 refuses without saying why': (correct) =>
    bidding(correct, { refusal: (one) => ({ ...one, detail: '' }) }),
  'V4 throws instead of refusing': (correct) =>
    bidding(correct, {
      refusal: ({ detail }) => {
        throw failure('VENDOR.CAPACITY_GONE', detail);
      },
    }),
  'V4 prices in whatever currency it is asked': ({ bid }) => ({
    bid: async (cfp, call) => bid({ ...cfp, currency: 'USD' }, call),
  }),
  'V4 puts together what should stand apart': (correct) =>
    bidding(correct, {
      proposal: (one) => ({ ...one, id: id(one.id.replace('apart/', 'anywhere/')) }),
    }),
};
