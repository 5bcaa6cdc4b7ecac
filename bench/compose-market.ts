/** Synthetic markets for the composing benchmarks: many objectives, vendors and alternatives. */
import type { ComposeInput } from '../src/negotiation/compose/build.ts';
import { randomFrom } from '../src/negotiation/compose/search/random.ts';
import { id, type ProposalId } from '../src/sla/ids.ts';
import type { Objective, Place } from '../src/sla/objective.ts';
import type { Proposal } from '../src/sla/proposal.ts';

export interface MarketSize {
  readonly objectives: number;
  /** Of each objective. */
  readonly alternatives: number;
  readonly vendors: number;
  readonly seed: number;
}

/**
 * Machines of 1 to 16 vCPUs from vendors of 2 to 4 sites. Dearer alternatives are faster, with
 * noise; half the objectives want their machines apart. Capacity (vCPUs and memory of each vendor)
 * and the budget are set so that the best unconstrained choice breaks both.
 */
export function syntheticMarket(size: MarketSize): ComposeInput {
  const random = randomFrom(size.seed);
  const below = (n: number): number => Math.floor(random() * n);
  const vendors = Array.from({ length: size.vendors }, (_, v) => ({
    name: `vendor-${v}`,
    sites: Array.from({ length: 2 + below(3) }, (_, s) => `site-${v}-${s}`),
    thrift: 0.8 + 0.4 * random(),
  }));
  const objectives = Array.from({ length: size.objectives }, (_, n): Objective => {
    const cpus = 2 ** below(5);
    const place: Place = { sites: [], vendors: [], not: [] };
    return {
      name: `objective-${n}`,
      count: 1 + below(4),
      cpus,
      memoryMiB: cpus * 1024 * 2 ** (1 + below(3)),
      diskGiB: 20,
      image: 'debian-12',
      place: n % 2 === 0 ? place : { ...place, apart: n % 4 === 1 ? 'site' : 'vendor' },
      promises: [],
      amend: [],
    };
  });
  const cpusAsked = objectives.reduce((sum, { count, cpus }) => sum + count * cpus, 0);
  const memoryAsked = objectives.reduce((sum, { count, memoryMiB }) => sum + count * memoryMiB, 0);
  let fair = 0;
  const answers = objectives.map((objective) => {
    const proposals = Array.from({ length: size.alternatives }, (_, n): Proposal => {
      const vendor = vendors[below(vendors.length)] ?? { name: '', sites: [], thrift: 1 };
      const extra = 2 ** below(2);
      const cpuSpeed = 0.5 + 1.5 * random();
      const hourly = objective.cpus * 0.02 + objective.memoryMiB * 2e-6;
      const usd = hourly * vendor.thrift * (0.5 + 0.5 * cpuSpeed) * (0.9 + 0.4 * random());
      const cpus = objective.cpus * extra;
      const memoryMiB = objective.memoryMiB * extra;
      return {
        kind: 'proposal',
        id: id<ProposalId>(`${objective.name}/${n}`),
        vendor: vendor.name,
        objective: objective.name,
        site: vendor.sites[below(vendor.sites.length)] ?? '',
        shape: `shape-${n}`,
        pricePerHour: { micros: Math.round(usd * 1_000_000), currency: 'USD' },
        offered: { cpus, memoryMiB, diskGiB: 20, image: 'debian-12' },
        units: 1 + below(4),
        uses: [
          {
            resource: 'cpus',
            amount: cpus,
            available: Math.round((3 * cpusAsked) / size.vendors),
          },
          {
            resource: 'memory',
            amount: memoryMiB,
            available: Math.round((3 * memoryAsked) / size.vendors),
          },
        ],
        promises: [],
        predicted: { cpuSpeed, bindMs: 30_000 },
        validUntilMs: 1_000,
      };
    });
    const prices = proposals.map((one) => one.pricePerHour.micros).sort((a, b) => a - b);
    fair += objective.count * (prices[Math.floor(prices.length / 20)] ?? 0);
    return { objective: objective.name, proposals, refusals: [] };
  });
  return {
    template: {
      name: 'market',
      limits: { pricePerHour: { micros: Math.round(fair * 1.1), currency: 'USD' } },
      prefer: { price: 1, speed: 3, trust: 1 },
      objectives,
    },
    answers,
    records: [],
    kept: [],
    sites: [],
    policy: 'balanced',
    nowMs: 0,
  };
}
