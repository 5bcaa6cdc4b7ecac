import type { Objective } from '../sla/objective.ts';
import type { Refusal } from '../sla/proposal.ts';
import type { Answers, VendorRecord } from '../sla/sla.ts';
import { vendorOfAgent } from './agents.ts';
import type { Ask, KeptPart, ObjectiveBids, Request, VendorBid } from './values.ts';

/** One ask per objective of which machines are still wanted (Cloud Agency, Negotiator S1). */
export function asksOf(request: Request, nowMs: number): readonly Ask[] {
  return request.template.objectives.flatMap((objective) => {
    const missing = objective.count - keptOf(request, objective.name).length;
    if (missing <= 0) return [];
    const counter = request.counters[objective.name];
    const ask: Ask = {
      transaction: request.transaction,
      objective: { ...objective, count: missing },
      currency: request.currency,
      replyByMs: nowMs + request.replyWithinMs,
      round: request.round,
      rounds: request.rounds,
      ...(counter === undefined ? {} : { counterPricePerHour: counter }),
    };
    return [ask];
  });
}

export function keptOf(request: Request, objective: Objective['name']): readonly KeptPart[] {
  return request.kept.filter((kept) => kept.part.objective === objective);
}

/** A vendor's answer joins the others, and the vendor is no longer waited for. */
export function take(
  agent: string,
  bid: VendorBid,
  state: { readonly open: readonly string[]; readonly answers: readonly VendorBid[] },
): { readonly open: readonly string[]; readonly answers: readonly VendorBid[] } {
  return {
    open: state.open.filter((other) => other !== agent),
    answers: [...state.answers, bid],
  };
}

/** SC00029: proposals that arrive after the deadline are rejected with the reason "late". */
export function lateBids(ask: Ask, open: readonly string[]): readonly VendorBid[] {
  return open.map((agent) =>
    refusalBid(ask, {
      vendor: vendorOfAgent(agent),
      reason: 'late',
      detail: 'no answer by the deadline',
    }),
  );
}

export function refusalBid(
  ask: Ask,
  { vendor, reason, detail }: Pick<Refusal, 'vendor' | 'reason' | 'detail'>,
): VendorBid {
  const objective = ask.objective.name;
  return {
    vendor,
    objective,
    round: ask.round,
    answer: { kind: 'refusal', vendor, objective, reason, detail },
  };
}

export function bidsOf(
  ask: Ask,
  answers: readonly VendorBid[],
  records: readonly VendorRecord[],
): ObjectiveBids {
  return {
    objective: ask.objective.name,
    answers: answersOf(ask.objective.name, answers),
    records,
  };
}

function answersOf(objective: string, bids: readonly VendorBid[]): Answers {
  return {
    objective,
    proposals: bids.flatMap(({ answer }) => ('kind' in answer ? [] : answer)),
    refusals: bids.flatMap(({ answer }) => ('kind' in answer ? [answer] : [])),
  };
}
