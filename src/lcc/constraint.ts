import type { Term } from './term.ts';

/**
 * What a model may ask, by name and arity. `model check` knows no more about a constraint than this.
 *
 * - `compute`: a function of its inputs. With `compute` present it is answered inside the step;
 *   without, it is asked as an effect (a solver in a worker). Until it answers, the branches to the
 *   right of it in a choice are blocked.
 * - `act`: touches the world, is repeatable; a "no" has changed nothing. Blocks like `compute`.
 * - `wait`: answered later, or never: a user's decision, a timer, a sensor. Does not block.
 */
export interface ConstraintSpec {
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly kind: 'compute' | 'act' | 'wait';
  /**
   * Pure. Takes the `+` arguments in order, answers the `-` arguments in order, or `undefined`
   * for no. Only for kind `compute`.
   */
  readonly compute?: (inputs: readonly Term[]) => readonly Term[] | undefined;
  /** One line: what it means, for `model check` and docs. */
  readonly summary: string;
}

/** `+` must be bound when asked, `-` is bound by a yes. */
export type Mode = '+' | '-';

/** A yes carries the `-` arguments in order. */
export type Answer = { readonly yes: readonly Term[] } | { readonly no: true };

/** Constraints by `name/arity`. */
export type ConstraintTable = ReadonlyMap<string, ConstraintSpec>;

export function constraintTable(specs: readonly ConstraintSpec[]): ConstraintTable {
  return new Map(specs.map((spec) => [`${spec.name}/${spec.modes.length}`, spec]));
}
