import type { TermNode } from './ast.ts';
import { list, nil, type Term } from './term.ts';
import { isTerm, structOf, type Value } from './value.ts';

/**
 * A compiled term of a clause: variables are slots of its frame, ground parts are built once.
 * One shape for all kinds, so that the property loads of the inner loops stay monomorphic.
 */
export interface Pattern {
  readonly op: 'constant' | 'slot' | 'any' | 'struct' | 'cons';
  /** Of a constant. */
  readonly value: Term;
  /** Of a slot. */
  readonly slot: number;
  /** Of a structure. */
  readonly name: string;
  /** Of a structure; head and tail of a list cell. */
  readonly args: readonly Pattern[];
}

/** Gives each variable of one clause its slot. */
export class Slots {
  readonly names: string[] = [];

  of(name: string): number {
    const known = this.names.indexOf(name);
    return known >= 0 ? known : this.names.push(name) - 1;
  }
}

export function compileTerm(node: TermNode, slots: Slots): Pattern {
  switch (node.kind) {
    case 'variable':
      return pattern('slot', { slot: slots.of(node.name) });
    case 'anonymous':
      return pattern('any', {});
    case 'integer':
    case 'float':
    case 'string':
      return constant(node.value);
    case 'struct':
      return compileStruct(
        node.name,
        node.args.map((arg) => compileTerm(arg, slots)),
      );
    case 'list':
      return node.items
        .map((item) => compileTerm(item, slots))
        .reduceRight(compileCons, node.tail ? compileTerm(node.tail, slots) : constant(nil));
  }
}

export function constant(value: Term): Pattern {
  return pattern('constant', { value });
}

/** The slots that a pattern reads or binds. */
export function slotsIn(of: Pattern): readonly number[] {
  if (of.op === 'slot') return [of.slot];
  return of.args.flatMap(slotsIn);
}

function compileStruct(name: string, args: readonly Pattern[]): Pattern {
  const ground = structOf(name, groundArgs(args));
  if (args.every(isConstant) && isTerm(ground)) return constant(ground);
  return pattern('struct', { name, args });
}

function compileCons(tail: Pattern, head: Pattern): Pattern {
  if (isConstant(head) && isConstant(tail)) return constant(list([head.value], tail.value));
  return pattern('cons', { args: [head, tail] });
}

function groundArgs(args: readonly Pattern[]): readonly Value[] {
  return args.map((arg) => arg.value);
}

function isConstant(of: Pattern): boolean {
  return of.op === 'constant';
}

function pattern(op: Pattern['op'], given: Partial<Omit<Pattern, 'op'>>): Pattern {
  return {
    op,
    value: given.value ?? nil,
    slot: given.slot ?? -1,
    name: given.name ?? '',
    args: given.args ?? [],
  };
}
