/**
 * An agent's state in one conversation: where it is in its clauses, and what they have bound.
 *
 * It shares structure with the states before and after it. A frame or thread is changed in place
 * only in the step that made it, which its `epoch` tells; every other step copies it first. The
 * program, which is by far the larger part, is pointed into and never copied.
 */
import type { Answer } from './constraint.ts';
import type { Choice, ClauseCode, Place, Program } from './program.ts';
import type { AskId, Message } from './step.ts';
import type { Value } from './value.ts';

export interface AgentState {
  readonly program: Program;
  readonly id: string;
  /** The agent's first clause is closed. */
  readonly done: boolean;
  /** More than one inside `par`; none when done. */
  readonly threads: readonly Thread[];
  /** Of the `par`s whose one side is closed, the number of each. */
  readonly halfJoined: readonly number[];
  readonly inbox: readonly Mail[];
  /** Variables that more than one frame refers to, by id. */
  readonly variables: readonly (Value | undefined)[];
  /** By role index: how many frames play it. */
  readonly playing: readonly number[];
  readonly nextAsk: AskId;
  readonly nextMail: number;
  readonly nextPar: number;
  /** The earliest time asked for and not yet come; Infinity when none is. */
  readonly wakeAtMs: number;
}

/** A place where the agent can go on; it always rests at a choice. */
export interface Thread {
  frame: Frame;
  at: Choice;
  /** Index of the alternative that blocks those to its right; the number of all when none does. */
  blockedAt: number;
  /** By timer of the choice, absolute; NaN while it does not run. */
  deadlines: readonly number[];
  questions: readonly Question[];
  readonly epoch: number;
}

/** An instance of a clause. */
export interface Frame {
  clause: ClauseCode;
  slots: (Value | undefined)[];
  /** Whose clause goes on at `back` when this one is closed. */
  readonly caller: Frame | undefined;
  readonly back: Place;
  /** The `par`s of this clause that the thread is inside of, innermost first. */
  par: InPar | undefined;
  readonly depth: number;
  readonly epoch: number;
}

export interface InPar {
  readonly id: number;
  readonly outer: InPar | undefined;
}

export interface Mail {
  /** Counts up in the order of arrival. */
  readonly number: number;
  readonly message: Message;
}

/** What was asked for an alternative. It is kept, with its reply, until the choice is left. */
export interface Question {
  readonly ask: AskId;
  readonly about: 'constraint' | 'peers' | 'recipient';
  /** Of the guard or send in its choice. */
  readonly number: number;
  readonly alternative: number;
  /** The message that the guard is tested for; 0 when none. */
  readonly mail: number;
  readonly reply: Answer | Ids | undefined;
}

export interface Ids {
  readonly ids: readonly string[];
}

export const noMail = 0;

/** Where a thread is before it first rests. */
export const nowhere: Choice = {
  op: 'choice',
  index: -1,
  alternatives: [],
  receives: [],
  timers: [],
};
