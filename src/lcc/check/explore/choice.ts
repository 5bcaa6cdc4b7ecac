import type { ReceiveDef, SendDef } from '../../ast.ts';
import type { Program } from '../program.ts';
import type { Budget } from './budget.ts';
import type { Cast } from './cast.ts';
import type { Clauses } from './clauses.ts';
import type { Deeds } from './deeds.ts';
import type { Kinds } from './kinds.ts';
import type { Local } from './local.ts';
import type { Letter, Post } from './post.ts';

/** What an agent does on its own account: the agent afterwards, and what it sent. */
export interface Progress {
  readonly local: Local;
  readonly sent: readonly number[];
  readonly did: Deeds;
}

/** One way on from where an agent stands. */
export type Choice =
  | {
      readonly kind: 'step';
      /** Time or the world takes it, not the agent: its guard asks a `wait`. */
      readonly slow: boolean;
      /** It cannot fail, so nothing to its right in a choice is ever taken. */
      readonly certain: boolean;
      readonly results: readonly Progress[];
    }
  | {
      readonly kind: 'receive';
      readonly def: ReceiveDef;
      readonly role: string;
      /** `undefined`: from anybody. */
      readonly from: number | undefined;
      readonly take: (letter: Letter) => readonly Progress[];
    }
  /** A send whose recipient is chosen among those that play the role when it is sent. */
  | {
      readonly kind: 'address';
      readonly slow: boolean;
      readonly def: SendDef;
      readonly send: (peers: readonly number[]) => readonly Progress[];
    };

export type ReceiveChoice = Extract<Choice, { kind: 'receive' }>;

export interface World {
  readonly program: Program;
  readonly kinds: Kinds;
  readonly clauses: Clauses;
  readonly cast: Cast;
  readonly post: Post;
  readonly budget: Budget;
}
