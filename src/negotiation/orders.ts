import type { ConversationId } from '../sla/ids.ts';
import type { Part } from '../sla/sla.ts';
import { mediatorAgent, vendorAgent } from './agents.ts';
import type {
  Item,
  Loser,
  MachineOrder,
  MachineOutcome,
  ObjectiveBids,
  Offer,
  Order,
  OrderResult,
  Request,
  Winner,
} from './values.ts';

/** Who is accepted and who is rejected, by objective: every proposer is one or the other. */
export function awards(
  request: Request,
  offer: Offer,
  bids: readonly ObjectiveBids[],
): readonly Order[] {
  const settled = new Set(request.kept.map((kept) => kept.part.machine));
  const wanted = offer.composite.parts.filter((part) => !settled.has(part.machine));
  return bids.map(({ objective, answers }) => {
    const winners = winnersOf(
      request.transaction,
      objective,
      wanted.filter((part) => part.objective === objective).map(asOrder),
    );
    const won = new Set(winners.map((winner) => winner.vendor));
    return {
      objective,
      winners,
      losers: proposers(answers.proposals)
        .filter((vendor) => !won.has(vendor))
        .map((vendor) => loser(vendor, objective, 'another proposal was chosen')),
    };
  });
}

/** Every proposer is rejected. */
export function dismissals(bids: readonly ObjectiveBids[], reason: string): readonly Order[] {
  return bids.map(({ objective, answers }) => ({
    objective,
    winners: [],
    losers: proposers(answers.proposals).map((vendor) => loser(vendor, objective, reason)),
  }));
}

/** Orders to the mediators that have these machines in hand. */
export function ordersFor(
  transaction: ConversationId,
  machines: readonly MachineOrder[],
): readonly Order[] {
  const objectives = [...new Set(machines.map((order) => order.part.objective))];
  return objectives.map((objective) => ({
    objective,
    winners: winnersOf(
      transaction,
      objective,
      machines.filter((order) => order.part.objective === objective),
    ),
    losers: [],
  }));
}

/** The machines of one objective, by the vendor that has them. */
export function winnersOf(
  transaction: ConversationId,
  objective: string,
  machines: readonly MachineOrder[],
): readonly Winner[] {
  const vendors = [...new Set(machines.map((order) => order.part.proposal.vendor))];
  return vendors.map((vendor) => ({
    agent: vendorAgent(vendor, objective),
    vendor,
    objective,
    transaction,
    machines: machines.filter((order) => order.part.proposal.vendor === vendor),
  }));
}

export function asOrder(part: Part): MachineOrder {
  return { machine: part.machine, part };
}

export function mediatorOf(objective: string): string {
  return mediatorAgent(objective);
}

/** What is said of a vendor's machines when its agent did not answer: their fate is unknown. */
export function silentItem(winner: Winner): Item {
  const failed = { code: 'VENDOR.TIMEOUT', detail: `${winner.vendor} did not answer` };
  return {
    vendor: winner.vendor,
    objective: winner.objective,
    machines: winner.machines.map((order) => ({ ...order, failed })),
  };
}

export function unansweredResult(order: Order): OrderResult {
  return { objective: order.objective, items: order.winners.map(silentItem) };
}

export function isDone(item: Item): boolean {
  return item.machines.every((outcome) => outcome.failed === undefined);
}

export function outcomesOf(results: readonly OrderResult[]): readonly MachineOutcome[] {
  return results.flatMap(({ items }) => items.flatMap(({ machines }) => machines));
}

function proposers(proposals: ObjectiveBids['answers']['proposals']): readonly string[] {
  return [...new Set(proposals.map((proposal) => proposal.vendor))];
}

function loser(vendor: string, objective: string, reason: string): Loser {
  return { agent: vendorAgent(vendor, objective), reason };
}
