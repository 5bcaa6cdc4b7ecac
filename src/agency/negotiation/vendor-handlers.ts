/**
 * What a vendor's agent asks: bid, sign, start, withdraw. A vendor's failure is a value here: the
 * model decides what follows. Only a lost lease or an interrupt ends a call without an answer.
 */

import type { Clock } from '../../base/clock.ts';
import { type Failure, isFailure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import { vendorOfAgent } from '../../negotiation/agents.ts';
import { deadlineOf, refusalBid } from '../../negotiation/asks.ts';
import { isUnsigned } from '../../negotiation/settle.ts';
import {
  type Ask,
  type Item,
  type MachineOrder,
  type MachineOutcome,
  pack,
  unpack,
  type VendorBid,
  type Winner,
} from '../../negotiation/values.ts';
import { checkProposal } from '../../sla/compare.ts';
import type { Proposal, Refusal } from '../../sla/proposal.ts';
import type { VendorRecord } from '../../sla/sla.ts';
import type { Call, Vendor } from '../../vendors/vendor.ts';
import type { Asked, Handled, Handler, HandlerContext } from '../run/handlers.ts';
import { callOf, type NegotiationPorts } from './ports.ts';

export function vendorHandlers(ports: NegotiationPorts): readonly (readonly [string, Handler])[] {
  const acting = (deed: Deed): Handler => ({
    stays: 'foreground',
    handle: (asked, context) => act(ports, deed, { asked, context }),
  });
  return [
    ['bid/2', { stays: 'foreground', handle: (asked, context) => bid(ports, asked, context) }],
    ['sign/2', acting(signing)],
    ['start/2', acting(starting)],
    ['withdraw/2', acting(withdrawing)],
  ];
}

async function bid(
  { vendors, clock }: NegotiationPorts,
  asked: Asked,
  context: HandlerContext,
): Promise<Handled> {
  const ask = unpack<Ask>(asked.args[0]);
  const vendor = vendorOfAgent(asked.agent);
  const { objective, currency, round, rounds, counterPricePerHour } = ask;
  const nowMs = clock.nowMs();
  const replyByMs = deadlineOf(ask, nowMs);
  // A call is over at its deadline: what comes later would be rejected as late.
  const patience = AbortSignal.timeout(replyByMs - nowMs);
  const signal = AbortSignal.any([context.signal, patience]);
  const call = callOf(ask.transaction, { ...context, signal });
  const counter = counterPricePerHour === undefined ? {} : { counterPricePerHour };
  const answer = await attempt(async () => {
    const open = await vendors.open(vendor, call);
    return await open.bid({ objective, currency, replyByMs, round, rounds, ...counter }, call);
  });
  if (!isFailure(answer)) {
    return answered({
      vendor,
      objective: objective.name,
      answer: sifted(ask, answer, clock),
    });
  }
  context.signal.throwIfAborted();
  const reason = patience.aborted ? 'late' : 'failed';
  return answered(
    refusalBid(ask, { vendor, reason, detail: `${answer.message} (${answer.code})` }),
  );
}

function answered(bid: VendorBid): Handled {
  return { answer: { yes: [pack(bid)] } };
}

/** Keeps what meets the objective (V4); when nothing does, the reasons are the refusal. */
function sifted(
  ask: Ask,
  answer: readonly Proposal[] | Refusal,
  clock: Clock,
): readonly Proposal[] | Refusal {
  if ('kind' in answer) return answer;
  const checked = answer.map((proposal) => ({
    proposal,
    reasons: checkProposal(ask.objective, proposal, {
      currency: ask.currency,
      nowMs: clock.nowMs(),
    }),
  }));
  const good = checked.filter(({ reasons }) => reasons.length === 0);
  if (good.length > 0) return good.map(({ proposal }) => proposal);
  const detail = checked.flatMap(({ reasons }) => reasons)[0] ?? 'no proposal at all';
  const { name: objective } = ask.objective;
  return {
    kind: 'refusal',
    vendor: answer[0]?.vendor ?? '',
    objective,
    reason: 'unsupported',
    detail,
  };
}

/** What is done to each machine of an order, and how it counts in the vendor's record. */
interface Deed {
  readonly good?: keyof VendorRecord;
  readonly bad?: keyof VendorRecord;
  /** What is to be known before; it stays known when the deed itself fails. */
  readonly prepare?: (vendor: Vendor, order: MachineOrder, call: Call) => Promise<MachineOrder>;
  readonly perform: (vendor: Vendor, order: MachineOrder, call: Call) => Promise<MachineOutcome>;
}

const signing: Deed = {
  good: 'signed',
  bad: 'broken',
  perform: async (vendor, order, call) => ({
    ...order,
    contract: await vendor.accept(order.part.proposal, order.part.unit, call),
  }),
};

const starting: Deed = {
  good: 'bound',
  bad: 'failed',
  perform: async (vendor, order, call) => {
    if (order.contract === undefined) return order;
    return { ...order, binding: await vendor.bind(order.contract, call) };
  },
};

/**
 * A machine whose signing was never answered may have a contract all the same: accepting once more
 * tells which (V5), and then it can be ended.
 */
const withdrawing: Deed = {
  prepare: async (vendor, order, call) => {
    if (order.contract !== undefined) return order;
    const { part } = order;
    const contract = await attempt(() => vendor.accept(part.proposal, part.unit, call));
    if (!isFailure(contract)) return { ...order, contract };
    if (isUnsigned(contract.code)) return order;
    throw contract;
  },
  perform: async (vendor, order, call) => {
    if (order.contract !== undefined) await vendor.withdraw(order.contract.id, call);
    return order;
  },
};

async function act(
  ports: NegotiationPorts,
  deed: Deed,
  { asked, context }: { readonly asked: Asked; readonly context: HandlerContext },
): Promise<Handled> {
  const winner = unpack<Winner>(asked.args[0]);
  const call = callOf(winner.transaction, context);
  const startedMs = ports.clock.nowMs();
  const trying: Trying = (work) =>
    patiently(ports.clock, context.signal, async () => {
      const vendor = await attempt(() => ports.vendors.open(winner.vendor, call));
      if (isFailure(vendor)) return vendor;
      await context.confirm();
      return await attempt(() => work(vendor));
    });
  const machines = await inTurns(winner.machines, (order) =>
    carriedOut(order, trying, {
      prepare: (vendor) => deed.prepare?.(vendor, order, call) ?? Promise.resolve(order),
      perform: (vendor, ready) => deed.perform(vendor, ready, call),
    }),
  );
  const item: Item = {
    deed: winner.deed,
    vendor: winner.vendor,
    objective: winner.objective,
    machines,
  };
  const tookMs = ports.clock.nowMs() - startedMs;
  return { answer: { yes: [pack(item)] }, facts: recordOf(deed, item, tookMs) };
}

type Trying = <Value>(work: (vendor: Vendor) => Promise<Value>) => Promise<Value | Failure>;

interface Steps {
  readonly prepare: (vendor: Vendor) => Promise<MachineOrder>;
  readonly perform: (vendor: Vendor, ready: MachineOrder) => Promise<MachineOutcome>;
}

/** A failure is an outcome; what was known before it stays known. */
async function carriedOut(
  order: MachineOrder,
  trying: Trying,
  { prepare, perform }: Steps,
): Promise<MachineOutcome> {
  const ready = await trying(prepare);
  if (isFailure(ready)) return failedOutcome(order, ready);
  const outcome = await trying((vendor) => perform(vendor, ready));
  return isFailure(outcome) ? failedOutcome(ready, outcome) : outcome;
}

function failedOutcome(order: MachineOrder, { code, message }: Failure): MachineOutcome {
  return { ...order, failed: { code, detail: message } };
}

function recordOf(deed: Deed, item: Item, tookMs: number): NonNullable<Handled['facts']> {
  const bad = item.machines.filter((outcome) => outcome.failed !== undefined).length;
  const good = item.machines.length - bad;
  const add = {
    ...(deed.good === undefined ? {} : { [deed.good]: good }),
    ...(deed.bad === undefined ? {} : { [deed.bad]: bad }),
    ...(deed.good === 'bound' ? { bindMsTotal: good * tookMs } : {}),
  };
  return deed.good === undefined ? [] : [{ kind: 'vendor', vendor: item.vendor, add }];
}

/** At most a few machines at once, in order, so that a provider is not flooded. */
async function inTurns<In, Out>(
  items: readonly In[],
  perform: (item: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results: Out[] = [];
  for (let from = 0; from < items.length; from += limits.vendorCallsAtOnce) {
    const some = items.slice(from, from + limits.vendorCallsAtOnce);
    const settled = await Promise.allSettled(some.map(perform));
    results.push(...settled.map(settledValue));
  }
  return results;
}

/** Only once all have settled, so that none goes on unseen after one has failed. */
function settledValue<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

/** Repeats what may succeed later a few times; the last failure is the answer. */
async function patiently<Value>(
  clock: Clock,
  signal: AbortSignal,
  perform: () => Promise<Value | Failure>,
): Promise<Value | Failure> {
  for (let tries = 1; ; tries += 1) {
    const result = await perform();
    signal.throwIfAborted();
    if (!isFailure(result) || result.retry === 'never') return result;
    if (tries >= limits.vendorTries) return result;
    await clock.sleep(limits.vendorRetryMs * 2 ** (tries - 1), signal);
  }
}

/** A Failure becomes a value; a bug goes on being thrown. */
async function attempt<Value>(perform: () => Promise<Value>): Promise<Value | Failure> {
  try {
    return await perform();
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
}
