import type { Body, Clause, TermNode } from '../../ast.ts';
import { isJoin, type Program, variablesOfDef, variablesOfTerms } from '../program.ts';
import { type Kind, type Kinds, matters } from './kinds.ts';

/** A clause with a slot for each variable that control depends on. */
export interface CompiledClause {
  readonly clause: Clause;
  readonly slots: ReadonlyMap<string, number>;
  readonly kinds: readonly Kind[];
}

/** The clauses of a model as the exploration runs them. */
export class Clauses {
  readonly #compiled: ReadonlyMap<string, CompiledClause>;
  readonly #numbers = new Map<Body, number>();
  readonly #slots = new Map<Body, readonly number[]>();

  constructor(program: Program, kinds: Kinds) {
    this.#compiled = new Map(
      [...program.clauses].map(([role, clause]) => [role, compile(clause, kinds)]),
    );
  }

  get(role: string): CompiledClause | undefined {
    return this.#compiled.get(role);
  }

  numberOf(body: Body): number {
    const number = this.#numbers.get(body) ?? this.#numbers.size;
    this.#numbers.set(body, number);
    return number;
  }

  /** The variables that a body looks at. */
  slotsOf(body: Body, clause: CompiledClause): readonly number[] {
    const known = this.#slots.get(body);
    if (known !== undefined) return known;
    const names = isJoin(body) ? [] : variablesOfDef(body).map((variable) => variable.name);
    const slots = isJoin(body)
      ? [...this.slotsOf(body.left, clause), ...this.slotsOf(body.right, clause)]
      : names.flatMap((name) => clause.slots.get(name) ?? []);
    const once = [...new Set(slots)];
    this.#slots.set(body, once);
    return once;
  }
}

function compile(clause: Clause, kinds: Kinds): CompiledClause {
  const names = new Set([clause.me, ...variablesIn(clause.body, clause.params)]);
  const slotted = [...names].filter((name) => matters(kinds.variable(clause, name)));
  return {
    clause,
    slots: new Map(slotted.map((name, slot) => [name, slot])),
    kinds: slotted.map((name) => kinds.variable(clause, name)),
  };
}

function variablesIn(body: Body, params: readonly TermNode[]): readonly string[] {
  const inBody = (part: Body): readonly string[] =>
    isJoin(part)
      ? [...inBody(part.left), ...inBody(part.right)]
      : variablesOfDef(part).map((variable) => variable.name);
  return [...variablesOfTerms(params).map((variable) => variable.name), ...inBody(body)];
}
