/**
 * What the negotiation models carry as data: made here, read here, opaque to the models.
 * Everything is plain JSON, since it is saved with the agents' states and sent between them.
 */

import { Bug } from '../base/failure.ts';
import type { Data, Json, Term } from '../lcc/term.ts';
import { data } from '../lcc/term.ts';
import type { ConversationId, SlaId } from '../sla/ids.ts';
import type { Money } from '../sla/money.ts';
import type { Objective } from '../sla/objective.ts';
import type { Binding, Contract, Proposal, Refusal } from '../sla/proposal.ts';
import type { Answers, Composite, Machine, Part, SlaState, VendorRecord } from '../sla/sla.ts';
import type { Template } from '../sla/template.ts';

export const policies = ['cheapest', 'fastest', 'balanced', 'first'] as const;
export type Policy = (typeof policies)[number];

export const onFailures = ['renegotiate', 'rollback', 'keep'] as const;
export type OnFailure = (typeof onFailures)[number];

/** A call for a composite: the content of the `cfp` to the negotiator, with what it has led to. */
export interface Request {
  readonly sla: SlaId;
  /** The transaction under which vendors know the machines; kept when an SLA is renegotiated. */
  readonly transaction: ConversationId;
  readonly template: Template;
  readonly currency: string;
  readonly createdMs: number;
  readonly policy: Policy;
  readonly onFailure: OnFailure;
  /** Accept what meets the template without asking the user. */
  readonly accept: 'ask' | 'when-met';
  /** Once the user accepted: what a substitute may cost without asking again. */
  readonly acceptedMicros?: number;
  /** How long vendors have to answer a call. */
  readonly replyWithinMs: number;
  /** The round of bargaining, from 0, and how many there may be. */
  readonly round: number;
  readonly rounds: number;
  /** The best price per hour of one machine in the last round, by objective. */
  readonly counters: Readonly<Record<string, Money>>;
  /** Attempts to replace what could not be signed or started. */
  readonly attempt: number;
  /** Machines that are signed, running or not: they take part in composing as they are. */
  readonly kept: readonly KeptPart[];
  /** Alternatives that failed in this conversation. */
  readonly excluded: readonly Excluded[];
  /** What was to be given back in this conversation and was not. */
  readonly left?: Left;
  /** The SLA that this one replaces once it is ready, with its machines. */
  readonly replaces?: {
    readonly sla: SlaId;
    readonly template: Template;
    readonly machines: readonly MachineOrder[];
  };
}

/** A part with its contract; `since` tells whether a rollback may end it. */
export interface KeptPart {
  readonly part: Part;
  readonly machine: Machine;
  readonly since: 'this' | 'replaced';
}

/** It stays in the SLA until it has ended. */
export interface Left {
  /** As `withdrawing`. */
  readonly machines: readonly Machine[];
  /** Sentences about those of which it is not even known whether they were signed. */
  readonly words: readonly string[];
}

export interface Excluded {
  readonly vendor: string;
  readonly site: string;
  readonly shape: string;
  readonly reason: string;
}

/** The call for one objective. */
export interface Ask {
  readonly transaction: ConversationId;
  /** `count` is what is still wanted. */
  readonly objective: Objective;
  readonly currency: string;
  readonly replyByMs: number;
  readonly replyWithinMs: number;
  readonly round: number;
  readonly rounds: number;
  readonly counterPricePerHour?: Money;
}

/** A call and the vendor's agent that gets it. */
export interface VendorCall {
  readonly agent: string;
  readonly ask: Ask;
}

/** One vendor's answer to a call. */
export interface VendorBid {
  readonly vendor: string;
  readonly objective: string;
  readonly answer: readonly Proposal[] | Refusal;
}

/** All answers for one objective, with the records of those who answered. */
export interface ObjectiveBids {
  readonly objective: string;
  readonly answers: Answers;
  readonly records: readonly VendorRecord[];
}

/** The content of the `propose` to the client. */
export interface Offer {
  readonly request: Request;
  readonly composite: Composite;
  /** `now`: the user said beforehand that this may be signed without asking again. */
  readonly accept: 'ask' | 'now';
}

export type Deed = 'sign' | 'start' | 'end';

/** A vendor's agent and the machines it is to sign, start or end. */
export interface Winner {
  readonly deed: Deed;
  readonly agent: string;
  readonly vendor: string;
  readonly objective: string;
  readonly transaction: ConversationId;
  readonly machines: readonly MachineOrder[];
}

export interface Loser {
  readonly agent: string;
  readonly reason: string;
}

export interface MachineOrder {
  readonly machine: string;
  readonly part: Part;
  /** Known once it was signed. */
  readonly contract?: Contract;
}

/** What became of one vendor's machines. */
export interface Item {
  /** Of the order that this answers. */
  readonly deed: Deed;
  readonly vendor: string;
  readonly objective: string;
  readonly machines: readonly MachineOutcome[];
}

export interface MachineOutcome extends MachineOrder {
  readonly binding?: Binding;
  readonly failed?: { readonly code: string; readonly detail: string };
}

/** The content of the last `inform`: the machines as they stand. */
export interface Final {
  readonly state: SlaState;
  readonly machines: readonly Machine[];
}

/** What a withdrawal is asked to end. */
export interface WithdrawalRequest {
  readonly sla: SlaId;
  readonly transaction: ConversationId;
  readonly machines: readonly MachineOrder[];
}

/** Wraps one of the values above for a model to carry. */
export function pack(value: object): Data {
  return data(value as Json);
}

/** The value that {@link pack} wrapped; its type is known from the place in the model. */
export function unpack<Value>(term: Term | undefined): Value {
  if (typeof term !== 'object' || term.kind !== 'data') {
    throw new Bug(`a model handed over ${JSON.stringify(term)} where data belongs`);
  }
  return term.value as Value;
}
