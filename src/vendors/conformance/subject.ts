import type { CallForProposals, Proposal, Vendor } from '../vendor.ts';

/** What the kit is told about the vendor under test, and the account it may work on. */
export interface Subject {
  /**
   * Opens the vendor as instance `name` over one disposable account. It is called again while the
   * first is open, which stands for a second process, and after it was closed.
   */
  readonly open: (name: string) => Promise<Vendor & AsyncDisposable>;
  /** The instance's name; absent: `under-test`. */
  readonly name?: string;
  /** The optional roles that it has; their rules are tested only then, and V2 checks the list. */
  readonly roles: readonly Role[];
  /** A call that this vendor can satisfy several times over. */
  readonly possible: CallForProposals;
  /** A call that it must refuse. */
  readonly impossible: CallForProposals;

  /** Makes a proposal's validity pass; absent: the kit dates a copy of the proposal back. */
  readonly expire?: (proposal: Proposal) => Promise<void>;
  /** Makes somebody else's machine on the same account, until it is disposed of. */
  readonly foreign?: () => Promise<AsyncDisposable>;
  /** What the provider says exists, asked without the vendor; it sees what a vendor hides. */
  readonly machines?: () => Promise<readonly MachineSeen[]>;
  /** Ways to make the provider misbehave, through which V5 and V6 hold all the same. */
  readonly faults?: readonly Fault[];
  /** Texts that must stay secret, such as the password in its settings (V14). */
  readonly secrets?: readonly string[];

  /** The clock by which the vendor stamps; absent: the machine's. Milliseconds since the epoch. */
  readonly nowMs?: () => number;
  /** How far the provider's lists may lag behind; absent: 0. */
  readonly lagMs?: number;
  /** How long any call may take; absent: ten minutes, since bind starts machines. */
  readonly callTimeoutMs?: number;
  /** How long one check may take, and clearing up after it; absent: half an hour. */
  readonly checkTimeoutMs?: number;
  /** Fires when nobody waits for the checks any more; the one under way fails and cleans up. */
  readonly signal?: AbortSignal;
  /** V9's bound; absent: 5,000. Shorter only where the kit itself is under test. */
  readonly settleWithinMs?: number;
}

/** The optional roles of a vendor. */
export type Role = 'moveSource' | 'moveTarget' | 'hosts';

/** A machine that exists at the provider. */
export interface MachineSeen {
  /** As in `Binding.machine`. */
  readonly machine: string;
  readonly running: boolean;
  /** As in `Binding.host`, where the provider shows it. */
  readonly host?: string;
}

/** One misbehaviour of the provider: an answer lost after the effect, a crash in the middle. */
export interface Fault {
  readonly name: string;
  /** From now on the next effect at the provider suffers it, once. */
  readonly arm: () => Promise<void>;
  /** It no longer does, also when it was not met. */
  readonly disarm: () => Promise<void>;
}
