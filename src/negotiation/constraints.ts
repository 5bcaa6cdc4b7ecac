import type { ConstraintSpec } from '../lcc/constraint.ts';
import { list, listItems, type Term } from '../lcc/term.ts';
import type { VendorRecord } from '../sla/sla.ts';
import { bidsOf, lateBids, refusalBid } from './asks.ts';
import { awards, dismissals, isAnswerTo, isDone, ordersTo, silentItem } from './orders.ts';
import { nextRound } from './rounds.ts';
import { conclusion, mayStart, remembering, rollback, substitute, superseded } from './settle.ts';
import { act, asked, compute, text, wait } from './spec.ts';
import {
  type Ask,
  type Final,
  type Item,
  type Loser,
  type ObjectiveBids,
  type Offer,
  pack,
  type Request,
  unpack,
  type VendorBid,
  type VendorCall,
  type Winner,
  type WithdrawalRequest,
} from './values.ts';

/** What negotiation.lcc and withdrawal.lcc ask. Those without `compute` are answered by the agency. */
export const negotiationSpecs: readonly ConstraintSpec[] = [
  act('requirements(-Request)', 'what the user asks for'),
  act('show(+Why)', 'tells the user why the negotiation ended'),
  act('proposed(+Sla, +Status)', 'records the proposal for the user to see'),
  wait('userAccepts(+Sla)', 'the user signs the proposal'),
  wait('userRenegotiates(+Sla, -Changed)', 'the user changes the template'),
  wait('userRefuses(+Sla, -Why)', 'the user declines'),
  act('accepted(+Sla)', 'records that the user has signed'),
  act('declined(+Sla, +Why)', 'records that the proposal was refused, or has expired'),
  act('resourcesAvailable(+Final)', 'announces the machines'),
  act('extractObjectives(+Request, -Asks)', 'a call with a deadline for every objective'),
  asked('compose(+Request, +Bids, -Sla, -Status)', 'the best composite of all proposals'),
  act('signed(+Request, +Sla, +Signed)', 'records that every vendor has signed'),
  act('concluded(+Request, +Sla, +Signed, +Bound, -Final)', 'records the machines'),
  act('retired(+Request, +Final, +Gone)', 'records that the replaced SLA has ended'),
  act('givenBack(+Request, +Sla, +Gone)', 'records what could not be given back'),
  act('rolledBack(+Request, +Sla, +Signed, +Bound, +Gone, -Why)', 'records the failure'),
  wait('replyByPassed(+Asks)', 'the deadline of the calls'),
  act('vendorsFor(+Asks, -Calls, -Unfit)', 'whom to call, and who cannot serve and why'),
  act('archived(+Answers, -Records)', 'keeps the answers, tells the vendors’ records'),
  act('bid(+Ask, -Bid)', 'the vendor’s proposals or its reasoned no'),
  act('sign(+Parts, -Item)', 'the vendor commits to machines'),
  act('start(+Parts, -Item)', 'the vendor starts machines'),
  act('withdraw(+Parts, -Item)', 'the vendor ends machines'),
  act('withdrawn(+Request, +Items)', 'records what has ended'),

  compute('anotherRound(+Request, +Bids, -Next)', 'whether to bargain on', ([request, bids]) => {
    const next = nextRound(unpack<Request>(request), unpackAll<ObjectiveBids>(bids));
    return next === undefined ? undefined : [pack(next)];
  }),
  compute('noBids(+Asks, -Bids)', 'the mediator fell silent', ([asks]) => {
    const refusal = {
      vendor: 'mediator',
      reason: 'failed',
      detail: 'the mediator fell silent',
    } as const;
    const calls = unpackAll<Ask>(asks);
    return [packAll(calls.map((ask) => bidsOf(ask, [refusalBid(ask, refusal)], [])))];
  }),
  compute(
    'bidsOf(+Asks, +Answers, +Records, -Bids)',
    'all answers, by objective',
    ([asks, all, records]) => {
      const answers = unpackAll<VendorBid>(all);
      const known = unpackAll<VendorRecord>(records);
      return [packAll(unpackAll<Ask>(asks).map((ask) => bidsOf(ask, answers, known)))];
    },
  ),
  compute(
    'awards(+Request, +Sla, +Bids, -Winners, -Losers)',
    'whom to accept and whom to reject',
    ([request, sla, bids]) => {
      const call = unpack<Request>(request);
      const decided = awards(call, unpack<Offer>(sla), unpackAll<ObjectiveBids>(bids));
      return [packAll(decided.winners), packAll(decided.losers)];
    },
  ),
  compute('dismissals(+Bids, +Why, -Losers)', 'all are losers', ([bids, why]) => [
    packAll(dismissals(unpackAll<ObjectiveBids>(bids), text(why))),
  ]),
  compute('validUntil(+Sla, -Time)', 'until when every part can be accepted', ([sla]) => [
    unpack<Offer>(sla).composite.validUntilMs,
  ]),
  compute('mayStart(+Request, +Signed, -Starts)', 'enough is signed', ([request, signed]) => {
    const starts = mayStart(unpack<Request>(request), unpackAll<Item>(signed));
    return starts === undefined ? undefined : [packAll(starts)];
  }),
  compute(
    'mayConclude(+Request, +Sla, +Signed, +Bound)',
    'enough is running',
    ([request, sla, signed, bound]) =>
      conclusion(unpack<Request>(request), unpack<Offer>(sla), stage(signed, bound)) === undefined
        ? undefined
        : [],
  ),
  compute(
    'superseded(+Request, +Signed, +Final, -Old)',
    'what is not needed any more',
    ([request, signed, final]) => [
      packAll(superseded(unpack<Request>(request), unpackAll<Item>(signed), unpack<Final>(final))),
    ],
  ),
  compute(
    'substitute(+Request, +Sla, +Signed, +Bound, -Next, -Lost)',
    'a new call for what failed',
    ([request, sla, signed, bound]) => {
      const found = substitute(unpack<Request>(request), unpack<Offer>(sla), stage(signed, bound));
      return found === undefined ? undefined : [pack(found.next), packAll(found.lost)];
    },
  ),
  compute('rollback(+Request, +Signed, -Lost)', 'what to give back', ([request, signed]) => [
    packAll(rollback(unpack<Request>(request), stage(signed))),
  ]),
  compute('remembered(+Request, +Gone, -Next)', 'what is still held', ([request, gone]) => [
    pack(remembering(unpack<Request>(request), unpackAll<Item>(gone))),
  ]),
  compute('idle(-Asks, -Answers, -Negotiator)', 'before the first call', () => [
    list([]),
    list([]),
    '',
  ]),
  compute('noDirectory(-Calls, -Unfit)', 'the directory fell silent', () => [list([]), list([])]),
  compute('vendorsOf(+Calls, -Vendors)', 'the agents that are called', ([calls]) => [
    list(unpackAll<VendorCall>(calls).map(({ agent }) => agent)),
  ]),
  compute('noRecords(-Records)', 'the archiver fell silent', () => [list([])]),
  compute(
    'awaited(+Vendor, +Bid, +Open, +Answers, -Rest, -More)',
    'an answer in time',
    ([vendor, bid, open, answers]) => {
      const waiting = (listItems(open ?? '') ?? []).map(text);
      if (!waiting.includes(text(vendor))) return undefined;
      const more = [...unpackAll<VendorBid>(answers), unpack<VendorBid>(bid)];
      return [list(waiting.filter((agent) => agent !== vendor)), packAll(more)];
    },
  ),
  compute(
    'lateAnswers(+Asks, +Open, +Answers, -More)',
    'who did not answer',
    ([asks, open, answers]) => {
      const late = lateBids(unpackAll<Ask>(asks), (listItems(open ?? '') ?? []).map(text));
      return [packAll([...unpackAll<VendorBid>(answers), ...late])];
    },
  ),
  compute('vendorOf(+Each, -Vendor, -Content)', 'whom to tell what', ([each]) => {
    const one = unpack<Winner | Loser | VendorCall>(each);
    if ('reason' in one) return [one.agent, one.reason];
    return [one.agent, pack('ask' in one ? one.ask : one)];
  }),
  compute('silent(+Winner, -Item)', 'a vendor fell silent', ([winner]) => [
    pack(silentItem(unpack<Winner>(winner))),
  ]),
  compute('answers(+Item, +Winner)', 'it is about that order', ([item, winner]) =>
    isAnswerTo(unpack<Winner>(winner), unpack<Item>(item)) ? [] : undefined,
  ),
  compute('isProposal(+Bid)', 'it is not a refusal', ([bid]) =>
    'kind' in unpack<VendorBid>(bid).answer ? undefined : [],
  ),
  compute('isDone(+Item)', 'every machine succeeded', ([item]) =>
    isDone(unpack<Item>(item)) ? [] : undefined,
  ),
  compute('contractsOf(+Request, -Winners)', 'whose machines to end', ([request]) => {
    const withdrawal = unpack<WithdrawalRequest>(request);
    return [packAll(ordersTo('end', withdrawal, withdrawal.machines))];
  }),
];

export function packAll(values: readonly object[]): Term {
  return list(values.map(pack));
}

export function unpackAll<Value>(term: Term | undefined): readonly Value[] {
  return (listItems(term ?? '') ?? []).map((item) => unpack<Value>(item));
}

function stage(signed: Term | undefined, bound?: Term | undefined) {
  return {
    signed: unpackAll<Item>(signed),
    bound: bound === undefined ? [] : unpackAll<Item>(bound),
  };
}
