/**
 * The store's port: what the run loop saves and what commands list. One implementation is SQLite;
 * `test/conformance/store-suite.ts` is the contract as tests, for any other.
 *
 * The loop's promise rests on {@link Store.save}: states, questions, mail, trace and facts of a step
 * are written in one transaction, and only while the lease's fence is the newest.
 */
import type { Answer } from '../lcc/constraint.ts';
import type { Message } from '../lcc/step.ts';
import type { Term } from '../lcc/term.ts';
import type { ConversationId, SlaId } from '../sla/ids.ts';
import type { Sla, SlaState, VendorRecord } from '../sla/sla.ts';

export interface Store extends AsyncDisposable {
  /**
   * Begins a conversation: its model's text, its agents, and the facts that belong to it. Fails with
   * STORE.CONVERSATION_EXISTS when its id is taken.
   */
  begin(conversation: NewConversation, facts: readonly Fact[]): Promise<void>;
  /** Everything the loop needs to go on, or `undefined` when there is no such conversation. */
  load(conversation: ConversationId): Promise<StoredConversation | undefined>;
  /**
   * Writes all saves in one transaction, or none. Fails with STORE.FENCE_STALE, naming the
   * conversation in `facts.conversation`, when a lease is no longer the newest.
   */
  save(saves: readonly Save[]): Promise<void>;
  /** Open conversations, oldest first. */
  unfinished(): Promise<readonly ConversationSummary[]>;

  /**
   * A lease with a new, higher fence; `undefined` while another holder's is unexpired. Fails with
   * STORE.CONVERSATION_UNKNOWN when there is no such conversation.
   */
  acquire(
    conversation: ConversationId,
    holder: string,
    untilMs: number,
    nowMs: number,
  ): Promise<Lease | undefined>;
  /** Extends a lease; false when it was lost. */
  renew(lease: Lease, untilMs: number): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  /** The lease as it stands, expired or not; `undefined` when nobody holds it. */
  holder(conversation: ConversationId): Promise<Lease | undefined>;

  /**
   * An answer from outside a loop (the user's decision). The loop takes it from its next load. The
   * first answer counts: the same may be repeated; another, or one to a question that is not open,
   * fails with STORE.ASK_GONE.
   */
  answer(conversation: ConversationId, agent: string, ask: number, answer: Answer): Promise<void>;

  /** Newest first. */
  slas(filter: SlaFilter): Promise<readonly SlaSummary[]>;
  /**
   * The one with this id; else all that it can mean, as a prefix of at least 4 characters or as a
   * name: those that are over come last, then the newest first.
   */
  findSla(idOrName: string): Promise<readonly Sla[]>;
  /** Changes facts outside a conversation (doctor, a refusal of an SLA nobody steps). */
  record(facts: readonly Fact[]): Promise<void>;
  /** All about that SLA, over or not, oldest first. Ended ones are kept for a while only. */
  conversationsOf(sla: SlaId): Promise<readonly ConversationHead[]>;
  /** In the order sent; of a very long one the newest `limits.storeTraceMessages`. */
  trace(conversation: ConversationId): Promise<readonly TracedMessage[]>;
  vendorRecords(): Promise<readonly VendorRecord[]>;
  /** What {@link Fact} `kept` stored under this key: answers of an objective, catalogues … */
  kept(conversation: ConversationId, key: string): Promise<string | undefined>;
}

export interface NewConversation {
  readonly id: ConversationId;
  /** What it is for: `negotiate`, `withdraw`, `renegotiate`. */
  readonly purpose: string;
  readonly sla: SlaId;
  readonly modelName: string;
  readonly modelText: string;
  readonly agents: readonly NewAgent[];
  readonly createdMs: number;
}

export interface NewAgent {
  /** Unique in the conversation: `negotiator`, `vendor:aws`. */
  readonly id: string;
  readonly role: string;
  readonly state: string;
}

export interface StoredConversation {
  readonly id: ConversationId;
  readonly purpose: string;
  readonly sla: SlaId;
  readonly modelName: string;
  readonly modelText: string;
  readonly agents: readonly StoredAgent[];
  readonly asks: readonly StoredAsk[];
  /** Sent, not yet taken by a step; in the order sent. */
  readonly mail: readonly StoredMail[];
  readonly ended: boolean;
  /** The number of the last traced message. */
  readonly lastMessage: number;
}

export interface StoredAgent {
  readonly id: string;
  readonly role: string;
  readonly state: string;
  readonly done: boolean;
  /** When it wants a `time` event next. */
  readonly wakeMs?: number;
}

/** A question that was asked and not yet answered, or answered from outside and not yet taken. */
export interface StoredAsk {
  readonly agent: string;
  readonly ask: number;
  readonly name: string;
  readonly arity: number;
  readonly args: readonly Term[];
  readonly answer?: Answer;
}

export interface StoredMail {
  /** Counts up in the conversation; the trace has the message under the same number. */
  readonly number: number;
  readonly message: Message;
}

/** What one or more steps of one conversation changed. */
export interface Save {
  readonly lease: Lease;
  /** Only agents that changed. */
  readonly agents: readonly StoredAgent[];
  readonly asked: readonly StoredAsk[];
  /** Answered and taken, or dropped. */
  readonly closed: readonly { readonly agent: string; readonly ask: number }[];
  /** Every message sent, in order: for the trace. */
  readonly sent: readonly TracedMessage[];
  /**
   * Of those and of earlier mail: what is still to be taken (by number), and what was taken. Mail
   * that is in neither stays as it was.
   */
  readonly queued: readonly StoredMail[];
  readonly taken: readonly number[];
  readonly facts: readonly Fact[];
  readonly ended: boolean;
}

export interface TracedMessage {
  readonly number: number;
  readonly conversation: ConversationId;
  readonly atMs: number;
  readonly message: Message;
  /** Annotations of the model that say which state and event of a paper this is. */
  readonly codes: readonly string[];
}

/** A change of what commands show, written with the step it belongs to. */
export type Fact =
  | { readonly kind: 'sla'; readonly sla: Sla }
  | {
      readonly kind: 'vendor';
      readonly vendor: string;
      readonly add: Partial<Omit<VendorRecord, 'vendor'>>;
    }
  | {
      readonly kind: 'keep';
      readonly conversation: ConversationId;
      readonly key: string;
      readonly text: string;
    };

export interface Lease {
  readonly conversation: ConversationId;
  readonly holder: string;
  /** Higher for every new holder. */
  readonly fence: number;
}

export interface ConversationSummary {
  readonly id: ConversationId;
  readonly purpose: string;
  readonly sla: SlaId;
  readonly createdMs: number;
  /** Absent when nobody holds it. */
  readonly leasedUntilMs?: number;
  /** When its first agent wants a `time` event. */
  readonly wakeMs?: number;
  /**
   * Somebody holds its lease, or nobody ever did, or an answer was not yet taken: a process works on
   * it, or was killed.
   */
  readonly interrupted: boolean;
}

/** What `sla trace` says of a conversation before its messages. */
export interface ConversationHead {
  readonly id: ConversationId;
  readonly purpose: string;
  readonly modelName: string;
  readonly createdMs: number;
  readonly ended: boolean;
}

export interface SlaFilter {
  readonly states?: readonly SlaState[];
  readonly limit: number;
}

/** What `sla list` shows; read without parsing whole documents. */
export interface SlaSummary {
  readonly id: SlaId;
  readonly name: string;
  readonly state: SlaState;
  readonly pricePerHourMicros: number;
  readonly currency: string;
  readonly machines: number;
  readonly createdMs: number;
  readonly updatedMs: number;
}
