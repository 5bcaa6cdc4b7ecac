/**
 * What the client, the negotiator, the directory and the archiver ask: the request, the deadlines,
 * composing, and the records that commands show.
 */

import type { Term } from '../../lcc/term.ts';
import { asksOf } from '../../negotiation/asks.ts';
import { type Final, packAll, unpackAll } from '../../negotiation/constraints.ts';
import {
  brokenQuote,
  conclusion,
  machinesOf,
  reasonsOf,
  stillHeld,
} from '../../negotiation/settle.ts';
import {
  type Ask,
  type Offer,
  type OrderResult,
  pack,
  type Request,
  unpack,
  type VendorBid,
} from '../../negotiation/values.ts';
import type { Machine, VendorRecord } from '../../sla/sla.ts';
import {
  type Asked,
  type Handled,
  type Handler,
  type HandlerContext,
  no,
  yes,
} from '../run/handlers.ts';
import { composeOffer } from './compose-offer.ts';
import { directoryLookUp } from './directory.ts';
import type { NegotiationPorts } from './ports.ts';
import { type Standing, slaFact } from './sla-facts.ts';

export function recordHandlers(ports: NegotiationPorts): readonly (readonly [string, Handler])[] {
  const { clock } = ports;
  const now = (handle: (asked: Asked, context: HandlerContext) => Handled): Handler => ({
    stays: 'foreground',
    handle: (asked, context) => Promise.resolve(handle(asked, context)),
  });
  const later = (handle: Handler['handle']): Handler => ({ stays: 'foreground', handle });
  const record = (offer: Offer, asked: Asked, standing: Standing) =>
    slaFact(offer, standing, { conversation: asked.conversation, nowMs: clock.nowMs() });

  return [
    ['requirements/1', later((asked) => requirements(ports, asked))],
    ['show/1', now(() => yes())],
    ['resourcesAvailable/1', now(() => yes())],
    [
      'extractObjectives/2',
      now(({ args }) => yes(packAll(asksOf(unpack<Request>(args[0]), clock.nowMs())))),
    ],
    ['vendorsFor/3', later((asked, context) => directoryLookUp(ports, asked, context))],
    ['archived/3', later((asked) => archive(ports, asked))],
    ['compose/4', later((asked, context) => composeOffer(ports, asked, context))],
    [
      'proposed/2',
      now((asked) => {
        const offer = unpack<Offer>(asked.args[0]);
        const met = offer.composite.status === 'OK';
        const standing = { state: met ? 'proposed' : 'failed-proposal', machines: [] } as const;
        return { ...yes(), facts: [record(offer, asked, standing)] };
      }),
    ],
    ['userAccepts/1', decision((offer) => (offer.accept === 'now' ? yes() : undefined))],
    ['userRenegotiates/2', decision(() => undefined)],
    ['userRefuses/2', decision(() => undefined)],
    ['proposalExpires/2', { stays: 'background', handle: expiry(ports) }],
    ['replyByPassed/1', later(replyBy(ports))],
    [
      'accepted/1',
      now((asked) => {
        const offer = unpack<Offer>(asked.args[0]);
        return { ...yes(), facts: [record(offer, asked, { state: 'signed', machines: [] })] };
      }),
    ],
    [
      'declined/2',
      now((asked) => {
        const offer = unpack<Offer>(asked.args[0]);
        const why = String(asked.args[1]);
        const state = why === 'expired' ? 'expired' : 'refused';
        return { ...yes(), facts: [record(offer, asked, { state, machines: [], reason: why })] };
      }),
    ],
    [
      'signed/3',
      now((asked) => {
        const { request, offer, signed } = stageOf(asked.args);
        const machines = machinesOf(request, offer, { signed, bound: [] });
        return { ...yes(), facts: [record(offer, asked, { state: 'starting', machines })] };
      }),
    ],
    [
      'concluded/5',
      now((asked) => {
        const { request, offer, signed, bound } = stageOf(asked.args);
        const end = conclusion(request, offer, { signed, bound });
        if (end === undefined) return no;
        const reason = reasonsOf({ signed, bound });
        const standing = { ...end, ...(reason === '' ? {} : { reason }) };
        const final: Final = { state: end.state, machines: end.machines };
        return { ...yes(pack(final)), facts: [record(offer, asked, standing)] };
      }),
    ],
    ['lost/3', now(() => yes())],
    [
      'rolledBack/6',
      now((asked) => {
        const [, , , , gone] = asked.args;
        const { offer, signed, bound } = stageOf(asked.args);
        const standing = rolledBack({ signed, bound }, unpackAll<OrderResult>(gone));
        return { ...yes(standing.reason ?? ''), facts: [record(offer, asked, standing)] };
      }),
    ],
  ];
}

/** The standing of an SLA that could not be brought up: what is still held is not forgotten. */
function rolledBack(
  stage: { readonly signed: readonly OrderResult[]; readonly bound: readonly OrderResult[] },
  gone: readonly OrderResult[],
): Standing {
  const held = stillHeld(gone);
  const reason = reasonsOf(stage);
  if (held.length === 0) {
    const state = brokenQuote(stage) === undefined ? 'ended' : 'expired';
    return { state, machines: [], reason };
  }
  const machines = held.flatMap(({ machine, part, contract, failed }): readonly Machine[] =>
    contract === undefined
      ? []
      : [
          {
            name: machine,
            objective: part.objective,
            vendor: part.proposal.vendor,
            contract: contract.id,
            pricePerHour: part.proposal.pricePerHour,
            state: 'withdrawing',
            ...(failed === undefined ? {} : { reason: failed.detail }),
          },
        ],
  );
  return { state: 'withdrawing', machines, reason };
}

function stageOf([request, sla, signed, bound]: readonly Term[]) {
  return {
    request: unpack<Request>(request),
    offer: unpack<Offer>(sla),
    signed: unpackAll<OrderResult>(signed),
    bound: unpackAll<OrderResult>(bound),
  };
}

/** Answered by a command through the store, unless it is decided already. */
function decision(decide: (offer: Offer) => Handled | undefined): Handler {
  return {
    stays: 'outside',
    handle: ({ args }) => Promise.resolve(decide(unpack<Offer>(args[0]))),
  };
}

function expiry({ clock }: NegotiationPorts): Handler['handle'] {
  return async ({ args }, { signal }) => {
    const { composite } = unpack<Offer>(args[0]);
    await clock.sleep(Math.max(0, composite.validUntilMs - clock.nowMs()), signal);
    return yes('expired');
  };
}

function replyBy({ clock }: NegotiationPorts): Handler['handle'] {
  return async ({ args }, { signal }) => {
    await clock.sleep(Math.max(0, unpack<Ask>(args[0]).replyByMs - clock.nowMs()), signal);
    return yes();
  };
}

async function requirements({ store }: NegotiationPorts, asked: Asked): Promise<Handled> {
  const text = await store.kept(asked.conversation, 'request');
  return text === undefined ? no : yes(pack(JSON.parse(text)));
}

/** Cloud Agency's Archiver: counts the answers, and tells what is known of those who gave them. */
async function archive({ store }: NegotiationPorts, asked: Asked): Promise<Handled> {
  const bids = unpackAll<VendorBid>(asked.args[1]);
  const answered = new Set(bids.map((bid) => bid.vendor));
  const records = (await store.vendorRecords()).filter(({ vendor }) => answered.has(vendor));
  const facts = bids.map(({ vendor, answer }) => {
    const what: keyof VendorRecord =
      'kind' in answer ? (answer.reason === 'late' ? 'late' : 'refused') : 'proposed';
    return { kind: 'vendor', vendor, add: { [what]: 1 } } as const;
  });
  return { ...yes(packAll(records)), facts };
}
