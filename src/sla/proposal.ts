import type { ContractId, ProposalId } from './ids.ts';
import type { Money } from './money.ts';
import type { PromiseMetric } from './objective.ts';

/** One alternative for one objective. It binds its vendor until `validUntilMs`. */
export interface Proposal {
  readonly kind: 'proposal';
  /** Unique at the vendor, at most 200 characters, without secrets. */
  readonly id: ProposalId;
  /** The instance's name. */
  readonly vendor: string;
  /** The objective's name. */
  readonly objective: string;
  readonly site: string;
  /** The provider's word for the shape, such as an instance type. */
  readonly shape: string;
  /** Of one machine. */
  readonly pricePerHour: Money;
  /** What one machine will really have; never less than the objective asks (V4). */
  readonly offered: Offered;
  /** How many machines of the objective this alternative can serve at most; at least 1. */
  readonly units: number;
  /** Capacity that this alternative shares with others of the same vendor. */
  readonly uses: readonly ResourceUse[];
  /** Every promise it makes: at least those the objective asks, or it is a refusal (V4). */
  readonly promises: readonly PromisedLevel[];
  readonly predicted: Predicted;
  /** `accept` after this fails with VENDOR.PROPOSAL_EXPIRED. Milliseconds since the epoch. */
  readonly validUntilMs: number;
}

export interface Offered {
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  readonly networkMbps?: number;
  readonly image: string;
}

/** One machine takes `amount` of a resource of which `available` are left in all. */
export interface ResourceUse {
  readonly resource: string;
  readonly amount: number;
  readonly available: number;
}

export interface PromisedLevel {
  readonly metric: PromiseMetric;
  readonly bound: 'atLeast' | 'atMost';
  readonly value: number;
  readonly windowMs: number;
}

export interface Predicted {
  /** Speed of one vCPU against a reference of 1.0. */
  readonly cpuSpeed: number;
  /** Milliseconds from bind to a reachable machine. */
  readonly bindMs: number;
}

/** A "no" is an answer, not an error. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly vendor: string;
  readonly objective: string;
  readonly reason: RefusalReason;
  /** In words and numbers: `8 vCPUs asked, 3 free`. */
  readonly detail: string;
}

export type RefusalReason =
  | 'capacity'
  | 'unsupported'
  | 'policy'
  | 'currency'
  | 'image'
  | 'place'
  | 'promise'
  | 'late'
  | 'failed';

/** One machine's accepted part of an SLA. */
export interface Contract {
  readonly id: ContractId;
  readonly proposal: Proposal;
  readonly unit: number;
}

export interface Binding {
  readonly contract: ContractId;
  /** For example `ssh://root@203.0.113.7:22`. Credentials travel by reference, never inline. */
  readonly endpoint: string;
  /** `agent`, `key:/path`, or `aws:keypair/NAME`; never the secret itself. */
  readonly credentialRef: string;
  readonly site: string;
  /** The physical machine, where the provider shows it. */
  readonly host?: string;
  /** The provider's own id of the machine. */
  readonly machine: string;
}
