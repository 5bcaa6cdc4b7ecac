/**
 * Negotiations by a shipped model through the real agency, store and perfcloud, over a transport
 * that may garble, lose or delay what is said.
 */

import type { Office } from '../../src/agency/compose.ts';
import type { NegotiateOptions } from '../../src/agency/requests.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { Message } from '../../src/lcc/step.ts';
import { data, type Json } from '../../src/lcc/term.ts';
import { type ConversationId, id } from '../../src/sla/ids.ts';
import type { Sla } from '../../src/sla/sla.ts';
import type { TracedMessage } from '../../src/store/store.ts';
import { inProcessTransport } from '../../src/transport/in-process.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { homeWith, options, signal, small, template } from '../support/office.ts';

/** What arrives instead of a message; `undefined`: the message itself. */
export type Alter = (message: Message) => readonly Message[] | undefined;

export interface Rehearsal {
  /** By default one perfcloud, `east`. */
  readonly vendors?: Readonly<Record<string, object>>;
  /** By default two, `web` and `db`. */
  readonly objectives?: object;
  readonly limits?: object;
  readonly alter?: Alter;
  readonly clock?: Clock;
  readonly options?: Partial<NegotiateOptions>;
}

export interface Played extends AsyncDisposable {
  readonly office: Office;
  /** As the negotiation left it. */
  readonly sla: Sla;
  /** Of the negotiation's conversation, as it is now. */
  readonly trace: () => Promise<readonly TracedMessage[]>;
  /** `cfp client>negotiator` for each message of it. */
  readonly said: () => Promise<readonly string[]>;
  /** How many contracts all vendors together hold for us. */
  readonly held: () => Promise<number>;
}

/** Negotiates, and accepts what meets the template; see {@link waiting} for one that asks first. */
export async function played(rehearsal: Rehearsal = {}): Promise<Played> {
  const { vendors = { east: {} }, objectives = twoObjectives, limits, alter, clock } = rehearsal;
  const home = await homeWith(vendors);
  const office = await home.office({
    ...(alter === undefined ? {} : { transport: altering(alter) }),
    ...(clock === undefined ? {} : { clock }),
  });
  const asked = template(objectives, limits === undefined ? {} : { limits });
  const how = options({ model: 'cloud-agency', ...rehearsal.options });
  const sla = await office.agency.negotiate(asked, how, signal);
  const trace = (): Promise<readonly TracedMessage[]> => office.store.trace(sla.conversation);
  return {
    office,
    sla,
    trace,
    said: async () =>
      (await trace()).map(({ message: { name, from, to } }) => `${name} ${from.id}>${to.id}`),
    held: () => held(office),
    async [Symbol.asyncDispose]() {
      await office[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

async function held({ vendors }: Office): Promise<number> {
  const call = { conversation: id<ConversationId>('held'), signal, progress: () => undefined };
  const lists = vendors.names.map(async (name) =>
    Array.fromAsync((await vendors.open(name, call)).contracts(call)),
  );
  return (await Promise.all(lists)).flat().length;
}

/** The same up to the user's decision. */
export function waiting(rehearsal: Rehearsal = {}): Promise<Played> {
  return played({ ...rehearsal, options: { ...rehearsal.options, accept: 'ask' } });
}

const twoObjectives = { web: small, db: small };

/** The messages with all of these codes, as `name fromRole>toRole`. */
export async function withCodes(
  { trace }: Played,
  ...codes: readonly string[]
): Promise<readonly string[]> {
  return (await trace())
    .filter((traced) => codes.every((code) => traced.codes.includes(code)))
    .map(({ message: { name, from, to } }) => `${name} ${from.role}>${to.role}`);
}

/** The first message of that name, from that role if one is named, arrives under an unknown name. */
export function unknown(name: string, fromRole?: string): Alter {
  return once(name, fromRole, (message) => [{ ...message, name: 'gossip' }]);
}

/** The first message of that name arrives with nothing in its data. */
export function unreadable(name: string, fromRole?: string): Alter {
  return rewritten(name, fromRole, () => ({}));
}

/** The first message of that name arrives with other data. */
export function rewritten(
  name: string,
  fromRole: string | undefined,
  rewrite: (value: Json) => Json,
): Alter {
  return once(name, fromRole, (message) => [
    {
      ...message,
      args: message.args.map((arg) =>
        typeof arg === 'object' && arg.kind === 'data' ? data(rewrite(arg.value)) : arg,
      ),
    },
  ]);
}

export function once(
  name: string,
  fromRole: string | undefined,
  alter: (message: Message) => readonly Message[],
): Alter {
  let done = false;
  return (message) => {
    const fits = message.name === name && (fromRole ?? message.from.role) === message.from.role;
    if (done || !fits) return undefined;
    done = true;
    return alter(message);
  };
}

/** A value with one of its fields changed, down a path of names. */
export function changed(value: Json, path: readonly string[], to: Json | undefined): Json {
  const [name, ...rest] = path;
  if (name === undefined) return to ?? null;
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const entries = fields.flatMap(([key, inner]: [string, Json]): [string, Json][] => {
    if (key !== name) return [[key, inner]];
    return rest.length === 0 && to === undefined ? [] : [[key, changed(inner, rest, to)]];
  });
  if (Array.isArray(value)) return entries.map(([, inner]) => inner);
  return Object.fromEntries(entries);
}

function altering(alter: Alter): () => Transport {
  return () => {
    const inner = inProcessTransport();
    return {
      send: (message) => {
        for (const arriving of alter(message) ?? [message]) inner.send(arriving);
      },
      receive: inner.receive,
    };
  };
}
