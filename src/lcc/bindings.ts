import type { Pattern } from './pattern.ts';
import type { Term } from './term.ts';
import {
  consOf,
  equalTerms,
  isTerm,
  type OpenTerm,
  structOf,
  type Value,
  type Variable,
} from './value.ts';

/**
 * Binding and unification over one frame's slots and the agent's variables, with a trail, so that
 * an alternative that turns out not to apply leaves nothing behind. Both arrays belong to whoever
 * put them here and are changed in place.
 */
export class Bindings {
  slots: (Value | undefined)[] = [];
  variables: (Value | undefined)[] = [];
  /** Counts bindings of variables: other threads may see them. */
  bound = 0;
  /**
   * What to undo, newest last: a slot << 2, a variable << 2 | 1 (bound) or | 2 (made). Only the
   * first `top` count: shrinking an array costs more than all the rest here.
   */
  private readonly trail: number[] = [];
  private top = 0;

  mark(): number {
    return this.top;
  }

  undo(mark: number): void {
    while (this.top > mark) {
      this.top -= 1;
      const entry = this.trail[this.top] ?? 0;
      if ((entry & 3) === 0) this.slots[entry >> 2] = undefined;
      else if ((entry & 3) === 1) this.variables[entry >> 2] = undefined;
      else this.variables.length = entry >> 2;
    }
  }

  /** What was bound since the mark can no longer be undone. */
  keep(mark: number): void {
    this.top = mark;
  }

  /** The value of a pattern; what is unbound in it becomes a variable of the agent. */
  build(of: Pattern): Value {
    switch (of.op) {
      case 'constant':
        return of.value;
      case 'slot':
        return this.read(of.slot) ?? this.lift(of.slot);
      case 'any':
        return this.make();
      case 'struct':
        return structOf(
          of.name,
          of.args.map((arg) => this.build(arg)),
        );
      case 'cons':
        return consOf(this.buildAt(of, 0), this.buildAt(of, 1));
    }
  }

  /** The ground value of a pattern; `undefined` while something in it is unbound. Binds nothing. */
  ground(of: Pattern): Term | undefined {
    if (of.op === 'constant') return of.value;
    if (of.op === 'slot') {
      const value = this.slots[of.slot];
      return value === undefined ? undefined : this.resolve(value);
    }
    if (of.op === 'any') return undefined;
    const args: Term[] = [];
    for (const arg of of.args) {
      const value = this.ground(arg);
      if (value === undefined) return undefined;
      args.push(value);
    }
    return closed(of.op === 'cons' ? undefined : of.name, args);
  }

  read(slot: number): Value | undefined {
    const value = this.slots[slot];
    return value === undefined || isTerm(value) ? value : this.follow(value);
  }

  /** Unifies a pattern with a value. On false, bindings may be left: undo to a mark. */
  match(of: Pattern, value: Value): boolean {
    switch (of.op) {
      case 'slot': {
        const held = this.slots[of.slot];
        if (held !== undefined) return held === value || this.unify(held, value);
        this.slots[of.slot] = value;
        this.log(of.slot << 2);
        return true;
      }
      case 'any':
        return true;
      case 'constant':
        return of.value === value || this.unify(of.value, value);
      case 'cons':
      case 'struct':
        return this.matchCompound(of, isTerm(value) ? value : this.follow(value));
    }
  }

  /** Along the last arguments in a loop: so a list costs no stack. */
  unify(left: Value, right: Value): boolean {
    let a = this.follow(left);
    let b = this.follow(right);
    for (;;) {
      if (isTerm(a) && isTerm(b)) return equalTerms(a, b);
      if (typeof a === 'object' && a.kind === 'variable') return this.bind(a, b);
      if (typeof b === 'object' && b.kind === 'variable') return this.bind(b, a);
      const last = this.unifyAllButLast(partsOf(a), partsOf(b));
      if (last === undefined) return false;
      a = this.follow(last[0]);
      b = this.follow(last[1]);
    }
  }

  /** The value with its bound variables replaced; `undefined` while it is not ground. */
  resolve(value: Value): Term | undefined {
    const resolved = this.follow(value);
    if (isTerm(resolved)) return resolved;
    return resolved.kind === 'open' ? this.resolveOpen(resolved) : undefined;
  }

  follow(value: Value): Value {
    let at = value;
    while (typeof at === 'object' && at.kind === 'variable') {
      const next = this.variables[at.id];
      if (next === undefined) return at;
      at = next;
    }
    return at;
  }

  /** A variable that another frame can share, in a slot that was unbound. */
  lift(slot: number): Value {
    const variable = this.make();
    this.slots[slot] = variable;
    this.log(slot << 2);
    return variable;
  }

  private log(entry: number): void {
    this.trail[this.top] = entry;
    this.top += 1;
  }

  private make(): Variable {
    const id = this.variables.push(undefined) - 1;
    this.log((id << 2) | 2);
    return { kind: 'variable', id };
  }

  private buildAt(of: Pattern, index: number): Value {
    const arg = of.args[index];
    return arg === undefined ? this.make() : this.build(arg);
  }

  private matchCompound(of: Pattern, value: Value): boolean {
    if (typeof value !== 'object') return false;
    if (value.kind === 'variable') return this.bind(value, this.build(of));
    if (value.kind === 'cons') {
      const [head, tail] = of.args;
      if (of.op !== 'cons' || head === undefined || tail === undefined) return false;
      return this.match(head, value.head) && this.match(tail, value.tail);
    }
    if (value.kind !== 'struct' && value.kind !== 'open') return false;
    if (value.name !== (of.op === 'cons' ? undefined : of.name)) return false;
    if (value.args.length !== of.args.length) return false;
    for (let index = 0; index < of.args.length; index += 1) {
      const arg = of.args[index];
      const item = value.args[index];
      if (arg === undefined || item === undefined || !this.match(arg, item)) return false;
    }
    return true;
  }

  private bind(variable: Variable, value: Value): boolean {
    const target = this.follow(value);
    if (typeof target === 'object' && target.kind === 'variable' && target.id === variable.id)
      return true;
    if (this.occurs(variable, target)) return false;
    this.variables[variable.id] = target;
    this.log((variable.id << 2) | 1);
    this.bound += 1;
    return true;
  }

  /** A term that contains itself would be endless to compare, send and save. */
  private occurs(variable: Variable, value: Value): boolean {
    let at = this.follow(value);
    while (!isTerm(at)) {
      if (at.kind === 'variable') return at.id === variable.id;
      const last: Value | undefined = at.args.at(-1);
      if (last === undefined) return false;
      for (let index = 0; index < at.args.length - 1; index += 1) {
        const arg = at.args[index];
        if (arg !== undefined && this.occurs(variable, arg)) return true;
      }
      at = this.follow(last);
    }
    return false;
  }

  /** The last arguments of both, still to be unified; `undefined` when they differ before that. */
  private unifyAllButLast(a: Parts | undefined, b: Parts | undefined): [Value, Value] | undefined {
    if (a === undefined || b === undefined) return undefined;
    if (a.name !== b.name || a.args.length !== b.args.length) return undefined;
    const end = a.args.length - 1;
    for (let index = 0; index <= end; index += 1) {
      const left = a.args[index];
      const right = b.args[index];
      if (left === undefined || right === undefined) return undefined;
      if (index === end) return [left, right];
      if (!this.unify(left, right)) return undefined;
    }
    return undefined;
  }

  private resolveOpen(value: OpenTerm): Term | undefined {
    if (value.name === undefined) return this.resolveList(value);
    const args: Term[] = [];
    for (const arg of value.args) {
      const resolved = this.resolve(arg);
      if (resolved === undefined) return undefined;
      args.push(resolved);
    }
    return closed(value.name, args);
  }

  /** Along the list, not down it: an open list may be as long as a ground one. */
  private resolveList(list: OpenTerm): Term | undefined {
    const heads: Term[] = [];
    let rest: Value = list;
    while (typeof rest === 'object' && rest.kind === 'open' && rest.name === undefined) {
      const [head, tail]: readonly Value[] = rest.args;
      const resolved = head === undefined ? undefined : this.resolve(head);
      if (resolved === undefined || tail === undefined) return undefined;
      heads.push(resolved);
      rest = this.follow(tail);
    }
    const end = this.resolve(rest);
    return end === undefined ? undefined : heads.reduceRight(prepend, end);
  }
}

function prepend(tail: Term, head: Term): Term {
  return { kind: 'cons', head, tail };
}

function closed(name: string | undefined, args: readonly Term[]): Term | undefined {
  if (name !== undefined) return { kind: 'struct', name, args };
  const [head, tail] = args;
  return head === undefined || tail === undefined ? undefined : { kind: 'cons', head, tail };
}

type Parts = Pick<OpenTerm, 'name' | 'args'>;

function partsOf(value: Value): Parts | undefined {
  if (typeof value !== 'object') return undefined;
  if (value.kind === 'struct' || value.kind === 'open') return value;
  return value.kind === 'cons' ? { name: undefined, args: [value.head, value.tail] } : undefined;
}
