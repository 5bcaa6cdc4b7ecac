import { isAmended } from '../../negotiation/amend.ts';
import { unpackAll } from '../../negotiation/constraints.ts';
import {
  type ObjectiveBids,
  type Offer,
  pack,
  type Request,
  unpack,
} from '../../negotiation/values.ts';
import type { Answers, Composite, VendorRecord } from '../../sla/sla.ts';
import type { Fact } from '../../store/store.ts';
import { type Asked, type Handled, type HandlerContext, yes } from '../run/handlers.ts';
import { type Composed, callOf, type NegotiationPorts } from './ports.ts';

/** What `sla show --explain` reads: kept under the key `explanation`. */
export interface Explanation {
  readonly answers: readonly Answers[];
  readonly lost: Composed['lost'];
  readonly cheapest?: Composite;
  readonly fastest?: Composite;
}

/** Chooses the best composite out of all proposals (Cloud Agency, Negotiator S5). */
export async function composeOffer(
  { compose, vendors, clock }: NegotiationPorts,
  asked: Asked,
  context: HandlerContext,
): Promise<Handled> {
  const request = unpack<Request>(asked.args[0]);
  const bids = unpackAll<ObjectiveBids>(asked.args[1]);
  const answers = bids.map((bid) => usable(request, bid.answers));
  const described = await vendors.describeAll(callOf(request.transaction, context));
  const input = {
    template: request.template,
    answers,
    records: distinct(bids.flatMap(({ records }) => records)),
    kept: request.kept.map(({ part }) => part),
    sites: described.flatMap((each) =>
      'description' in each ? [{ vendor: each.name, sites: each.description.sites }] : [],
    ),
    policy: request.policy,
    nowMs: clock.nowMs(),
  };
  const composed = await compose(input, context.signal);
  const { composite } = composed;
  const offer: Offer = { request, composite, accept: mayAccept(request, composite) };
  const { lost, cheapest, fastest } = composed;
  const explanation: Explanation = {
    answers: bids.map((bid) => bid.answers),
    lost,
    ...(cheapest === undefined ? {} : { cheapest }),
    ...(fastest === undefined ? {} : { fastest }),
  };
  const keep: Fact = {
    kind: 'keep',
    conversation: asked.conversation,
    key: 'explanation',
    text: JSON.stringify(explanation),
  };
  return { ...yes(pack(offer), composite.status), facts: [keep] };
}

/** Alternatives that failed in this conversation are not tried again. */
function usable(request: Request, answers: Answers): Answers {
  const failed = new Set(request.excluded.map(shapeKey));
  return {
    ...answers,
    proposals: answers.proposals.filter((proposal) => !failed.has(shapeKey(proposal))),
  };
}

function shapeKey(shape: {
  readonly vendor: string;
  readonly site: string;
  readonly shape: string;
}) {
  return `${shape.vendor}\n${shape.site}\n${shape.shape}`;
}

/**
 * Signed without asking again: what the user said beforehand may be, changes within the agreed
 * bounds, and a substitute that costs no more than what was accepted.
 */
function mayAccept(request: Request, composite: Composite): Offer['accept'] {
  if (composite.status !== 'OK') return 'ask';
  if (request.accept === 'when-met') return 'now';
  const { replaces, template, acceptedMicros: accepted } = request;
  const agreed = replaces && {
    template: replaces.template,
    parts: replaces.machines.map(({ part }) => part),
  };
  if (agreed !== undefined && isAmended(agreed, { template, composite })) return 'now';
  return accepted !== undefined && composite.pricePerHour.micros <= accepted ? 'now' : 'ask';
}

function distinct(records: readonly VendorRecord[]): readonly VendorRecord[] {
  return [...new Map(records.map((record) => [record.vendor, record])).values()];
}
