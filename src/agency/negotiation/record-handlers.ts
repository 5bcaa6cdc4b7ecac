/**
 * What the client, the negotiator, the directory and the archiver ask: the request, the deadlines,
 * composing, and the records that commands show.
 */

import { invariant } from '../../base/failure.ts';
import type { Term } from '../../lcc/term.ts';
import { asksOf, deadlineOf } from '../../negotiation/asks.ts';
import { packAll, unpackAll } from '../../negotiation/constraints.ts';
import {
  brokenQuote,
  conclusion,
  leftOf,
  machinesOf,
  reasonsOf,
} from '../../negotiation/settle.ts';
import {
  type Ask,
  type Final,
  type Item,
  type Offer,
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
import { replacedBy, type Standing, slaFact } from './sla-facts.ts';

export function recordHandlers(ports: NegotiationPorts): readonly (readonly [string, Handler])[] {
  return [...askingHandlers(ports), ...decisionHandlers(), ...standingHandlers(ports)];
}

type Now = (asked: Asked, context: HandlerContext) => Handled;

function now(handle: Now): Handler {
  return {
    stays: 'foreground',
    handle: (asked, context) => Promise.resolve(handle(asked, context)),
  };
}

function later(handle: Handler['handle']): Handler {
  return { stays: 'foreground', handle };
}

function askingHandlers(ports: NegotiationPorts): readonly (readonly [string, Handler])[] {
  const { clock } = ports;
  return [
    ['requirements/1', later((asked) => requirements(ports, asked))],
    ['show/1', now(() => yes())],
    ['resourcesAvailable/1', now(() => yes())],
    [
      'extractObjectives/2',
      now(({ args }) => yes(packAll(asksOf(unpack<Request>(args[0]), clock.nowMs())))),
    ],
    ['vendorsFor/3', later((asked, context) => directoryLookUp(ports, asked, context))],
    ['archived/2', later((asked) => archive(ports, asked))],
    ['compose/4', later((asked, context) => composeOffer(ports, asked, context))],
    ['replyByPassed/1', later(replyBy(ports))],
  ];
}

function decisionHandlers(): readonly (readonly [string, Handler])[] {
  return [
    ['userAccepts/1', decision((offer) => (offer.accept === 'now' ? yes() : undefined))],
    ['userRenegotiates/2', decision(() => undefined)],
    ['userRefuses/2', decision(() => undefined)],
  ];
}

/** Each records where the SLA stands now. */
function standingHandlers(ports: NegotiationPorts): readonly (readonly [string, Handler])[] {
  const standing = (stand: (args: readonly Term[]) => Stood): Handler =>
    now((asked) => {
      const { offer, standing: found, outputs } = stand(asked.args);
      const at = { conversation: asked.conversation, nowMs: ports.clock.nowMs() };
      return { ...yes(...outputs), facts: [slaFact(offer, found, at)] };
    });
  return [
    ['proposed/2', standing(proposed)],
    ['accepted/1', standing(accepted)],
    ['declined/2', standing(declined)],
    ['signed/3', standing(signedByAll)],
    ['concluded/5', later((asked) => concluded(ports, asked))],
    ['givenBack/3', givenBack(ports)],
    ['rolledBack/6', standing(rolledBack)],
  ];
}

interface Stood {
  readonly offer: Offer;
  readonly standing: Standing;
  readonly outputs: readonly Term[];
}

function stood(offer: Offer, standing: Standing, ...outputs: readonly Term[]): Stood {
  return { offer, standing, outputs };
}

function proposed([sla]: readonly Term[]): Stood {
  const offer = unpack<Offer>(sla);
  const met = offer.composite.status === 'OK';
  return stood(offer, {
    state: met ? 'proposed' : 'failed-proposal',
    machines: keptMachines(offer),
  });
}

function accepted([sla]: readonly Term[]): Stood {
  const offer = unpack<Offer>(sla);
  return stood(offer, { state: 'signed', machines: keptMachines(offer) });
}

/** Those that the SLA has before any other is signed. */
function keptMachines(offer: Offer): readonly Machine[] {
  return machinesOf(offer.request, offer, { signed: [], bound: [] });
}

function declined([sla, why]: readonly Term[]): Stood {
  const reason = String(why);
  const state = reason === 'expired' ? 'expired' : 'refused';
  return stood(unpack<Offer>(sla), { state, machines: [], reason });
}

function signedByAll(args: readonly Term[]): Stood {
  const { request, offer, signed } = stageOf(args);
  const machines = machinesOf(request, offer, { signed, bound: [] });
  return stood(offer, { state: 'starting', machines });
}

/**
 * `mayConclude` was asked before, with the same arguments. What the new SLA has kept of the one that
 * it replaces goes over to it in the same moment, so that no machine is ever in two.
 */
async function concluded(
  { store, clock }: NegotiationPorts,
  { conversation, args }: Asked,
): Promise<Handled> {
  const { request, offer, signed, bound } = stageOf(args);
  const end = conclusion(request, offer, { signed, bound });
  invariant(end !== undefined, 'an SLA is concluded that cannot be');
  const reason = reasonsOf({ signed, bound });
  const final: Final = { state: end.state, machines: end.machines };
  const nowMs = clock.nowMs();
  const standing: Standing = { ...end, ...(reason === '' ? {} : { reason }) };
  const facts = [slaFact(offer, standing, { conversation, nowMs })];
  facts.push(...(await replacedBy({ store, clock }, { request, final })));
  return { ...yes(pack(final)), facts };
}

/** What could not be given back stays in the SLA, so that it is ended later. */
function givenBack({ clock }: NegotiationPorts): Handler {
  return now((asked) => {
    const [, sla, gone] = asked.args;
    const { machines, words } = leftOf(unpackAll<Item>(gone));
    if (machines.length === 0) return yes();
    const at = { conversation: asked.conversation, nowMs: clock.nowMs() };
    const standing: Standing = { state: 'withdrawing', machines, reason: words.join('; ') };
    return { ...yes(), facts: [slaFact(unpack<Offer>(sla), standing, at)] };
  });
}

/** The standing of an SLA that could not be brought up: what is still held is not forgotten. */
function rolledBack(args: readonly Term[]): Stood {
  const { offer, ...stage } = stageOf(args);
  const { machines, words } = leftOf(unpackAll<Item>(args[4]));
  const reason = [reasonsOf(stage), ...words].filter((each) => each !== '').join('; ');
  if (machines.length === 0) {
    const state = brokenQuote(stage) === undefined ? 'ended' : 'expired';
    return stood(offer, { state, machines, reason }, reason);
  }
  return stood(offer, { state: 'withdrawing', machines, reason }, reason);
}

function stageOf([request, sla, signed, bound]: readonly Term[]) {
  return {
    request: unpack<Request>(request),
    offer: unpack<Offer>(sla),
    signed: unpackAll<Item>(signed),
    bound: unpackAll<Item>(bound),
  };
}

/** Answered by a command through the store, unless it is decided already. */
function decision(decide: (offer: Offer) => Handled | undefined): Handler {
  return {
    stays: 'outside',
    handle: ({ args }) => Promise.resolve(decide(unpack<Offer>(args[0]))),
  };
}

function replyBy({ clock }: NegotiationPorts): Handler['handle'] {
  return async ({ args }, { signal }) => {
    const nowMs = clock.nowMs();
    const last = Math.max(nowMs, ...unpackAll<Ask>(args[0]).map((ask) => deadlineOf(ask, nowMs)));
    await clock.sleep(last - nowMs, signal);
    return yes();
  };
}

async function requirements({ store }: NegotiationPorts, asked: Asked): Promise<Handled> {
  const text = await store.kept(asked.conversation, 'request');
  return text === undefined ? no : yes(pack(JSON.parse(text)));
}

/** Cloud Agency's Archiver: counts the answers, and tells what is known of those who gave them. */
async function archive({ store }: NegotiationPorts, asked: Asked): Promise<Handled> {
  const bids = unpackAll<VendorBid>(asked.args[0]);
  const answered = new Set(bids.map((bid) => bid.vendor));
  const records = (await store.vendorRecords()).filter(({ vendor }) => answered.has(vendor));
  const facts = bids.map(({ vendor, answer }) => {
    const what: keyof VendorRecord =
      'kind' in answer ? (answer.reason === 'late' ? 'late' : 'refused') : 'proposed';
    return { kind: 'vendor', vendor, add: { [what]: 1 } } as const;
  });
  return { ...yes(packAll(records)), facts };
}
