import type { ConversationId } from '../sla/ids.ts';
import type { Proposal } from '../sla/proposal.ts';
import type { Part } from '../sla/sla.ts';
import { vendorAgent } from './agents.ts';
import type {
  Deed,
  Item,
  Loser,
  MachineOrder,
  MachineOutcome,
  ObjectiveBids,
  Offer,
  Request,
  Winner,
} from './values.ts';

/** Who is accepted and who is rejected: for each objective, every proposer is one or the other. */
export function awards(
  request: Request,
  offer: Offer,
  bids: readonly ObjectiveBids[],
): { readonly winners: readonly Winner[]; readonly losers: readonly Loser[] } {
  const settled = new Set(request.kept.map((kept) => kept.part.machine));
  const wanted = offer.composite.parts.filter((part) => !settled.has(part.machine));
  const winners = ordersTo('sign', request, wanted.map(asOrder));
  const won = new Set(winners.map((winner) => winner.agent));
  const losers = dismissals(bids, 'another proposal was chosen').filter(
    (loser) => !won.has(loser.agent),
  );
  return { winners, losers };
}

/** Every proposer is rejected. */
export function dismissals(bids: readonly ObjectiveBids[], reason: string): readonly Loser[] {
  return bids.flatMap(({ objective, answers }) =>
    proposers(answers.proposals).map((vendor) => ({
      agent: vendorAgent(vendor, objective),
      reason,
    })),
  );
}

/** Machines by the agent that has them in hand: a vendor's, for one objective. */
export function ordersTo(
  deed: Deed,
  { transaction }: { readonly transaction: ConversationId },
  machines: readonly MachineOrder[],
): readonly Winner[] {
  const byAgent = Map.groupBy(machines, ({ part }) =>
    vendorAgent(part.proposal.vendor, part.objective),
  );
  return [...byAgent].flatMap(([agent, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    const { objective, proposal } = first.part;
    return [{ deed, agent, vendor: proposal.vendor, objective, transaction, machines: own }];
  });
}

/**
 * Whether an item is the answer to an order. An answer that was given up waiting for may still come,
 * while the same vendor's answer to a later order is awaited.
 */
export function isAnswerTo(order: Winner, item: Item): boolean {
  const named = ({ machines }: Winner | Item): string =>
    machines.map(({ part: { proposal, unit } }) => `${proposal.id} ${unit}`).join();
  return order.deed === item.deed && named(order) === named(item);
}

/** What is said of a vendor's machines when its agent did not answer: their fate is unknown. */
export function silentItem(winner: Winner): Item {
  const failed = { code: 'VENDOR.TIMEOUT', detail: `${winner.vendor} did not answer` };
  const { deed, vendor, objective } = winner;
  return {
    deed,
    vendor,
    objective,
    machines: winner.machines.map((order) => ({ ...order, failed })),
  };
}

export function isDone(item: Item): boolean {
  return item.machines.every((outcome) => outcome.failed === undefined);
}

export function outcomesOf(items: readonly Item[]): readonly MachineOutcome[] {
  return items.flatMap(({ machines }) => machines);
}

function asOrder(part: Part): MachineOrder {
  return { machine: part.machine, part };
}

function proposers(proposals: readonly Proposal[]): readonly string[] {
  return [...new Set(proposals.map((proposal) => proposal.vendor))];
}
