/** Values for tests of a store: small, and different in every field that is stored. */
import { atom, data, list, struct } from '../../../src/lcc/term.ts';
import { type ContractId, type ConversationId, id, type SlaId } from '../../../src/sla/ids.ts';
import type { Machine, Sla } from '../../../src/sla/sla.ts';
import type {
  Lease,
  NewConversation,
  Save,
  StoredAsk,
  TracedMessage,
} from '../../../src/store/store.ts';

export const startMs = 1_764_000_000_000;

export function conversationId(name: string): ConversationId {
  return id<ConversationId>(name);
}

function slaId(name: string): SlaId {
  return id<SlaId>(name);
}

/** A conversation of a client and a negotiator. */
export function conversation(
  name: string,
  changed: Partial<NewConversation> = {},
): NewConversation {
  return {
    id: conversationId(name),
    purpose: 'negotiate',
    sla: slaId(`sla-${name}`),
    modelName: 'negotiation',
    modelText: 'a(client, C) :: null',
    agents: [
      { id: 'negotiator', role: 'negotiator', state: '{"n":0}' },
      { id: 'client', role: 'client', state: '' },
    ],
    createdMs: startMs,
    ...changed,
  };
}

/** A save that changes nothing but what is given. */
export function save(lease: Lease, changed: Partial<Save> = {}): Save {
  const nothing = { agents: [], asked: [], closed: [], sent: [], queued: [], taken: [], facts: [] };
  return { lease, ...nothing, ended: false, ...changed };
}

export function ask(agent: string, number: number): StoredAsk {
  return {
    agent,
    ask: number,
    name: 'compose',
    arity: 4,
    args: [data({ name: 'shop', prefer: { price: 3 } }), list([1, 'two', atom('three')])],
  };
}

export function sent(name: string, number: number): TracedMessage {
  return {
    number,
    conversation: conversationId(name),
    atMs: startMs + number,
    message: {
      from: { role: 'negotiator', id: 'negotiator' },
      to: { role: 'vendor', id: `vendor:${number}` },
      name: 'accept_proposal',
      args: number % 2 === 0 ? [] : [struct('bid', `web-${number}`, list([number], 'tail'))],
    },
    codes: number % 2 === 0 ? [] : ['S3', 'E7'],
  };
}

/** The mail of the same message. */
export function mailOf(traced: TracedMessage): Save['queued'][number] {
  return { number: traced.number, message: traced.message };
}

export function machine(name: string, changed: Partial<Machine> = {}): Machine {
  return {
    name,
    objective: 'web',
    vendor: 'perfcloud',
    contract: id<ContractId>(`contract-${name}`),
    pricePerHour: { micros: 20_000, currency: 'USD' },
    state: 'signed',
    ...changed,
  };
}

/** A composite of no parts, for 0.06 USD an hour. */
export function sla(name: string, changed: Partial<Sla> = {}): Sla {
  return {
    id: slaId(name),
    conversation: conversationId(`of-${name}`),
    transaction: conversationId(`of-${name}`),
    name: 'shop',
    state: 'proposed',
    template: {
      name: 'shop',
      limits: {},
      prefer: { price: 3, speed: 1, trust: 1 },
      objectives: [],
    },
    composite: {
      status: 'OK',
      parts: [],
      pricePerHour: { micros: 60_000, currency: 'USD' },
      score: 0.75,
      shortfalls: [],
      proof: { kind: 'optimal', gapPercent: 0 },
      validUntilMs: startMs + 60_000,
    },
    machines: [],
    createdMs: startMs,
    updatedMs: startMs + 1,
    ...changed,
  };
}
