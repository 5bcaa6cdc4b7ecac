import type { Answer } from '../../lcc/constraint.ts';
import type { Term } from '../../lcc/term.ts';
import type { ConversationId, SlaId } from '../../sla/ids.ts';
import type { Fact } from '../../store/store.ts';

/** A constraint that an agent asked and that is not answered inside its step. */
export interface Asked {
  readonly conversation: ConversationId;
  readonly sla: SlaId;
  readonly agent: string;
  readonly ask: number;
  readonly name: string;
  /** The `+` arguments in order. */
  readonly args: readonly Term[];
}

/** An answer and what it changes in the store; both are saved in one transaction. */
export interface Handled {
  readonly answer: Answer;
  readonly facts?: readonly Fact[];
}

export interface HandlerContext {
  /** Fires when the answer is no longer wanted, the lease is lost, or the user interrupts. */
  readonly signal: AbortSignal;
  readonly progress: (step: string) => void;
  /** To be awaited before what cannot be undone: rejects when another process has taken over. */
  readonly confirm: () => Promise<void>;
}

export interface Handler {
  /**
   * `foreground`: the loop stays until it is answered. `background`: answered if the loop is there
   * anyway (a far deadline). `outside`: answered by {@link Store.answer} from any process, unless
   * `handle` answers at once.
   */
  readonly stays: 'foreground' | 'background' | 'outside';
  /** Repeatable: it is called again with the same arguments after a crash. */
  readonly handle: (asked: Asked, context: HandlerContext) => Promise<Handled | undefined>;
}

/** By `name/arity`. */
export type Handlers = ReadonlyMap<string, Handler>;

export const no: Handled = { answer: { no: true } };

export function yes(...outputs: readonly Term[]): Handled {
  return { answer: { yes: outputs } };
}
