import type { Clause, CompareNode, Constraint, MessageNode, TermNode } from '../../ast.ts';
import { callsOf, type Program, specOf } from '../program.ts';

/**
 * What control depends on. A value matters to the exploration only if it may be taken apart as a
 * list or name an agent; everything else is one value to it. Which values may is found by following
 * where they flow: through variables, parameters, messages, lists and compound terms, regardless of
 * order (Steensgaard 1996, for pointers).
 */
export interface Kind {
  parent: Kind | undefined;
  list: boolean;
  /** Roles that a value of this kind is used as an agent of. */
  readonly peerOf: Set<string>;
  /** It is compared with a constant or a compound term. */
  tested: boolean;
  /** An agent may be derived from it, so its place in its list is kept. */
  placed: boolean;
  /** Comes from elsewhere than being the sender of a message. */
  foreign: boolean;
  /** Of lists `item`; of compound terms `name/arity#index`. */
  readonly parts: Map<string, Kind>;
}

export interface Kinds {
  readonly variable: (clause: Clause, name: string) => Kind;
  readonly argument: (role: string, message: MessageLike, index: number) => Kind;
}

interface MessageLike {
  readonly name: string;
  readonly args: readonly unknown[];
}

export function kindsOf(program: Program): Kinds {
  const table = new Map<string, Kind>();
  const at = (key: string): Kind => {
    const known = table.get(key);
    if (known !== undefined) return find(known);
    const kind = fresh();
    table.set(key, kind);
    return kind;
  };
  const kinds: Kinds = {
    variable: (clause, name) => at(`${clause.role} ${name}`),
    argument: (role, { name, args }, index) => at(`${role} ${name}/${args.length}#${index}`),
  };
  for (const step of program.steps) {
    if (program.clauses.get(step.clause.role) === step.clause) flowOfStep(program, kinds, step);
  }
  for (const step of program.steps) placeInputs(program, kinds, step);
  return kinds;
}

export function partOf(kind: Kind, part: string): Kind {
  const whole = find(kind);
  const known = whole.parts.get(part);
  if (known !== undefined) return find(known);
  const made = fresh();
  whole.parts.set(part, made);
  return made;
}

export function matters(kind: Kind, seen: Set<Kind> = new Set()): boolean {
  const whole = find(kind);
  if (seen.has(whole)) return false;
  seen.add(whole);
  if (whole.list || whole.placed || whole.tested || whole.peerOf.size > 0) return true;
  return [...whole.parts.values()].some((part) => matters(part, seen));
}

type Step = Program['steps'][number];

function flowOfStep(program: Program, kinds: Kinds, { clause, def }: Step): void {
  flowOfGuard(program, kinds, { clause, guard: def.guard });
  if (def.op === 'null') return;
  const { role, args, id } = def.target;
  if (def.op === 'role') {
    const callee = program.clauses.get(role);
    for (const [index, param] of (callee?.params ?? []).entries()) {
      const arg = args[index];
      if (callee === undefined || arg === undefined) continue;
      uniteTested(kindOfTerm(kinds, clause, arg), kindOfTerm(kinds, callee, param), [param]);
    }
    return;
  }
  const receiver = def.op === 'send' ? role : clause.role;
  const tests = def.op === 'receive' ? def.message.args : [];
  flowOfMessage(kinds, { clause, receiver, message: def.message, tests });
  const peer = kindOfTerm(kinds, clause, id);
  peer.peerOf.add(role);
  const known = id.kind === 'variable' && isSenderOrParameter(program, clause, id.name);
  if (!known) peer.foreign = true;
}

function isSenderOrParameter(program: Program, clause: Clause, name: string): boolean {
  const names = (term: TermNode): boolean => term.kind === 'variable' && term.name === name;
  return (
    clause.params.some(names) ||
    program.receives.some((step) => step.clause === clause && names(step.def.target.id))
  );
}

function flowOfMessage(
  kinds: Kinds,
  sent: {
    readonly clause: Clause;
    readonly receiver: string;
    readonly message: MessageNode;
    /** Those of its arguments that a receiver compares with what came. */
    readonly tests: readonly TermNode[];
  },
): void {
  for (const [index, arg] of sent.message.args.entries()) {
    const carried = kinds.argument(sent.receiver, sent.message, index);
    carried.foreign = true;
    const tests = sent.tests.includes(arg) ? [arg] : [];
    uniteTested(carried, kindOfTerm(kinds, sent.clause, arg), tests);
  }
}

function flowOfGuard(
  program: Program,
  kinds: Kinds,
  asked: { readonly clause: Clause; readonly guard: Constraint | undefined },
): void {
  for (const { left, right } of comparesOf(asked.guard)) {
    const kind = kindOfTerm(kinds, asked.clause, left);
    uniteTested(kind, kindOfTerm(kinds, asked.clause, right), [left, right]);
  }
  for (const call of callsOf(asked.guard)) {
    for (const [index, arg] of call.args.entries()) {
      const kind = kindOfTerm(kinds, asked.clause, arg);
      if (specOf(program, call)?.modes[index] !== '+') kind.foreign = true;
    }
  }
}

/** The inputs of a constraint that may name an agent: the same inputs name the same agent. */
function placeInputs(program: Program, kinds: Kinds, { clause, def }: Step): void {
  for (const call of callsOf(def.guard)) {
    const modes = specOf(program, call)?.modes;
    const named = call.args.some(
      (arg, index) => modes?.[index] !== '+' && kindOfTerm(kinds, clause, arg).peerOf.size > 0,
    );
    if (!named) continue;
    for (const arg of call.args) kindOfTerm(kinds, clause, arg).placed = true;
  }
}

function kindOfTerm(kinds: Kinds, clause: Clause, term: TermNode): Kind {
  switch (term.kind) {
    case 'variable':
      return find(kinds.variable(clause, term.name));
    case 'struct': {
      const whole = fresh();
      for (const [index, arg] of term.args.entries()) {
        unite(partOf(whole, fieldOf(term, index)), kindOfTerm(kinds, clause, arg));
      }
      return whole;
    }
    case 'list': {
      const whole = fresh();
      whole.list = true;
      for (const item of term.items) {
        const part = partOf(whole, 'item');
        part.foreign = true;
        unite(part, kindOfTerm(kinds, clause, item));
      }
      if (term.tail !== undefined) unite(whole, kindOfTerm(kinds, clause, term.tail));
      return find(whole);
    }
    case 'anonymous':
    case 'integer':
    case 'float':
    case 'string':
      return fresh();
  }
}

function fieldOf(term: MessageLike, index: number): string {
  return `${term.name}/${term.args.length}#${index}`;
}

function comparesOf(constraint: Constraint | undefined): readonly CompareNode[] {
  switch (constraint?.op) {
    case undefined:
    case 'call':
      return [];
    case 'compare':
      return [constraint];
    case 'not':
      return comparesOf(constraint.inner);
    case 'and':
    case 'or':
      return [...comparesOf(constraint.left), ...comparesOf(constraint.right)];
  }
}

function fresh(): Kind {
  return {
    parent: undefined,
    list: false,
    peerOf: new Set(),
    placed: false,
    tested: false,
    foreign: false,
    parts: new Map(),
  };
}

function find(kind: Kind): Kind {
  let root = kind;
  while (root.parent !== undefined) root = root.parent;
  return root;
}

/** `tests` are among the terms that were united: constants and compound terms are told apart. */
function uniteTested(left: Kind, right: Kind, tests: readonly TermNode[]): void {
  unite(left, right);
  for (const test of tests) markTested(left, test);
}

function markTested(kind: Kind, test: TermNode): void {
  const whole = find(kind);
  if (test.kind === 'list') {
    for (const item of test.items) markTested(partOf(whole, 'item'), item);
  } else if (test.kind !== 'variable' && test.kind !== 'anonymous') {
    whole.tested = true;
    if (test.kind !== 'struct') return;
    for (const [index, arg] of test.args.entries()) {
      markTested(partOf(whole, fieldOf(test, index)), arg);
    }
  }
}

function unite(left: Kind, right: Kind): void {
  const pairs: [Kind, Kind][] = [[left, right]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [into, from] = [find(pair[0]), find(pair[1])];
    if (into === from) continue;
    from.parent = into;
    into.list ||= from.list;
    into.placed ||= from.placed;
    into.tested ||= from.tested;
    into.foreign ||= from.foreign;
    for (const role of from.peerOf) into.peerOf.add(role);
    for (const [part, kind] of from.parts) {
      const same = into.parts.get(part);
      if (same === undefined) into.parts.set(part, kind);
      else pairs.push([same, kind]);
    }
  }
}
