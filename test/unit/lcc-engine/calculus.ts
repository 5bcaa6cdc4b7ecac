/**
 * The rewriting rules of the calculus, as they are printed (Robertson 2004): the clause itself is
 * rewritten, and copied with every rewrite. Slow and plain, to compare the engine with. Without
 * `par`, and with constraints that are answered at once.
 */
import type { Body, Clause, Constraint, Model, TermNode } from '../../../src/lcc/ast.ts';

export type Known =
  | number
  | string
  | { readonly variable: number }
  | { readonly name: string; readonly args: readonly Known[] };

/** Values of variables. */
type Bound = ReadonlyMap<number, Known>;

interface Letter {
  readonly name: string;
  readonly from: { readonly role: string; readonly id: string };
  readonly toRole: string;
  readonly args: readonly Known[];
}

export interface Sent {
  readonly role: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly to: string;
}

/** A clause, partly closed. */
type Open =
  | { readonly op: 'not begun'; readonly body: Body; readonly scope: Scope }
  | { readonly op: 'then'; readonly left: Open; readonly right: Body; readonly scope: Scope }
  | { readonly op: 'role'; readonly role: string; readonly inner: Open };

type Scope = ReadonlyMap<string, number>;

interface World {
  readonly bound: Bound;
  readonly inbox: readonly Letter[];
  readonly sent: readonly Sent[];
}

interface Rewritten {
  /** `undefined`: closed. */
  readonly rest: Open | undefined;
  readonly world: World;
}

export class Calculus {
  world: World = { bound: new Map(), inbox: [], sent: [] };
  rest: Open | undefined;
  rewrites = 0;
  private readonly model: Model;
  private variables = 0;

  constructor(model: Model, role: string, args: readonly Known[]) {
    this.model = model;
    const entered = this.enter(role, args, this.world);
    this.rest = entered?.rest;
    this.world = entered?.world ?? this.world;
  }

  /** Rewrites until nothing applies; false when it goes on for longer than it should. */
  run(): boolean {
    for (let count = 0; this.rest !== undefined; count += 1) {
      if (count > 200) return false;
      const next = this.rewrite(this.rest, '', this.world);
      if (next === undefined) break;
      this.rest = next.rest;
      this.world = next.world;
      this.rewrites += 1;
    }
    return true;
  }

  hear(letter: Letter): void {
    this.world = { ...this.world, inbox: [...this.world.inbox, letter] };
  }

  private rewrite(open: Open, role: string, world: World): Rewritten | undefined {
    switch (open.op) {
      case 'role': {
        const inner = this.rewrite(open.inner, open.role, world);
        return inner && { ...inner, rest: inner.rest && { ...open, inner: inner.rest } };
      }
      case 'then': {
        const left = this.rewrite(open.left, role, world);
        return left && { world: left.world, rest: sequence(left.rest, open.right, open.scope) };
      }
      case 'not begun':
        return this.begin(open.body, open.scope, { role, world });
    }
  }

  private begin(
    body: Body,
    scope: Scope,
    { role, world }: { role: string; world: World },
  ): Rewritten | undefined {
    switch (body.op) {
      case 'then': {
        const left = this.begin(body.left, scope, { role, world });
        return left && { world: left.world, rest: sequence(left.rest, body.right, scope) };
      }
      case 'or':
        return (
          this.begin(body.left, scope, { role, world }) ??
          this.begin(body.right, scope, { role, world })
        );
      case 'par':
        throw new Error('par is not compared');
      case 'null': {
        const bound = this.holds(body.guard, scope, world.bound);
        return bound && { rest: undefined, world: { ...world, bound } };
      }
      case 'send': {
        const bound = this.holds(body.guard, scope, world.bound);
        if (bound === undefined) return undefined;
        const args = body.message.args.map((arg) => spell(this.value(arg, scope), bound));
        const to = `${body.target.role}:${spell(this.value(body.target.id, scope), bound)}`;
        const sent = [...world.sent, { role, name: body.message.name, args, to }];
        return { rest: undefined, world: { ...world, bound, sent } };
      }
      case 'role': {
        const bound = this.holds(body.guard, scope, world.bound);
        if (bound === undefined) return undefined;
        const args = body.target.args.map((arg) => this.value(arg, scope));
        return this.enter(body.target.role, args, { ...world, bound });
      }
      case 'receive':
        for (const letter of world.inbox) {
          const { message, target } = body;
          if (letter.toRole !== role || letter.name !== message.name) continue;
          if (letter.from.role !== target.role || letter.args.length !== message.args.length)
            continue;
          const pairs: [Known, Known][] = [
            [this.value(target.id, scope), letter.from.id],
            ...message.args.map((arg, index): [Known, Known] => [
              this.value(arg, scope),
              letter.args[index] ?? 0,
            ]),
          ];
          const matched = unifyAll(pairs, world.bound);
          const bound = matched && this.holds(body.guard, scope, matched);
          if (bound === undefined) continue;
          const inbox = world.inbox.filter((each) => each !== letter);
          return { rest: undefined, world: { ...world, bound, inbox } };
        }
        return undefined;
    }
  }

  private enter(role: string, args: readonly Known[], world: World): Rewritten | undefined {
    for (const clause of this.model.clauses) {
      if (clause.role !== role || clause.params.length !== args.length) continue;
      const scope = this.scopeOf(clause);
      const params = clause.params.map((param) => this.value(param, scope));
      const me: Known = { variable: scope.get(clause.me) ?? this.fresh() };
      const bound = unifyAll(
        [[me, 'me'], ...params.map((param, index): [Known, Known] => [param, args[index] ?? 0])],
        world.bound,
      );
      if (bound === undefined) continue;
      const inner: Open = { op: 'not begun', body: clause.body, scope };
      return { rest: { op: 'role', role, inner }, world: { ...world, bound } };
    }
    return undefined;
  }

  private scopeOf(clause: Clause): Scope {
    const scope = new Map<string, number>();
    // Every variable of the clause, and nothing else, has a capital letter in its text.
    for (const [name] of JSON.stringify(clause).matchAll(/(?<="name":")[A-Z]\w*(?=")/g)) {
      if (!scope.has(name)) scope.set(name, this.fresh());
    }
    return scope;
  }

  private fresh(): number {
    this.variables += 1;
    return this.variables;
  }

  private value(node: TermNode, scope: Scope): Known {
    switch (node.kind) {
      case 'variable':
        return { variable: scope.get(node.name) ?? this.fresh() };
      case 'anonymous':
        return { variable: this.fresh() };
      case 'integer':
      case 'float':
      case 'string':
        return node.value;
      case 'struct':
        return { name: node.name, args: node.args.map((arg) => this.value(arg, scope)) };
      case 'list':
        return node.items.reduceRight<Known>(
          (tail, item) => ({ name: '.', args: [this.value(item, scope), tail] }),
          node.tail ? this.value(node.tail, scope) : { name: '[]', args: [] },
        );
    }
  }

  private holds(guard: Constraint | undefined, scope: Scope, bound: Bound): Bound | undefined {
    switch (guard?.op) {
      case undefined:
        return bound;
      case 'and': {
        const left = this.holds(guard.left, scope, bound);
        return left && this.holds(guard.right, scope, left);
      }
      case 'or':
        return this.holds(guard.left, scope, bound) ?? this.holds(guard.right, scope, bound);
      case 'not':
        return this.holds(guard.inner, scope, bound) ? undefined : bound;
      case 'call': {
        const [input, output] = guard.args.map((arg) => this.value(arg, scope));
        const number = Number(spell(input ?? 0, bound));
        if (guard.name === 'small') return number < 2 ? bound : undefined;
        if (Number.isNaN(number) || output === undefined) return undefined;
        return unifyAll([[output, number + 1]], bound);
      }
      case 'compare': {
        const left = this.value(guard.left, scope);
        const right = this.value(guard.right, scope);
        if (guard.relation === '=') return unifyAll([[left, right]], bound);
        return spell(left, bound) === spell(right, bound) ? bound : undefined;
      }
    }
  }
}

function sequence(left: Open | undefined, right: Body, scope: Scope): Open {
  return left === undefined
    ? { op: 'not begun', body: right, scope }
    : { op: 'then', left, right, scope };
}

function follow(value: Known, bound: Bound): Known {
  let at = value;
  while (typeof at === 'object' && 'variable' in at) {
    const next = bound.get(at.variable);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

function unifyAll(pairs: readonly [Known, Known][], bound: Bound): Bound | undefined {
  let all: Bound | undefined = bound;
  for (const [left, right] of pairs) all = all && unify(left, right, all);
  return all;
}

function unify(left: Known, right: Known, bound: Bound): Bound | undefined {
  const a = follow(left, bound);
  const b = follow(right, bound);
  if (a === b) return bound;
  if (typeof a === 'object' && 'variable' in a) return bind(a.variable, b, bound);
  if (typeof b === 'object' && 'variable' in b) return bind(b.variable, a, bound);
  if (typeof a !== 'object' || typeof b !== 'object') return undefined;
  if (a.name !== b.name || a.args.length !== b.args.length) return undefined;
  return unifyAll(
    a.args.map((arg, index): [Known, Known] => [arg, b.args[index] ?? 0]),
    bound,
  );
}

function bind(variable: number, value: Known, bound: Bound): Bound | undefined {
  if (typeof value === 'object' && 'variable' in value && value.variable === variable) return bound;
  return occurs(variable, value, bound) ? undefined : new Map([...bound, [variable, value]]);
}

function occurs(variable: number, value: Known, bound: Bound): boolean {
  const at = follow(value, bound);
  if (typeof at !== 'object') return false;
  if ('variable' in at) return at.variable === variable;
  return at.args.some((arg) => occurs(variable, arg, bound));
}

export class Unbound extends Error {}

/** Throws {@link Unbound} when something in it is not known. */
function spell(value: Known, bound: Bound): string {
  const at = follow(value, bound);
  if (typeof at !== 'object') return String(at);
  if ('variable' in at) throw new Unbound();
  return at.args.length === 0
    ? at.name
    : `${at.name}(${at.args.map((arg) => spell(arg, bound)).join(',')})`;
}
