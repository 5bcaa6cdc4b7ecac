import type {
  AnonymousNode,
  Body,
  CallNode,
  Clause,
  CompareNode,
  Constraint,
  Position,
  TermNode,
  VarNode,
} from '../ast.ts';
import { type Def, isJoin, type Program, signature, specOf, variablesOfTerms } from './program.ts';
import { type Finding, finding } from './report.ts';
import { callersOf, startRoles } from './roles.ts';

/**
 * Inputs are bound on every way to them, outputs on none. What holds at the entry and at the end of
 * a role is found first, as the greatest solution over all calls; then each clause is read once.
 */
export function checkModes(program: Program): readonly Finding[] {
  const roles = solve(program);
  const findings = new Map<string, Finding>();
  const report: Reporter = (code, at, message) => {
    const found = finding(code, at, message);
    findings.set(`${code} ${at.line}:${at.column} ${message}`, found);
  };
  for (const clause of program.clauses.values()) {
    flow(clause.body, entryOf(clause, roles), { program, roles, report });
  }
  return [...findings.values()];
}

type Reporter = (
  code: 'LCC.MODE_INPUT_UNBOUND' | 'LCC.MODE_OUTPUT_BOUND' | 'LCC.MESSAGE_UNBOUND',
  at: Position,
  message: string,
) => void;

/** What holds of a role's parameters, by position. */
interface RoleModes {
  /** Bound by every caller. */
  readonly entry: boolean[];
  /** Bound on every way to the end. */
  readonly exit: boolean[];
  /** Some way leads to the end. */
  ends: boolean;
}

interface Flow {
  readonly program: Program;
  readonly roles: ReadonlyMap<string, RoleModes>;
  readonly report?: Reporter;
  /** Told of every role change, to find what callers bind. */
  readonly onCall?: (role: string, bound: readonly boolean[]) => void;
}

/** What is bound at a place; `undefined` where no run arrives. */
interface Bound {
  readonly names: ReadonlySet<string>;
  /** Terms that were unified before both were bound: one becomes bound with the other. */
  readonly equations: ReadonlySet<CompareNode>;
}

function solve(program: Program): ReadonlyMap<string, RoleModes> {
  const roles = new Map<string, RoleModes>();
  for (const [role, { params }] of program.clauses) {
    roles.set(role, { entry: params.map(() => true), exit: params.map(() => true), ends: false });
  }
  const starts = new Set(startRoles(program));
  const callers = callersOf(program);
  const open = new Set(program.clauses.values());
  const onCall: Flow['onCall'] = (callee, bound) => {
    const modes = roles.get(callee);
    const clause = program.clauses.get(callee);
    if (modes === undefined || clause === undefined || starts.has(callee)) return;
    if (lower(modes.entry, bound)) open.add(clause);
  };
  for (const clause of open) {
    open.delete(clause);
    const end = flow(clause.body, entryOf(clause, roles), { program, roles, onCall });
    const modes = roles.get(clause.role);
    if (end === undefined || modes === undefined) continue;
    const ends = clause.params.map((param) => isBound(param, end));
    const changed = lower(modes.exit, ends) || !modes.ends;
    modes.ends = true;
    if (changed) for (const caller of callers.get(clause.role) ?? []) open.add(caller);
  }
  return roles;
}

/** Takes back what does not hold; returns whether anything changed. */
function lower(facts: boolean[], holds: readonly boolean[]): boolean {
  let changed = false;
  for (const [index, fact] of facts.entries()) {
    if (!fact || holds[index] !== false) continue;
    facts[index] = false;
    changed = true;
  }
  return changed;
}

function entryOf(clause: Clause, roles: ReadonlyMap<string, RoleModes>): Bound {
  const entry = roles.get(clause.role)?.entry ?? [];
  const bound = clause.params.filter((_, index) => entry[index] !== false);
  const names = variablesOfTerms(bound).map((variable) => variable.name);
  return { names: new Set([clause.me, ...names]), equations: new Set() };
}

function flow(body: Body, before: Bound | undefined, context: Flow): Bound | undefined {
  if (before === undefined) return undefined;
  if (!isJoin(body)) return flowDef(body, before, context);
  const left = flow(body.left, before, context);
  if (body.op === 'then') return flow(body.right, left, context);
  const right = flow(body.right, before, context);
  return body.op === 'or' ? either(left, right) : left && right && both(left, right);
}

function flowDef(def: Def, before: Bound, context: Flow): Bound | undefined {
  const matched =
    def.op === 'receive' ? bind(before, [...def.message.args, def.target.id]) : before;
  const asked = def.guard === undefined ? matched : ask(def.guard, matched, context);
  switch (def.op) {
    case 'null':
    case 'receive':
      return asked;
    case 'send': {
      for (const leaf of unbound(def.message.args, asked)) {
        const message = `${spell(leaf)}, sent with ${signature(def.message)}, is not bound on every way to here`;
        context.report?.('LCC.MESSAGE_UNBOUND', leaf.at, message);
      }
      return bind(asked, [...def.message.args, def.target.id]);
    }
    case 'role': {
      const { role, args } = def.target;
      context.onCall?.(
        role,
        args.map((arg) => isBound(arg, asked)),
      );
      const modes = context.roles.get(role);
      if (modes === undefined) return bind(asked, args);
      const outputs = args.filter((_, index) => modes.exit[index] === true);
      return modes.ends ? bind(asked, outputs) : undefined;
    }
  }
}

function ask(constraint: Constraint, before: Bound, context: Flow): Bound {
  switch (constraint.op) {
    case 'and':
      return ask(constraint.right, ask(constraint.left, before, context), context);
    case 'or': {
      const left = ask(constraint.left, before, context);
      return both(before, either(left, ask(constraint.right, before, context)) ?? left);
    }
    case 'not':
      ask(constraint.inner, before, context);
      return before;
    case 'call':
      return call(constraint, before, context);
    case 'compare':
      return compare(constraint, before, context);
  }
}

function call(node: CallNode, before: Bound, context: Flow): Bound {
  const spec = specOf(context.program, node);
  for (const [index, arg] of node.args.entries()) {
    const mode = spec?.modes[index];
    if (mode === '+') {
      requireBound([arg], before, { ...context, of: signature(node) });
    } else if (mode === '-' && isBound(arg, before)) {
      const what = arg.kind === 'variable' ? arg.name : 'this value';
      const message = `${what}, an output of ${signature(node)}, is bound already`;
      context.report?.('LCC.MODE_OUTPUT_BOUND', arg.at, message);
    }
  }
  return bind(before, node.args);
}

function compare(node: CompareNode, before: Bound, context: Flow): Bound {
  const { relation, left, right } = node;
  if (relation !== '=') {
    requireBound([left, right], before, { ...context, of: relation });
    return bind(before, [left, right]);
  }
  return close({ names: before.names, equations: new Set([...before.equations, node]) });
}

function requireBound(
  terms: readonly TermNode[],
  before: Bound,
  context: Flow & { readonly of: string },
): void {
  for (const leaf of unbound(terms, before)) {
    const message = `${spell(leaf)}, an input of ${context.of}, is not bound on every way to here`;
    context.report?.('LCC.MODE_INPUT_UNBOUND', leaf.at, message);
  }
}

function spell(leaf: VarNode | AnonymousNode): string {
  return leaf.kind === 'variable' ? leaf.name : '_';
}

function isBound(term: TermNode, bound: Bound): boolean {
  return unbound([term], bound).length === 0;
}

/** Variables and `_` that have no value yet. */
function unbound(
  terms: readonly TermNode[],
  { names }: Pick<Bound, 'names'>,
): readonly (VarNode | AnonymousNode)[] {
  return leaves(terms).filter(
    (leaf) => leaf.kind === 'anonymous' || (leaf.kind === 'variable' && !names.has(leaf.name)),
  );
}

function leaves(terms: readonly TermNode[]): readonly (VarNode | AnonymousNode)[] {
  return terms.flatMap((term) => {
    if (term.kind === 'variable' || term.kind === 'anonymous') return [term];
    if (term.kind === 'struct') return leaves(term.args);
    if (term.kind === 'list') return leaves(term.tail ? [...term.items, term.tail] : term.items);
    return [];
  });
}

function bind(before: Bound, terms: readonly TermNode[]): Bound {
  const names = new Set(before.names);
  for (const variable of variablesOfTerms(terms)) names.add(variable.name);
  return names.size === before.names.size ? before : close({ ...before, names });
}

/** Binds what the equations give: a term whose other side is bound. */
function close({ names, equations }: Bound): Bound {
  const bound = new Set(names);
  const open = new Set(equations);
  for (let before = -1; before < bound.size; ) {
    before = bound.size;
    for (const equation of open) {
      const { left, right } = equation;
      const known = { names: bound, equations };
      if (!isBound(left, known) && !isBound(right, known)) continue;
      for (const variable of variablesOfTerms([left, right])) bound.add(variable.name);
      open.delete(equation);
    }
  }
  return { names: bound, equations: open };
}

/** After a choice: what both ways give. */
function either(left: Bound | undefined, right: Bound | undefined): Bound | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return {
    names: left.names.intersection(right.names),
    equations: left.equations.intersection(right.equations),
  };
}

/** After both: what either gives. */
function both(left: Bound, right: Bound): Bound {
  return close({
    names: left.names.union(right.names),
    equations: left.equations.union(right.equations),
  });
}
