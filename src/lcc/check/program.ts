import type {
  Body,
  CallNode,
  Clause,
  Constraint,
  Join,
  Model,
  NullDef,
  ReceiveDef,
  RoleDeclaration,
  RoleDef,
  SendDef,
  TermNode,
  VarNode,
} from '../ast.ts';
import { builtins } from '../builtin.ts';
import { type ConstraintSpec, type ConstraintTable, constraintTable } from '../constraint.ts';

export type Def = NullDef | RoleDef | SendDef | ReceiveDef;

/** One step of a clause. */
export interface Step<Kind extends Def = Def> {
  readonly clause: Clause;
  readonly def: Kind;
  /** Nothing follows it in its clause; a role change there replaces the role. */
  readonly tail: boolean;
}

/** A model with what every check looks up. */
export interface Program {
  readonly model: Model;
  readonly declared: ReadonlyMap<string, RoleDeclaration>;
  /** By role; the first one where there are two. */
  readonly clauses: ReadonlyMap<string, Clause>;
  readonly steps: readonly Step[];
  readonly sends: readonly Step<SendDef>[];
  readonly receives: readonly Step<ReceiveDef>[];
  readonly changes: readonly Step<RoleDef>[];
  /** By role, those that its clause changes to. */
  readonly successors: ReadonlyMap<string, ReadonlySet<string>>;
  readonly table: ConstraintTable;
}

export function programOf(model: Model, table: ConstraintTable): Program {
  const clauses = new Map<string, Clause>();
  for (const clause of model.clauses) {
    if (!clauses.has(clause.role)) clauses.set(clause.role, clause);
  }
  const steps = model.clauses.flatMap((clause) => stepsOf(clause, clause.body, 'tail'));
  const changes = steps.filter((step): step is Step<RoleDef> => step.def.op === 'role');
  return {
    model,
    declared: new Map(model.roles.map((role) => [role.name, role])),
    clauses,
    steps,
    sends: steps.filter((step): step is Step<SendDef> => step.def.op === 'send'),
    receives: steps.filter((step): step is Step<ReceiveDef> => step.def.op === 'receive'),
    changes,
    successors: successorsOf(changes),
    table: new Map([...table, ...constraintTable(builtins)]),
  };
}

function stepsOf(clause: Clause, body: Body, place: 'tail' | 'inner'): readonly Step[] {
  if (!isJoin(body)) return [{ clause, def: body, tail: place === 'tail' }];
  const left = body.op === 'or' ? place : 'inner';
  const right = body.op === 'par' ? 'inner' : place;
  return [...stepsOf(clause, body.left, left), ...stepsOf(clause, body.right, right)];
}

function successorsOf(changes: readonly Step<RoleDef>[]): ReadonlyMap<string, ReadonlySet<string>> {
  const successors = new Map<string, Set<string>>();
  for (const { clause, def } of changes) {
    const known = successors.get(clause.role) ?? new Set();
    successors.set(clause.role, known.add(def.target.role));
  }
  return successors;
}

export function isJoin(body: Body): body is Join {
  return body.op === 'then' || body.op === 'par' || body.op === 'or';
}

export function specOf(program: Program, call: CallNode): ConstraintSpec | undefined {
  return program.table.get(`${call.name}/${call.args.length}`);
}

/** Every constraint that a guard asks, in order. */
export function callsOf(constraint: Constraint | undefined): readonly CallNode[] {
  switch (constraint?.op) {
    case undefined:
    case 'compare':
      return [];
    case 'and':
    case 'or':
      return [...callsOf(constraint.left), ...callsOf(constraint.right)];
    case 'not':
      return callsOf(constraint.inner);
    case 'call':
      return [constraint];
  }
}

/**
 * Whether time or the world answers a guard in the end: it asks a constraint of kind `wait`.
 * `within` is one that turns to no, so it ends nothing.
 */
export function waits(program: Program, guard: Constraint | undefined): boolean {
  return callsOf(guard).some(
    (call) => specOf(program, call)?.kind === 'wait' && call.name !== 'within',
  );
}

/** Every occurrence of a variable, in order. */
export function variablesOfTerms(terms: readonly TermNode[]): readonly VarNode[] {
  return terms.flatMap((term) => {
    if (term.kind === 'variable') return [term];
    if (term.kind === 'struct') return variablesOfTerms(term.args);
    if (term.kind === 'list') {
      return variablesOfTerms(term.tail === undefined ? term.items : [...term.items, term.tail]);
    }
    return [];
  });
}

function variablesOfConstraint(constraint: Constraint | undefined): readonly VarNode[] {
  switch (constraint?.op) {
    case undefined:
      return [];
    case 'and':
    case 'or':
      return [
        ...variablesOfConstraint(constraint.left),
        ...variablesOfConstraint(constraint.right),
      ];
    case 'not':
      return variablesOfConstraint(constraint.inner);
    case 'call':
      return variablesOfTerms(constraint.args);
    case 'compare':
      return variablesOfTerms([constraint.left, constraint.right]);
  }
}

export function variablesOfDef(def: Def): readonly VarNode[] {
  const guard = variablesOfConstraint(def.guard);
  switch (def.op) {
    case 'null':
      return guard;
    case 'role':
      return [...variablesOfTerms([...def.target.args, def.target.id]), ...guard];
    case 'send':
    case 'receive':
      return [
        ...variablesOfTerms([...def.message.args, ...def.target.args, def.target.id]),
        ...guard,
      ];
  }
}

/** `name/arity`, as messages and constraints are told apart. */
export function signature(node: {
  readonly name: string;
  readonly args: readonly unknown[];
}): string {
  return `${node.name}/${node.args.length}`;
}
