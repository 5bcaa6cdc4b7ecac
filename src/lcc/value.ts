/**
 * What variables of a running clause hold. A {@link Term} is ground. An {@link OpenTerm} has a
 * variable inside; whether a value is ground is therefore seen at its root, never by a walk.
 */
import type { Relation } from './ast.ts';
import type { Cons, Json, Struct, Term } from './term.ts';

export type Value = Term | Variable | OpenTerm;

/** A variable that outlives its clause: an output of a sub-role, the open end of a list. */
export interface Variable {
  readonly kind: 'variable';
  readonly id: number;
}

/** A structure, or a list cell when `name` is undefined: then `args` are its head and tail. */
export interface OpenTerm {
  readonly kind: 'open';
  readonly name: string | undefined;
  readonly args: readonly Value[];
}

export function isTerm(value: Value): value is Term {
  return typeof value !== 'object' || (value.kind !== 'variable' && value.kind !== 'open');
}

export function structOf(name: string, args: readonly Value[]): Struct | OpenTerm {
  return args.every(isTerm) ? { kind: 'struct', name, args } : { kind: 'open', name, args };
}

export function consOf(head: Value, tail: Value): Cons | OpenTerm {
  return isTerm(head) && isTerm(tail)
    ? { kind: 'cons', head, tail }
    : { kind: 'open', name: undefined, args: [head, tail] };
}

/** Equality of ground terms, by content. A list costs no stack, whatever its length. */
export function equalTerms(left: Term, right: Term): boolean {
  let a = left;
  let b = right;
  for (;;) {
    if (a === b) return true;
    if (typeof a !== 'object' || typeof b !== 'object' || a.kind !== b.kind) return false;
    if (a.kind !== 'cons' || b.kind !== 'cons') return equalCompounds(a, b);
    if (!equalTerms(a.head, b.head)) return false;
    a = a.tail;
    b = b.tail;
  }
}

function equalCompounds(a: Exclude<Term, number | string>, b: typeof a): boolean {
  if (a.kind === 'struct' && b.kind === 'struct') return equalStructs(a, b);
  if (a.kind === 'data' && b.kind === 'data') return equalJson(a.value, b.value);
  return a.kind === 'nil' && b.kind === 'nil';
}

function equalStructs(a: Struct, b: Struct): boolean {
  if (a.name !== b.name || a.args.length !== b.args.length) return false;
  return a.args.every((arg, index) => {
    const other = b.args[index];
    return other !== undefined && equalTerms(arg, other);
  });
}

function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) !== isList(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  if (left.length !== right.size) return false;
  return left.every(([key, value]) => right.has(key) && equalJson(value, right.get(key)));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** What a comparison in a guard says: `==` and `!=` of all terms, the others of numbers alone. */
export function compareTerms(relation: Exclude<Relation, '='>, left: Term, right: Term): boolean {
  if (relation === '==') return equalTerms(left, right);
  if (relation === '!=') return !equalTerms(left, right);
  if (typeof left !== 'number' || typeof right !== 'number') return false;
  switch (relation) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
  }
}
