import type { CallNode, CompareNode, Constraint, TermNode } from '../../ast.ts';
import { type Program, specOf } from '../program.ts';
import type { Budget } from './budget.ts';
import type { Cast } from './cast.ts';
import { type Kind, matters, partOf } from './kinds.ts';
import type { Frame } from './local.ts';
import { deref, type Heap, LIST_LENGTH, listValue, unify, unknown, type Value } from './values.ts';

/** How a guard may be answered. */
export interface Answers {
  /** The heap after each way to say yes. */
  readonly yes: readonly Heap[];
  readonly no: boolean;
}

export interface Asker {
  readonly program: Program;
  readonly cast: Cast;
  readonly budget: Budget;
  readonly frame: Frame;
}

/** Every constraint answers yes or no, with fresh outputs; what is known of lists is respected. */
export function ask(constraint: Constraint | undefined, heap: Heap, asker: Asker): Answers {
  switch (constraint?.op) {
    case undefined:
      return { yes: [heap], no: false };
    case 'and': {
      const left = ask(constraint.left, heap, asker);
      const right = left.yes.map((after) => ask(constraint.right, after, asker));
      return {
        yes: asker.budget.few([...new Set(right.flatMap((answers) => answers.yes))]),
        no: left.no || right.some((answers) => answers.no) || right.length === 0,
      };
    }
    case 'or': {
      const left = ask(constraint.left, heap, asker);
      const right = ask(constraint.right, heap, asker);
      return { yes: [...new Set([...left.yes, ...right.yes])], no: left.no && right.no };
    }
    case 'not': {
      const inner = ask(constraint.inner, heap, asker);
      return { yes: inner.no ? [heap] : [], no: inner.yes.length > 0 };
    }
    case 'call':
      return { yes: outputs(constraint, heap, asker), no: true };
    case 'compare':
      return compare(constraint, heap, asker);
  }
}

/** The value of a term; `_` is a new variable, and so is one within a term that does not matter. */
export function termValue(term: TermNode, heap: Heap, frame: Frame): Value {
  switch (term.kind) {
    case 'variable': {
      const cell = frame.cells[frame.clause.slots.get(term.name) ?? -1];
      return cell === undefined ? unknown : { kind: 'ref', cell };
    }
    case 'anonymous':
      return newCell(heap);
    case 'list': {
      const items = term.items.map((item) => innerValue(item, heap, frame));
      return listValue(items, term.tail && termValue(term.tail, heap, frame));
    }
    case 'struct': {
      if (term.args.length === 0) return { kind: 'constant', text: term.name };
      const args = term.args.map((arg) => innerValue(arg, heap, frame));
      return { kind: 'struct', name: term.name, args };
    }
    case 'integer':
    case 'float':
    case 'string':
      return { kind: 'constant', text: JSON.stringify(term.value) };
  }
}

function innerValue(term: TermNode, heap: Heap, frame: Frame): Value {
  const value = termValue(term, heap, frame);
  return value.kind === 'unknown' && term.kind === 'variable' ? newCell(heap) : value;
}

function newCell(heap: Heap): Value {
  return { kind: 'ref', cell: heap.push(undefined) - 1 };
}

function compare(node: CompareNode, heap: Heap, { frame }: Asker): Answers {
  const after = [...heap];
  const left = termValue(node.left, after, frame);
  const right = termValue(node.right, after, frame);
  if (node.relation === '=') {
    const match = unify(left, right, after);
    return { yes: match === 'no' ? [] : [after], no: match !== 'yes' };
  }
  const isEqual = equal(deref(left, heap), deref(right, heap), heap);
  if (isEqual === undefined || (node.relation !== '==' && node.relation !== '!=')) {
    return { yes: [heap], no: true };
  }
  const holds = isEqual === (node.relation === '==');
  return { yes: holds ? [heap] : [], no: !holds };
}

/** Whether two values are the same, where that is known. */
function equal(left: Value, right: Value, heap: Heap): boolean | undefined {
  if (left.kind === 'constant' && right.kind === 'constant') return left.text === right.text;
  const lengths = [lengthOf(left, heap), lengthOf(right, heap)];
  if (lengths.includes(undefined)) return undefined;
  if (lengths[0] !== lengths[1]) return false;
  return lengths[0] === 0 ? true : undefined;
}

function lengthOf(value: Value, heap: Heap): number | undefined {
  let length = 0;
  let rest = deref(value, heap);
  for (; rest.kind === 'cons'; rest = deref(rest.tail, heap)) length += 1;
  return rest.kind === 'nil' ? length : undefined;
}

function outputs(call: CallNode, heap: Heap, asker: Asker): readonly Heap[] {
  const modes = specOf(asker.program, call)?.modes;
  const place = placeOf(
    call.args.filter((_, index) => modes?.[index] !== '-'),
    heap,
    asker.frame,
  );
  let heaps: readonly Heap[] = [heap];
  for (const [index, arg] of call.args.entries()) {
    const slot = arg.kind === 'variable' ? asker.frame.clause.slots.get(arg.name) : undefined;
    const cell = asker.frame.cells[slot ?? -1];
    const kind = asker.frame.clause.kinds[slot ?? -1];
    if (modes?.[index] === '+' || cell === undefined || kind === undefined) continue;
    const seen = deref({ kind: 'ref', cell }, heap);
    if (seen.kind !== 'ref') continue;
    const values = freshValues(kind, { place, cast: asker.cast, depth: 0 });
    const ways = heaps.flatMap((before) => values.map((value) => before.with(seen.cell, value)));
    heaps = asker.budget.few(ways);
  }
  return heaps;
}

/** The place in its list of the one input that has one. */
function placeOf(inputs: readonly TermNode[], heap: Heap, frame: Frame): number | undefined {
  const places = new Set<number>();
  for (const input of inputs) {
    if (input.kind !== 'variable') continue;
    const value = deref(termValue(input, heap, frame), heap);
    if (value.kind === 'place') places.add(value.place);
  }
  const [place] = places;
  return places.size === 1 ? place : undefined;
}

interface Fresh {
  readonly place: number | undefined;
  readonly cast: Cast;
  readonly depth: number;
}

/** What an answer may be: lists of every length, and each agent that it may name. */
function freshValues(kind: Kind, fresh: Fresh): readonly Value[] {
  if (kind.list) return fresh.depth > 1 ? [unknown] : freshLists(kind, fresh);
  if (fresh.place !== undefined && matters(kind)) return [{ kind: 'place', place: fresh.place }];
  if (kind.peerOf.size === 0) return [unknown];
  const counts = [...kind.peerOf].map((role) => fresh.cast.players(role, -1).length);
  return Array.from({ length: Math.max(1, ...counts) }, (_, index) => ({
    kind: 'place',
    place: index + 1,
  }));
}

function freshLists(kind: Kind, fresh: Fresh): readonly Value[] {
  const item = partOf(kind, 'item');
  let longest: readonly (readonly Value[])[] = [[]];
  const lists: Value[] = [listValue([])];
  for (let length = 1; length <= LIST_LENGTH; length += 1) {
    const inner = { ...fresh, place: matters(item) ? length : undefined, depth: fresh.depth + 1 };
    const values = freshValues(item, inner);
    longest = longest.flatMap((items) => values.map((value) => [...items, value]));
    lists.push(...longest.map((items) => listValue(items)));
  }
  return lists;
}
