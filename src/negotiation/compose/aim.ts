import type { Proposal } from '../../sla/proposal.ts';
import type { VendorRecord } from '../../sla/sla.ts';
import type { Preference, Template } from '../../sla/template.ts';

/** How the negotiator chooses; `first` is the Cloud Agency's own rule (CLOSER'11 §4). */
export type Policy = 'cheapest' | 'fastest' | 'balanced' | 'first';

/** What one unit of each proposal costs in the trade-off, as the integer that is minimised. */
export interface Aim {
  readonly costOf: (proposal: Proposal) => number;
  /** Of a whole composite: 1 when it is at once cheapest, fastest and trusted; towards 0 else. */
  readonly scoreOf: (proposals: readonly Proposal[]) => number;
}

/** Costs are shares of 1 in this many parts; integers, so that sums and proofs are exact. */
const costScale = 1_000_000_000;

/** Only between equals on what was asked for do the other two weigh in. */
const tieBreak = 1e-6;

/** Below this share of the dearest price a reference price would drown the other two terms. */
const leastReference = 1e-3;

/**
 * Builds the weighted trade-off. Each term is dimensionless and summed over the machines:
 * price ÷ the cheapest price of all objectives together, (1 − speed ÷ the objective's fastest) and
 * (1 − trust) ÷ the number of machines. So doubling the price weighs as much as a machine park
 * of no speed at all, whatever the currency and the size of the template.
 */
export function aimOf(
  template: Template,
  proposals: readonly Proposal[],
  choosing: { readonly records: readonly VendorRecord[]; readonly policy: Policy },
): Aim {
  const machines = template.objectives.reduce((sum, objective) => sum + objective.count, 0);
  const reference = referencePrice(template, proposals);
  const fastest = new Map<string, number>();
  for (const { objective, predicted } of proposals) {
    fastest.set(objective, Math.max(fastest.get(objective) ?? 0, predicted.cpuSpeed));
  }
  const trust = new Map(choosing.records.map((record) => [record.vendor, trustOf(record)]));
  const unknownTrust = trustOf(undefined);
  const costWith = (weights: Preference, proposal: Proposal): number => {
    const total = weights.price + weights.speed + weights.trust;
    const top = fastest.get(proposal.objective) ?? 0;
    const slow = top > 0 ? Math.max(0, 1 - proposal.predicted.cpuSpeed / top) : 0;
    const doubt = 1 - (trust.get(proposal.vendor) ?? unknownTrust);
    const price = proposal.pricePerHour.micros / reference;
    return (
      (weights.price * price + (weights.speed * slow + weights.trust * doubt) / machines) / total
    );
  };
  const weights = weightsOf(choosing.policy, template.prefer);
  return {
    costOf: (proposal) => Math.round(costScale * costWith(weights, proposal)),
    scoreOf: (chosen) => {
      const { price, speed, trust } = template.prefer;
      const ideal = price / (price + speed + trust);
      const cost = chosen.reduce((sum, proposal) => sum + costWith(template.prefer, proposal), 0);
      return 1 / (1 + Math.max(0, cost - ideal));
    },
  };
}

/**
 * How far a vendor's word is worth: the mean of a Beta distribution over its kept and broken
 * commitments. The prior Beta(4, 1) gives a vendor without a record 0.8, so that one failure does
 * not damn it and one success does not crown it. A refusal breaks nothing and does not count.
 */
export function trustOf(record: VendorRecord | undefined): number {
  const kept = (record?.signed ?? 0) + (record?.bound ?? 0);
  const broken = (record?.broken ?? 0) + (record?.failed ?? 0) + (record?.late ?? 0);
  return (kept + 4) / (kept + broken + 5);
}

function weightsOf(policy: Policy, prefer: Preference): Preference {
  if (policy === 'balanced') return prefer;
  if (policy === 'fastest') return { price: tieBreak, speed: 1, trust: tieBreak };
  return { price: 1, speed: tieBreak, trust: tieBreak };
}

/** What all machines cost at least, each objective served by its cheapest proposal. */
function referencePrice(template: Template, proposals: readonly Proposal[]): number {
  const lowest = new Map<string, number>();
  let dearest = 0;
  for (const { objective, pricePerHour } of proposals) {
    lowest.set(objective, Math.min(lowest.get(objective) ?? Infinity, pricePerHour.micros));
    dearest = Math.max(dearest, pricePerHour.micros);
  }
  const sum = template.objectives.reduce(
    (total, { name, count }) => total + count * (lowest.get(name) ?? 0),
    0,
  );
  return Math.max(sum, dearest * leastReference, 1);
}
