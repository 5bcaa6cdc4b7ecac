/**
 * What cloud-agency.lcc decides: which calls are made one after the other, who is accepted, and
 * what is given back when its negotiation breaks off.
 */
import type { Sla } from '../sla/sla.ts';
import { vendorAgent } from './agents.ts';
import { asksOf, keptOf } from './asks.ts';
import { awards, dismissals, silentItem } from './orders.ts';
import { reasonsOf, rollback } from './settle.ts';
import type {
  Ask,
  Item,
  Loser,
  ObjectiveBids,
  Offer,
  Request,
  VendorBid,
  Winner,
} from './values.ts';

type Objective = Request['template']['objectives'][number];

/** Objectives of which machines are still wanted; `isReadable` tells which can be looked into. */
export function objectivesOf(
  request: Request,
  isReadable: (objective: Objective) => boolean,
): readonly Objective[] {
  return request.template.objectives.filter(
    (objective) =>
      !isReadable(objective) || objective.count > keptOf(request, objective.name).length,
  );
}

/** The call for one objective, whose deadline begins now; this protocol has no second round. */
export function callFor(request: Request, objective: Objective, nowMs: number): Ask | undefined {
  const template = { ...request.template, objectives: [objective] };
  return asksOf({ ...request, template, round: 0, rounds: 1, counters: {} }, nowMs)[0];
}

/** Whom to accept: for each objective the one vendor that has all of its machines. */
export function partsOf(offer: Offer): readonly Winner[] {
  return awards(offer.request, offer, []).winners;
}

/** As if no vendor had answered: their contracts may stand. */
export function unheard(winners: readonly Winner[]): readonly Item[] {
  return winners.map(silentItem);
}

/** What to end, and whose offer to let go. Items are what is known of those that were accepted. */
export function undo(
  offer: Offer,
  bids: readonly ObjectiveBids[],
  items: readonly Item[],
): { readonly winners: readonly Winner[]; readonly losers: readonly Loser[] } {
  const winners = rollback(offer.request, { signed: items, bound: [] });
  const accepted = new Set([
    ...winners.map(({ agent }) => agent),
    ...items.map(({ vendor, objective }) => vendorAgent(vendor, objective)),
  ]);
  const losers = dismissals(bids, 'the SLA was given up').filter(
    ({ agent }) => !accepted.has(agent),
  );
  return { winners, losers };
}

/** Orders to start what a vendor has just signed; `undefined` when not all of it is signed. */
export function mayBegin(order: Winner, signed: Item): Winner | undefined {
  const all = signed.machines.every(
    ({ failed, contract }) => failed === undefined && contract !== undefined,
  );
  return all ? { ...order, deed: 'start', machines: signed.machines } : undefined;
}

/** Why a vendor could not sign or start, in words. */
export function failureOf(item: Item): string {
  const reasons = reasonsOf({ signed: [item], bound: [] });
  return reasons === '' ? `${item.vendor} failed` : reasons;
}

/** Why a vendor does not propose, in words. */
export function refusalOf({ vendor, answer }: VendorBid): string {
  return 'kind' in answer ? `${vendor}: ${answer.detail} (${answer.reason})` : `${vendor} refused`;
}

/** The record of a negotiation that broke off before anything was proposed. */
export function withoutProposal(
  request: Request,
  reason: string,
  at: Pick<Sla, 'conversation' | 'updatedMs'>,
): Sla {
  return {
    id: request.sla,
    ...at,
    transaction: request.transaction,
    name: request.template.name,
    state: 'ended',
    template: request.template,
    composite: {
      status: 'FAILURE',
      parts: [],
      pricePerHour: { micros: 0, currency: request.currency },
      score: 0,
      shortfalls: [{ kind: 'no-proposal', detail: reason }],
      proof: { kind: 'heuristic' },
      validUntilMs: at.updatedMs,
    },
    machines: [],
    createdMs: request.createdMs,
    reason,
    ...(request.replaces === undefined ? {} : { replaces: request.replaces.sla }),
  };
}
