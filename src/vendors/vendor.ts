/**
 * The vendor contract, version 1: all a vendor package needs, and nothing else.
 *
 * A vendor is the participant of FIPA Contract Net: it answers a call for proposals, commits to an
 * accepted proposal, binds it to a running machine, and lets it go. docs/vendor-contract.md states
 * rules V1 to V14; the conformance kit checks each of them by number.
 *
 * Every method is safe to repeat with the same arguments, because the host repeats it after a crash.
 * Methods throw a {@link Failure} whose code is a {@link VendorCode}; anything else is a bug (V13).
 */
import type { Failure } from '../base/failure.ts';
import type { ContractId, ConversationId, MoveId } from '../sla/ids.ts';
import type { Money } from '../sla/money.ts';
import type { Metric, Objective } from '../sla/objective.ts';
import type { Binding, Contract, Proposal, Refusal } from '../sla/proposal.ts';

export type { ContractId, ConversationId, MoveId, ProposalId } from '../sla/ids.ts';
export type { Money } from '../sla/money.ts';
export type {
  Amendment,
  Metric,
  Objective,
  Place,
  PromiseMetric,
  ServicePromise,
} from '../sla/objective.ts';
export type {
  Binding,
  Contract,
  Offered,
  Predicted,
  PromisedLevel,
  Proposal,
  Refusal,
  RefusalReason,
  ResourceUse,
} from '../sla/proposal.ts';

export interface Vendor {
  /** The contract version this vendor implements. */
  readonly api: 1;
  /** The instance's name, as the user configured it; it never changes in a process (V1). */
  readonly name: string;

  /** What it can provide; constant while it is open (V2). The directory publishes it. */
  describe(call: Call): Promise<VendorDescription>;

  /** Answers a call for proposals: alternatives, or a reasoned no. Changes nothing (V3, V4). */
  bid(cfp: CallForProposals, call: Call): Promise<readonly Proposal[] | Refusal>;

  /**
   * Commits to one machine of a proposal before it expires: its capacity is held. `unit` counts
   * from 0 to `proposal.units - 1`; the same proposal and unit yield the same contract (V5).
   * Units of one objective in one conversation stay apart or together as the proposal says.
   */
  accept(proposal: Proposal, unit: number, call: Call): Promise<Contract>;

  /** Starts the contracted machine and says how to reach it. May take minutes (V6). */
  bind(contract: Contract, call: Call): Promise<Binding>;

  /** Ends a contract and frees all it held. What is already gone is withdrawn (V7). */
  withdraw(contract: ContractId, call: Call): Promise<void>;

  /** Every contract the provider holds for us. The host finds leaks by comparing (V8). */
  contracts(call: Call): AsyncIterable<HeldContract>;

  /** Samples once, now, in bulk. Unknown metrics are left out, not zero (V10). */
  measure(
    bindings: readonly Binding[],
    metrics: readonly Metric[],
    call: Call,
  ): AsyncIterable<Measurement>;

  /** Present when machines can leave this vendor. */
  readonly moveSource?: MoveSource;
  /** Present when machines can arrive at this vendor. */
  readonly moveTarget?: MoveTarget;
  /** Present when the provider shows its physical machines. */
  readonly hosts?: HostView;
}

export interface Call {
  /** The transaction. Equal ids are the same transaction, across processes and restarts. */
  readonly conversation: ConversationId;
  /** Fires when the host stops waiting. The call settles within 5,000 ms and leaks nothing (V9). */
  readonly signal: AbortSignal;
  /** What is happening, for the user to see: short, without secrets. */
  readonly progress: (step: string) => void;
}

export interface VendorDescription {
  /** The driver and its version: `perfcloud`, `1`. */
  readonly driver: string;
  readonly version: string;
  readonly sites: readonly Site[];
  /** Images by the names that templates use. */
  readonly images: readonly string[];
  /** The currency of its proposals. */
  readonly currency: string;
  /** Largest machine it can give; a directory look-up leaves it out when more is asked. */
  readonly largest: Pick<Objective, 'cpus' | 'memoryMiB' | 'diskGiB'>;
  /** Placement it can promise inside one proposal. */
  readonly places: readonly ('apart:host' | 'apart:site' | 'together:site')[];
  /** False when it finds missing capacity only at bind (EC2). */
  readonly reserves: boolean;
  /** How it answers a revised call in a later round of bargaining; absent: never concedes. */
  readonly concedes?: 'boulware' | 'conceder' | 'tit-for-tat' | 'micro';
}

export interface Site {
  /** Unique at the vendor; what `place.sites` patterns match: `eu-north`. */
  readonly name: string;
  /** Median round-trip time to other sites of any vendor, by site name, where known. */
  readonly latencyMs: Readonly<Record<string, number>>;
}

export interface CallForProposals {
  readonly objective: Objective;
  /** The SLA's one currency; a vendor that cannot price in it refuses with `currency`. */
  readonly currency: string;
  /** Answers that arrive later are rejected as late. Milliseconds since the epoch. */
  readonly replyByMs: number;
  /** 0 for the first call, counting up when proposals are called for again. */
  readonly round: number;
  /** How many rounds there will be at most. */
  readonly rounds: number;
  /** Price per hour of one machine that the client named last, in later rounds. */
  readonly counterPricePerHour?: Money;
}

/** What a provider says it holds for us. */
export interface HeldContract {
  readonly id: ContractId;
  readonly conversation: ConversationId;
  readonly objective: string;
  readonly state: 'signed' | 'starting' | 'running';
}

export interface Measurement {
  readonly contract: ContractId;
  readonly metric: Metric;
  readonly value: number;
  readonly atMs: number;
}

/** The side a machine leaves. The host calls transfer, then exactly one of release and resume. */
export interface MoveSource {
  /** Ways out for this machine, best first; empty when there is none. Changes nothing (V11). */
  offers(contract: Contract, call: Call): Promise<readonly MoveOffer[]>;
  /**
   * Moves the machine. It ends `paused` here (then commit and release, or discard and resume) or
   * `arrived` there (then commit and release); when it throws, both sides are asked first (V12).
   */
  transfer(move: Move, ticket: Ticket, call: Call): AsyncIterable<MoveProgress>;
  /** After commit: frees the copy here. */
  release(move: Move, call: Call): Promise<void>;
  /** After discard: the guest runs here as before. */
  resume(move: Move, call: Call): Promise<void>;
}

/** The side a machine arrives at. The host calls prepare, then exactly one of commit and discard. */
export interface MoveTarget {
  offers(objective: Objective, call: Call): Promise<readonly MoveOffer[]>;
  /** Holds room at the target host under the move's id and opens a way in. */
  prepare(move: Move, call: Call): Promise<Ticket>;
  /** The guest runs here from now on. */
  commit(move: Move, call: Call): Promise<Binding>;
  discard(move: Move, call: Call): Promise<void>;
}

export interface MoveOffer {
  /** Name and version, as in `libvirt-p2p/1` or `perfcloud/1`. Both sides must offer the same. */
  readonly protocol: `${string}/${number}`;
  readonly live: boolean;
  readonly downtimeMsEstimate: number;
}

/** Inside one vendor instance `target` is `source` with another host: contract and UUID stay. */
export interface Move {
  readonly id: MoveId;
  readonly source: Contract;
  readonly target: Contract;
  readonly targetHost?: string;
  readonly offer: MoveOffer;
}

/** Opaque to the host: what the target tells the source, such as a URI and a token. */
export type Ticket = Uint8Array;

export interface MoveProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Where the guest is after this report; the last report says `paused` or `arrived`. */
  readonly guest: 'running' | 'paused' | 'arrived';
}

export interface HostView {
  list(call: Call): AsyncIterable<Host>;
}

export interface Host {
  readonly name: string;
  readonly site: string;
  readonly cpus: number;
  readonly cpusUsed: number;
  readonly memoryMiB: number;
  readonly memoryMiBUsed: number;
  readonly contracts: readonly ContractId[];
}

export const vendorCodes = [
  'VENDOR.UNREACHABLE',
  'VENDOR.UNAUTHORIZED',
  'VENDOR.CAPACITY_GONE',
  'VENDOR.PROPOSAL_EXPIRED',
  'VENDOR.PRICE_MOVED',
  'VENDOR.CONTRACT_UNKNOWN',
  'VENDOR.REPLY_MALFORMED',
  'VENDOR.MOVE_ABORTED',
  'VENDOR.TIMEOUT',
  'VENDOR.ABORTED',
  'VENDOR.SETTINGS_INVALID',
] as const;

export type VendorCode = (typeof vendorCodes)[number];

export type VendorFailure = Failure & { readonly code: VendorCode };

/** What a plugin's `vendors` hook returns: one entry for each driver it brings. */
export interface VendorEntry {
  readonly api: 1;
  /** The driver's name, as in `vendor add NAME --driver perfcloud`. */
  readonly name: string;
  /** One line for `vendor list --drivers`. */
  readonly summary: string;
  /** Checks settings and documents them: a zod schema, or any Standard Schema. */
  readonly settings: SettingsSchema;
  /** Present when no machine of it costs anything: `vendor check` starts dozens without asking. */
  readonly free?: true;
  /** Opens an instance. `settings` were checked by `settings`; `name` is the instance's. */
  open(name: string, settings: unknown, call: Call): Promise<Vendor & AsyncDisposable>;
}

/** The part of Standard Schema version 1 (standardschema.dev) that we use. */
export interface SettingsSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SettingsResult | Promise<SettingsResult>;
  };
}

export type SettingsResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly SettingsIssue[] };

export interface SettingsIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
