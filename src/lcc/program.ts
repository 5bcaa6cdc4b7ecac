/**
 * A compiled model: what the engine runs. Each clause is a graph of places; a place is a choice of
 * alternatives in the order in which they are tried, each with the place it leads to. An agent's
 * state points into this graph and never copies it.
 */
import type { Position, Relation } from './ast.ts';
import type { CodeNote } from './codes.ts';
import type { ConstraintSpec } from './constraint.ts';
import type { Pattern } from './pattern.ts';

export interface Program {
  readonly roles: ReadonlyMap<string, RoleCode>;
  /** In the model's order; a state refers to them by index. */
  readonly clauses: readonly ClauseCode[];
  /** Clauses by `role/arity`; of several, the first whose head unifies is taken. */
  readonly heads: ReadonlyMap<string, readonly ClauseCode[]>;
  /** Changes when saved states no longer fit. */
  readonly fingerprint: string;
  /** What its annotations say of messages: see codes.ts. */
  readonly codes: readonly CodeNote[];
}

export interface RoleCode {
  readonly name: string;
  readonly index: number;
  /** `name/arity` of all that any clause of this role receives. */
  readonly receives: ReadonlySet<string>;
}

export interface ClauseCode {
  readonly index: number;
  readonly role: RoleCode;
  readonly params: readonly Pattern[];
  /** The parameters are different variables: any arguments unify with them. */
  readonly isOpen: boolean;
  /** Slot 0 is the agent itself. */
  readonly variables: readonly string[];
  /** As many as variables: copied for each instance. */
  readonly blank: readonly undefined[];
  readonly entry: Place;
  /** A state refers to places by index. */
  readonly places: readonly Place[];
}

export type Place = Choice | Fork | Join | End;

/** The only place where an agent rests. */
export interface Choice {
  readonly op: 'choice';
  readonly index: number;
  readonly alternatives: readonly Alternative[];
  /** Those alternatives that are receives: where a message is looked up. */
  readonly receives: readonly ReceiveCode[];
  readonly timers: readonly TimerGuard[];
}

export interface Fork {
  readonly op: 'fork';
  readonly index: number;
  readonly left: Place;
  readonly right: Place;
}

/** Whichever side of a `par` comes last goes on. */
export interface Join {
  readonly op: 'join';
  readonly index: number;
  readonly next: Place;
}

export interface End {
  readonly op: 'end';
  readonly index: number;
}

export type Alternative = NullCode | RoleChangeCode | SendCode | ReceiveCode;

interface Common {
  readonly index: number;
  readonly guard: Guard | undefined;
  readonly next: Place;
  /** Other sides of the `par`s that taking this alternative begins, from the outermost. */
  readonly opens: readonly Place[];
  readonly at: Position;
}

export interface NullCode extends Common {
  readonly kind: 'null';
}

export interface RoleChangeCode extends Common {
  readonly kind: 'role';
  readonly clauses: readonly ClauseCode[];
  readonly args: readonly Pattern[];
  readonly id: Pattern;
  /** Nothing of this clause is left to do afterwards: its frame is given up. */
  readonly tail: boolean;
}

export interface SendCode extends Common {
  readonly kind: 'send';
  readonly name: string;
  readonly args: readonly Pattern[];
  readonly to: string;
  readonly id: Pattern;
  /** Number of the question that chooses the recipient. */
  readonly question: number;
  /** The guard reads the recipient, so it is chosen before the guard is tested. */
  readonly recipientFirst: boolean;
}

export interface ReceiveCode extends Common {
  readonly kind: 'receive';
  readonly name: string;
  readonly args: readonly Pattern[];
  readonly from: string;
  readonly id: Pattern;
  /** Of `null`s before it that are undone when it does not come; tested without a message. */
  readonly before: Guard | undefined;
}

export type Guard =
  | AllGuard
  | AnyGuard
  | NotGuard
  | CallGuard
  | PeersGuard
  | DeadlineGuard
  | TimerGuard
  | CompareGuard;

export interface AllGuard {
  readonly op: 'all';
  readonly parts: readonly Guard[];
}

export interface AnyGuard {
  readonly op: 'any';
  readonly parts: readonly Guard[];
}

export interface NotGuard {
  readonly op: 'not';
  readonly inner: Guard;
}

export interface CallGuard {
  readonly op: 'call';
  /** Unique among the questions of its choice. */
  readonly question: number;
  readonly spec: ConstraintSpec;
  readonly inputs: readonly Pattern[];
  readonly outputs: readonly Pattern[];
  readonly at: Position;
}

/** `getPeers(Role, Ids)` */
export interface PeersGuard {
  readonly op: 'peers';
  readonly question: number;
  readonly role: Pattern;
  readonly ids: Pattern;
  readonly at: Position;
}

/** `deadline(Ms, AtMs)` */
export interface DeadlineGuard {
  readonly op: 'deadline';
  readonly question: number;
  readonly time: Pattern;
  readonly output: Pattern;
  readonly at: Position;
}

export interface TimerGuard {
  readonly op: 'timer';
  readonly name: 'timeout' | 'within' | 'passed';
  /** Where the choice keeps its deadline. */
  readonly timer: number;
  /** The deadline is fixed when the wait begins: nothing in the guard is asked before it. */
  readonly early: boolean;
  readonly time: Pattern;
  readonly at: Position;
}

export interface CompareGuard {
  readonly op: 'compare';
  readonly relation: Relation;
  readonly left: Pattern;
  readonly right: Pattern;
  readonly at: Position;
}

/** `name/arity`, by which clauses, messages and constraints are known. */
export function signature(name: string, arity: number): string {
  return `${name}/${arity}`;
}
