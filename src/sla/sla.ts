import type { ContractId, ConversationId, SlaId } from './ids.ts';
import type { Money } from './money.ts';
import type { Binding, Proposal, Refusal } from './proposal.ts';
import type { Template } from './template.ts';

/** DESIGN's words for where an SLA stands; `failed-proposal` is the paper's status FAILURE. */
export const slaStates = [
  'proposed',
  'failed-proposal',
  'refused',
  'expired',
  'signed',
  'starting',
  'ready',
  'partial',
  'violated',
  'withdrawing',
  'ended',
] as const;

export type SlaState = (typeof slaStates)[number];

/** Nothing of it runs, and nothing will: it is kept for the record. */
export function isOver(state: SlaState): boolean {
  return state === 'refused' || state === 'expired' || state === 'ended';
}

/** The composite that the negotiator puts together from proposals, and what became of it. */
export interface Sla {
  readonly id: SlaId;
  /** The conversation that negotiated it. */
  readonly conversation: ConversationId;
  /** Under which vendors know its machines: that of the first SLA when it was renegotiated. */
  readonly transaction: ConversationId;
  readonly name: string;
  readonly state: SlaState;
  readonly template: Template;
  readonly composite: Composite;
  /** In the order of the composite's parts; empty before it is signed. */
  readonly machines: readonly Machine[];
  readonly createdMs: number;
  readonly updatedMs: number;
  /** The SLA that this one replaced when it was renegotiated. */
  readonly replaces?: SlaId;
  /** Why it is refused, expired, partial or failed, in words. */
  readonly reason?: string;
}

/** A choice out of all proposals: the content of the `propose` to the client. */
export interface Composite {
  /** FAILURE: it does not meet the template, and `shortfalls` say where; it may still be accepted. */
  readonly status: 'OK' | 'FAILURE';
  /** One part per machine, by objective and number. */
  readonly parts: readonly Part[];
  /** Sum over the parts. */
  readonly pricePerHour: Money;
  /** Weighted trade-off, 0 (worst) to 1 (best), of the shown choices; for comparison only. */
  readonly score: number;
  /** Every way in which the template is not met; empty when OK. */
  readonly shortfalls: readonly Shortfall[];
  /** How good the choice is known to be. */
  readonly proof: Proof;
  /** Until when every part can be accepted. Milliseconds since the epoch. */
  readonly validUntilMs: number;
}

export interface Proof {
  /** `gapPercent` is 0 when optimal; absent when no bound is known. */
  readonly kind: 'optimal' | 'time-limit' | 'heuristic';
  readonly gapPercent?: number;
}

/** One machine of the composite: which proposal serves it. */
export interface Part {
  /** Objective and number, counting from 1: `web-2`. */
  readonly machine: string;
  readonly objective: string;
  readonly proposal: Proposal;
  /** The unit of the proposal, counting from 0. */
  readonly unit: number;
}

export interface Shortfall {
  /** Absent: of the whole composite. */
  readonly objective?: string;
  readonly kind:
    | 'no-proposal'
    | 'too-few'
    | 'budget'
    | 'capacity'
    | 'apart'
    | 'together'
    | 'near'
    | 'time-limit';
  /** In words and numbers: `asked 0.600 USD/h at most, the cheapest is 0.743 USD/h`. */
  readonly detail: string;
}

/** A machine of a signed SLA: its contract and, once it runs, its binding. */
export interface Machine {
  readonly name: string;
  readonly objective: string;
  readonly vendor: string;
  readonly contract: ContractId;
  readonly pricePerHour: Money;
  readonly state: 'signed' | 'starting' | 'ready' | 'failed' | 'withdrawing' | 'ended';
  readonly binding?: Binding;
  /** Why it failed. */
  readonly reason?: string;
}

/** All answers for one objective, kept for `--explain`. */
export interface Answers {
  readonly objective: string;
  readonly proposals: readonly Proposal[];
  readonly refusals: readonly Refusal[];
}

/** What the Archiver remembers of a vendor; every count since the record began. */
export interface VendorRecord {
  readonly vendor: string;
  /** Calls answered with a proposal, refused, and not answered in time. */
  readonly proposed: number;
  readonly refused: number;
  readonly late: number;
  /** Accepted proposals that were signed, and that were not (price moved, capacity gone …). */
  readonly signed: number;
  readonly broken: number;
  /** Contracts that reached a running machine, and that did not. */
  readonly bound: number;
  readonly failed: number;
  /** Sum over `bound`, for the mean time to bind. */
  readonly bindMsTotal: number;
}
