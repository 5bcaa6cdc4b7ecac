/**
 * Values as the exploration sees them: lists by their length, agents by their number, constants
 * that the model itself writes, and all else as one value. A list item keeps its place, so that
 * what is derived from the first item is not taken for what is derived from the second.
 */
export type Value =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'place'; readonly place: number }
  | { readonly kind: 'agent'; readonly agent: number }
  | { readonly kind: 'nil' }
  | { readonly kind: 'cons'; readonly head: Value; readonly tail: Value }
  | { readonly kind: 'struct'; readonly name: string; readonly args: readonly Value[] }
  | Ref;

/** A variable: a cell of an agent's heap. */
export interface Ref {
  readonly kind: 'ref';
  readonly cell: number;
}

/** By cell; `undefined` while the variable is unbound. */
export type Heap = (Value | undefined)[];

export const unknown: Value = { kind: 'unknown' };
const nilValue: Value = { kind: 'nil' };

/** Lists are followed up to here; what a model piles up beyond is forgotten. */
export const LIST_LENGTH = 2;

export function listValue(items: readonly Value[], tail: Value = nilValue): Value {
  return items.reduceRight<Value>((rest, head) => ({ kind: 'cons', head, tail: rest }), tail);
}

/** The value of a bound variable; the variable while it is unbound. */
export function deref(value: Value, heap: Heap): Value {
  let seen = value;
  while (seen.kind === 'ref') {
    const bound = heap[seen.cell];
    if (bound === undefined) return seen;
    seen = bound;
  }
  return seen;
}

/** `maybe` where values are compared that the exploration does not tell apart. */
export type Match = 'yes' | 'maybe' | 'no';

/** Binds variables of the heap; after a `no` the heap is of no use. */
export function unify(left: Value, right: Value, heap: Heap): Match {
  const [a, b] = [deref(left, heap), deref(right, heap)];
  if (a.kind === 'ref') return bindCell(a, b, heap);
  if (b.kind === 'ref') return bindCell(b, a, heap);
  if (a.kind === 'cons' && b.kind === 'cons') {
    return meet(unify(a.head, b.head, heap), () => unify(a.tail, b.tail, heap));
  }
  if (a.kind === 'struct' && b.kind === 'struct') return unifyStructs(a, b, heap);
  if (a.kind === 'agent' && b.kind === 'agent') return a.agent === b.agent ? 'yes' : 'no';
  if (a.kind === 'constant' && b.kind === 'constant') return a.text === b.text ? 'yes' : 'no';
  if (a.kind === 'nil' && b.kind === 'nil') return 'yes';
  if (isData(a)) return forget(b, heap);
  if (isData(b)) return forget(a, heap);
  return 'no';
}

function bindCell(ref: Ref, value: Value, heap: Heap): Match {
  if (value.kind === 'ref' && value.cell === ref.cell) return 'yes';
  if (occurs(ref.cell, value, heap)) return 'no';
  heap[ref.cell] = value;
  return 'yes';
}

function occurs(cell: number, value: Value, heap: Heap): boolean {
  const seen = deref(value, heap);
  if (seen.kind === 'ref') return seen.cell === cell;
  if (seen.kind === 'cons') return occurs(cell, seen.head, heap) || occurs(cell, seen.tail, heap);
  return seen.kind === 'struct' && seen.args.some((arg) => occurs(cell, arg, heap));
}

function meet(first: Match, second: () => Match): Match {
  if (first === 'no') return 'no';
  const next = second();
  return next === 'yes' ? first : next;
}

type Struct = Extract<Value, { kind: 'struct' }>;

function unifyStructs(left: Struct, right: Struct, heap: Heap): Match {
  if (left.name !== right.name || left.args.length !== right.args.length) return 'no';
  return left.args.reduce<Match>(
    (match, arg, index) => meet(match, () => unify(arg, right.args[index] ?? unknown, heap)),
    'yes',
  );
}

function isData(value: Value): boolean {
  return value.kind === 'unknown' || value.kind === 'place';
}

/** What is matched with a value that is not known may match, and then its parts are not known. */
function forget(value: Value, heap: Heap): 'maybe' {
  const seen = deref(value, heap);
  if (seen.kind === 'ref') heap[seen.cell] = unknown;
  if (seen.kind === 'struct') for (const arg of seen.args) forget(arg, heap);
  if (seen.kind === 'cons') {
    forget(seen.head, heap);
    forget(seen.tail, heap);
  }
  return 'maybe';
}

/** Compound terms are followed down to here. */
const TERM_DEPTH = 3;

/**
 * The value with all that is bound put in its place, cut to its bounds. `open` says what stands for
 * a variable that is not bound.
 */
export function resolve(value: Value, heap: Heap, open: (ref: Ref) => Value): Value {
  const cut = (part: Value, room: { readonly length: number; readonly depth: number }): Value => {
    const seen = deref(part, heap);
    if (seen.kind === 'ref') return open(seen);
    if (seen.kind === 'struct') {
      if (room.depth === 0) return unknown;
      const inner = { length: LIST_LENGTH, depth: room.depth - 1 };
      return { ...seen, args: seen.args.map((arg) => cut(arg, inner)) };
    }
    if (seen.kind !== 'cons') return seen;
    if (room.length === 0 || room.depth === 0) return nilValue;
    return {
      kind: 'cons',
      head: cut(seen.head, { length: LIST_LENGTH, depth: room.depth - 1 }),
      tail: cut(seen.tail, { ...room, length: room.length - 1 }),
    };
  };
  return cut(value, { length: LIST_LENGTH, depth: TERM_DEPTH });
}

/** Equal texts are equal values. */
export function spellValue(value: Value): string {
  switch (value.kind) {
    case 'unknown':
      return '?';
    case 'constant':
      return value.text;
    case 'place':
      return `#${value.place}`;
    case 'agent':
      return `@${value.agent}`;
    case 'nil':
      return '[]';
    case 'cons':
      return `[${spellValue(value.head)}|${spellValue(value.tail)}]`;
    case 'struct':
      return `${value.name}(${value.args.map(spellValue).join(',')})`;
    case 'ref':
      return `_${value.cell}`;
  }
}
