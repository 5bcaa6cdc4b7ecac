import type { Money } from '../sla/money.ts';
import type { ObjectiveBids, Request } from './values.ts';

/** A round that brings the sum of the best prices down by less than this share was the last. */
const leastGain = 0.002;

/**
 * The request of the next round (SC00030, iterated contract net), or `undefined` when there is
 * none: the rounds are used up, nobody proposed, or the last round gained next to nothing.
 */
export function nextRound(request: Request, bids: readonly ObjectiveBids[]): Request | undefined {
  if (request.round + 1 >= request.rounds) return undefined;
  const counters = bestPrices(bids);
  const objectives = Object.keys(counters);
  if (objectives.length === 0) return undefined;
  if (request.round > 0 && gain(request.counters, counters) < leastGain) return undefined;
  return { ...request, round: request.round + 1, counters };
}

function bestPrices(bids: readonly ObjectiveBids[]): Readonly<Record<string, Money>> {
  const best: Record<string, Money> = {};
  for (const { objective, answers } of bids) {
    for (const { pricePerHour } of answers.proposals) {
      const known = best[objective];
      if (known === undefined || pricePerHour.micros < known.micros) {
        best[objective] = pricePerHour;
      }
    }
  }
  return best;
}

function gain(
  before: Readonly<Record<string, Money>>,
  after: Readonly<Record<string, Money>>,
): number {
  const sum = (prices: Readonly<Record<string, Money>>) =>
    Object.values(prices).reduce((total, price) => total + price.micros, 0);
  return 1 - sum(after) / Math.max(1, sum(before));
}
