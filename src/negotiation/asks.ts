import type { Objective } from '../sla/objective.ts';
import type { Refusal } from '../sla/proposal.ts';
import type { Answers, VendorRecord } from '../sla/sla.ts';
import { objectiveOfAgent, vendorOfAgent } from './agents.ts';
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
      replyWithinMs: request.replyWithinMs,
      round: request.round,
      rounds: request.rounds,
      ...(counter === undefined ? {} : { counterPricePerHour: counter }),
    };
    return [ask];
  });
}

/**
 * Until when a call may be answered that is made now. One that could not be made before its deadline,
 * since nobody was there to make it, has its time anew: no vendor was late.
 */
export function deadlineOf({ replyByMs, replyWithinMs }: Ask, nowMs: number): number {
  return replyByMs > nowMs ? replyByMs : nowMs + replyWithinMs;
}

export function keptOf(request: Request, objective: Objective['name']): readonly KeptPart[] {
  return request.kept.filter((kept) => kept.part.objective === objective);
}

/** SC00029: proposals that arrive after the deadline are rejected with the reason "late". */
export function lateBids(asks: readonly Ask[], open: readonly string[]): readonly VendorBid[] {
  return asks.flatMap((ask) =>
    open
      .filter((agent) => objectiveOfAgent(agent) === ask.objective.name)
      .map((agent) =>
        refusalBid(ask, {
          vendor: vendorOfAgent(agent),
          reason: 'late',
          detail: 'no answer by the deadline',
        }),
      ),
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
    answer: { kind: 'refusal', vendor, objective, reason, detail },
  };
}

/** The answers for one objective out of all, with the records of those who gave them. */
export function bidsOf(
  ask: Ask,
  answers: readonly VendorBid[],
  records: readonly VendorRecord[],
): ObjectiveBids {
  const { name } = ask.objective;
  const own = answers.filter((answer) => answer.objective === name);
  return { objective: name, answers: answersOf(name, own), records };
}

function answersOf(objective: string, bids: readonly VendorBid[]): Answers {
  return {
    objective,
    proposals: bids.flatMap(({ answer }) => ('kind' in answer ? [] : answer)),
    refusals: bids.flatMap(({ answer }) => ('kind' in answer ? [answer] : [])),
  };
}
