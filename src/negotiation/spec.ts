/** Constraints of the negotiation models, written as a model asks them: `compose(+Bids, -Sla)`. */
import type { ConstraintSpec } from '../lcc/constraint.ts';
import type { Term } from '../lcc/term.ts';

type Compute = NonNullable<ConstraintSpec['compute']>;

/** A function of its inputs, answered inside the step. */
export function compute(head: string, summary: string, answer: Compute): ConstraintSpec {
  return { ...signature(head), kind: 'compute', summary, compute: answer };
}

/** A function of its inputs that takes too long for a step. */
export function asked(head: string, summary: string): ConstraintSpec {
  return { ...signature(head), kind: 'compute', summary };
}

/** Looks at the world or changes it; repeatable. */
export function act(head: string, summary: string): ConstraintSpec {
  return { ...signature(head), kind: 'act', summary };
}

/** Answered later, or never. */
export function wait(head: string, summary: string): ConstraintSpec {
  return { ...signature(head), kind: 'wait', summary };
}

/** A text of a model, such as a reason; whatever else stands there, in JSON. */
export function text(term: Term | undefined): string {
  return typeof term === 'string' ? term : JSON.stringify(term);
}

/** Reads `compose(+Template, -Sla)`: a name and the modes of its arguments. */
function signature(head: string): Pick<ConstraintSpec, 'name' | 'modes'> {
  const open = head.indexOf('(');
  const args = head.slice(open + 1, -1).split(',');
  return {
    name: head.slice(0, open),
    modes: args.map((arg) => (arg.trim().startsWith('+') ? '+' : '-')),
  };
}
