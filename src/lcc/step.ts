/**
 * The step function's contract. An agent's state in one conversation changes only here; the loop
 * that drives it (src/agency/run) saves the new state before it carries any effect out.
 */
import type { Answer } from './constraint.ts';
import type { Term } from './term.ts';

/** `(role, id)`: mail is addressed to an agent in a role, and is seen only while it plays it. */
export interface Address {
  readonly role: string;
  readonly id: string;
}

export interface Message {
  readonly from: Address;
  readonly to: Address;
  /** LCC spelling: `accept_proposal`. */
  readonly name: string;
  readonly args: readonly Term[];
}

/** Numbers an open question of one agent; never used twice by the same agent. */
export type AskId = number;

export type Event =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'answer'; readonly ask: AskId; readonly answer: Answer }
  /** Answers `peer` with at most one id, `peers` with all of them; none means: not now. */
  | { readonly kind: 'peers'; readonly ask: AskId; readonly ids: readonly string[] }
  /** Time passed; also tells that peers may have changed, so unanswered choices are asked anew. */
  | { readonly kind: 'time' };

export type Effect =
  | { readonly kind: 'send'; readonly message: Message }
  /** Ask a constraint that is not answered inside the step. `args` are its `+` arguments. */
  | {
      readonly kind: 'ask';
      readonly ask: AskId;
      readonly name: string;
      readonly arity: number;
      readonly args: readonly Term[];
    }
  /** Choose one agent that plays `role` now. */
  | { readonly kind: 'peer'; readonly ask: AskId; readonly role: string }
  /** Name all agents that play `role` now (a broadcast). */
  | { readonly kind: 'peers'; readonly ask: AskId; readonly role: string }
  /** The choice was committed elsewhere: the answer is no longer wanted. */
  | { readonly kind: 'drop'; readonly ask: AskId }
  /**
   * Send a `time` event at that time or later. Any `time` event, also one that comes before, is an
   * end of all that was asked so far: what is still wanted is asked for anew.
   */
  | { readonly kind: 'wake'; readonly atMs: number }
  /**
   * No clause of the receiving role in this model takes the message, or the queue is full. It was
   * not queued.
   */
  | { readonly kind: 'not-understood'; readonly message: Message }
  /** The role the agent plays has changed: for the directory and the trace. */
  | { readonly kind: 'role'; readonly role: string; readonly playing: boolean }
  /** The agent's first clause is closed. */
  | { readonly kind: 'done' };
