import { failure } from '../base/failure.ts';
import type { CallNode, CompareNode, Constraint, Position, TermNode } from './ast.ts';
import { builtins } from './builtin.ts';
import type { ConstraintSpec, ConstraintTable } from './constraint.ts';
import { compileTerm, constant, type Pattern, type Slots, slotsIn } from './pattern.ts';
import { type Guard, signature, type TimerGuard } from './program.ts';
import { nil } from './term.ts';

/** Compiles the guards of one choice, whose questions and timers it numbers. */
export class GuardCompiler {
  readonly timers: TimerGuard[] = [];
  private readonly slots: Slots;
  private readonly table: ConstraintTable;
  /** One guard may stand before several alternatives; it is asked once. */
  private readonly known = new Map<Constraint, Guard>();
  private questions = 0;
  private asked = false;

  constructor(slots: Slots, table: ConstraintTable) {
    this.slots = slots;
    this.table = table;
  }

  /** Joined by `and`. Fails with LCC.CONSTRAINT_UNKNOWN. */
  compile(constraints: readonly Constraint[]): Guard | undefined {
    this.asked = false;
    const [first, ...more] = constraints.map((constraint) => this.guard(constraint));
    if (first === undefined || more.length === 0) return first;
    return { op: 'all', parts: [first, ...more] };
  }

  nextQuestion(): number {
    this.questions += 1;
    return this.questions;
  }

  private guard(node: Constraint): Guard {
    const guard = this.known.get(node) ?? this.compileNode(node);
    this.known.set(node, guard);
    return guard;
  }

  private compileNode(node: Constraint): Guard {
    switch (node.op) {
      case 'and':
        return { op: 'all', parts: chain(node, 'and').map((part) => this.guard(part)) };
      case 'or':
        return { op: 'any', parts: chain(node, 'or').map((part) => this.guard(part)) };
      case 'not':
        return { op: 'not', inner: this.guard(node.inner) };
      case 'compare':
        return this.compare(node);
      case 'call':
        return this.call(node);
    }
  }

  private compare(node: CompareNode): Guard {
    const { relation, at } = node;
    return {
      op: 'compare',
      relation,
      left: this.term(node.left),
      right: this.term(node.right),
      at,
    };
  }

  private call(node: CallNode): Guard {
    const args = node.args.map((arg) => this.term(arg));
    const [first = constant(nil), second = constant(nil)] = args;
    const { at } = node;
    switch (signature(node.name, args.length)) {
      case 'timeout/1':
        return this.timer('timeout', first, at);
      case 'within/1':
        return this.timer('within', first, at);
      case 'passed/1':
        return this.timer('passed', first, at);
      case 'deadline/2':
        return { op: 'deadline', question: this.nextQuestion(), time: first, output: second, at };
      case 'getPeers/2':
        this.asked = true;
        return { op: 'peers', question: this.nextQuestion(), role: first, ids: second, at };
      default:
        return this.fromTable(node, args);
    }
  }

  private fromTable(node: CallNode, args: readonly Pattern[]): Guard {
    const spec = this.table.get(signature(node.name, args.length));
    if (spec === undefined) throw unknown(node, this.table);
    if (spec.compute === undefined) this.asked = true;
    const byMode = (mode: '+' | '-') => args.filter((_, index) => spec.modes[index] === mode);
    return {
      op: 'call',
      question: this.nextQuestion(),
      spec,
      inputs: byMode('+'),
      outputs: byMode('-'),
      at: node.at,
    };
  }

  private timer(name: TimerGuard['name'], time: Pattern, at: Position): TimerGuard {
    const early = !this.asked && name !== 'passed';
    const timer: TimerGuard = { op: 'timer', name, timer: this.timers.length, early, time, at };
    this.timers.push(timer);
    return timer;
  }

  private term(node: TermNode): Pattern {
    return compileTerm(node, this.slots);
  }
}

/** Whether a guard needs the value of a slot, rather than being able to bind it. */
export function reads(guard: Guard | undefined, slot: number): boolean {
  const inAny = (patterns: readonly Pattern[]): boolean =>
    patterns.some((pattern) => slotsIn(pattern).includes(slot));
  switch (guard?.op) {
    case undefined:
      return false;
    case 'all':
    case 'any':
      return guard.parts.some((part) => reads(part, slot));
    case 'not':
      return reads(guard.inner, slot);
    case 'call':
      return inAny(guard.inputs);
    case 'peers':
      return inAny([guard.role]);
    case 'timer':
    case 'deadline':
      return inAny([guard.time]);
    case 'compare':
      return guard.relation !== '=' && inAny([guard.left, guard.right]);
  }
}

function chain(node: Constraint, op: 'and' | 'or'): readonly Constraint[] {
  if (node.op !== 'and' && node.op !== 'or') return [node];
  return node.op === op ? [...chain(node.left, op), ...chain(node.right, op)] : [node];
}

function unknown(node: CallNode, table: ConstraintTable): Error {
  const { line, column } = node.at;
  const called = signature(node.name, node.args.length);
  const others = [...table.values(), ...builtins].filter((spec) => spec.name === node.name);
  return failure('LCC.CONSTRAINT_UNKNOWN', `${line}:${column}: nobody answers ${called}`, {
    facts: { line, column, constraint: called },
    next: others.length === 0 ? 'Check its spelling.' : `Known: ${others.map(usage).join(', ')}.`,
  });
}

/** `compose(+, +, -)` */
function usage(spec: ConstraintSpec): string {
  return `${spec.name}(${spec.modes.join(', ')})`;
}
