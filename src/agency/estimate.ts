/** What a template would cost at least, by the vendors' own answers: asked without obligation (V3). */

import type { Clock } from '../base/clock.ts';
import { isFailure } from '../base/failure.ts';
import { type ConversationId, id } from '../sla/ids.ts';
import { compareMoney, type Money, timesMoney } from '../sla/money.ts';
import type { Objective } from '../sla/objective.ts';
import type { VendorPool } from './vendors.ts';

/** The lowest price per hour of the whole objective; `undefined` when nobody proposes. */
export async function estimate(
  { vendors, clock }: { readonly vendors: VendorPool; readonly clock: Clock },
  { objective, currency }: { readonly objective: Objective; readonly currency: string },
  signal: AbortSignal,
): Promise<Money | undefined> {
  const call = { conversation: id<ConversationId>('estimate'), signal, progress: () => undefined };
  const cfp = { objective, currency, replyByMs: clock.nowMs() + 5_000, round: 0, rounds: 1 };
  const answers = await Promise.all(
    vendors.names.map(async (name) => {
      try {
        return await (await vendors.open(name, call)).bid(cfp, call);
      } catch (thrown) {
        if (isFailure(thrown)) return [];
        throw thrown;
      }
    }),
  );
  const prices = answers.flatMap((answer) =>
    'kind' in answer ? [] : answer.map(({ pricePerHour }) => pricePerHour),
  );
  const [cheapest] = prices.toSorted(compareMoney);
  return cheapest === undefined ? undefined : timesMoney(cheapest, objective.count);
}
