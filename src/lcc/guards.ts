import { failure } from '../base/failure.ts';
import type { Bindings } from './bindings.ts';
import type { Pattern } from './pattern.ts';
import type {
  AllGuard,
  AnyGuard,
  CallGuard,
  Choice,
  CompareGuard,
  DeadlineGuard,
  Guard,
  PeersGuard,
  TimerGuard,
} from './program.ts';
import { noMail, type Question, type Thread } from './state.ts';
import type { Effect, Message } from './step.ts';
import { list, type Term } from './term.ts';
import { compareTerms } from './value.ts';
import type { Workspace } from './workspace.ts';

/**
 * `blocked`: asked, and what stands to the right must wait for the answer. `waiting`: not now,
 * and nothing to the right need wait for it.
 */
export type Verdict = 'yes' | 'no' | 'blocked' | 'waiting';

/** Takes effects in order, inside the step: it must not change the agent. */
export interface Sink {
  /** By far the most frequent effect, without a wrapping. */
  send(message: Message): void;
  emit(effect: OtherEffect): void;
}

export type OtherEffect = Exclude<Effect, { readonly kind: 'send' }>;

/**
 * Tests the guards of one thread's choice. Nothing of a guard's evaluation is kept but the replies
 * to what it asked: with a new reply it is evaluated from its start, which is repeatable since all
 * else in it is pure.
 */
export class Guards {
  nowMs = 0;
  /** The earliest deadline among the timers that were found not due. */
  wakeAtMs: number = Number.POSITIVE_INFINITY;
  private alternative = 0;
  private mail = noMail;
  private readonly work: Workspace;
  private readonly bindings: Bindings;
  private readonly sink: Sink;
  private thread: Thread | undefined;

  constructor(work: Workspace, bindings: Bindings, sink: Sink) {
    this.work = work;
    this.bindings = bindings;
    this.sink = sink;
  }

  focus(thread: Thread): void {
    this.thread = thread;
  }

  /** What is tested next: an alternative, for a message or for none. */
  begin(alternative: number, mail: number): void {
    this.alternative = alternative;
    this.mail = mail;
  }

  test(guard: Guard | undefined): Verdict {
    switch (guard?.op) {
      case undefined:
        return 'yes';
      case 'compare':
        return this.compare(guard);
      case 'call':
        return this.call(guard);
      case 'timer':
        return this.timer(guard);
      case 'all':
        return this.all(guard);
      case 'any':
        return this.any(guard);
      case 'not':
        return this.not(guard.inner);
      case 'peers':
        return this.peers(guard);
      case 'deadline':
        return this.deadline(guard);
    }
  }

  /** The reply to a question about one or all agents that play a role, asked if need be. */
  recipients(number: number, role: string, kind: 'peer' | 'peers'): readonly string[] | undefined {
    const known = this.find(number, noMail);
    if (known === undefined) {
      const { ask } = this.open(number, 'recipient', undefined);
      this.sink.emit({ kind, ask, role });
    }
    return known?.reply !== undefined && 'ids' in known.reply ? known.reply.ids : undefined;
  }

  /** Deadlines of a choice where the agent comes to rest run from then. */
  startTimers(choice: Choice): void {
    for (const timer of choice.timers) {
      if (!timer.early || this.isRunning(timer)) continue;
      const lengthMs = this.bindings.ground(timer.time);
      if (lengthMs !== undefined) this.start(timer, lengthMs);
    }
  }

  private all(guard: AllGuard): Verdict {
    for (const part of guard.parts) {
      const verdict = this.test(part);
      if (verdict !== 'yes') return verdict;
    }
    return 'yes';
  }

  private any(guard: AnyGuard): Verdict {
    let waiting = false;
    for (const part of guard.parts) {
      const mark = this.bindings.mark();
      const verdict = this.test(part);
      if (verdict === 'yes' || verdict === 'blocked') return verdict;
      this.bindings.undo(mark);
      if (verdict === 'waiting') waiting = true;
    }
    return waiting ? 'waiting' : 'no';
  }

  private not(inner: Guard): Verdict {
    const mark = this.bindings.mark();
    const verdict = this.test(inner);
    this.bindings.undo(mark);
    if (verdict === 'yes') return 'no';
    return verdict === 'no' ? 'yes' : verdict;
  }

  private call(guard: CallGuard): Verdict {
    const { spec } = guard;
    if (spec.compute !== undefined) {
      const outputs = spec.compute(this.inputs(guard));
      return outputs === undefined ? 'no' : this.accept(guard, outputs);
    }
    const known = this.find(guard.question, this.mail);
    if (known === undefined) {
      const args = this.inputs(guard);
      const { ask } = this.open(guard.question, 'constraint', undefined);
      this.sink.emit({ kind: 'ask', ask, name: spec.name, arity: spec.modes.length, args });
    }
    const reply = known?.reply;
    if (reply === undefined) return spec.kind === 'wait' ? 'waiting' : 'blocked';
    return 'yes' in reply ? this.accept(guard, reply.yes) : 'no';
  }

  private peers(guard: PeersGuard): Verdict {
    const known = this.find(guard.question, this.mail);
    if (known === undefined) {
      const role = idOf(this.input(guard.role, guard));
      const { ask } = this.open(guard.question, 'peers', undefined);
      this.sink.emit({ kind: 'peers', ask, role: role ?? '' });
    }
    const reply = known?.reply;
    if (reply === undefined || !('ids' in reply)) return 'blocked';
    return this.bindings.match(guard.ids, list(reply.ids)) ? 'yes' : 'no';
  }

  /** Read once, so that the same guard, tested again, goes on with the same time. */
  private deadline(guard: DeadlineGuard): Verdict {
    let known = this.find(guard.question, this.mail);
    if (known === undefined) {
      const atMs = this.nowMs + lengthOf(this.input(guard.time, guard));
      known = this.open(guard.question, 'constraint', { yes: [atMs] });
    }
    const [atMs] = known.reply !== undefined && 'yes' in known.reply ? known.reply.yes : [];
    return atMs !== undefined && this.bindings.match(guard.output, atMs) ? 'yes' : 'no';
  }

  private timer(guard: TimerGuard): Verdict {
    const dueMs = this.dueMs(guard);
    if (guard.name === 'within') return this.nowMs < dueMs ? 'yes' : 'no';
    if (this.nowMs >= dueMs) return 'yes';
    if (dueMs < this.wakeAtMs) this.wakeAtMs = dueMs;
    return 'waiting';
  }

  private dueMs(guard: TimerGuard): number {
    if (guard.name === 'passed') return lengthOf(this.input(guard.time, guard));
    if (!this.isRunning(guard)) this.start(guard, this.input(guard.time, guard));
    return this.thread?.deadlines[guard.timer] ?? this.nowMs;
  }

  private isRunning(timer: TimerGuard): boolean {
    const dueMs = this.thread?.deadlines[timer.timer];
    return dueMs !== undefined && !Number.isNaN(dueMs);
  }

  private start(timer: TimerGuard, lengthMs: Term): void {
    const { thread } = this;
    if (thread === undefined) return;
    const deadlines: number[] = [];
    for (let index = 0; index < thread.at.timers.length; index += 1) {
      deadlines.push(thread.deadlines[index] ?? Number.NaN);
    }
    deadlines[timer.timer] = this.nowMs + lengthOf(lengthMs);
    thread.deadlines = deadlines;
  }

  private compare(guard: CompareGuard): Verdict {
    const { relation } = guard;
    if (relation === '=') return this.unify(guard.left, guard.right) ? 'yes' : 'no';
    const left = this.input(guard.left, guard);
    const right = this.input(guard.right, guard);
    return compareTerms(relation, left, right) ? 'yes' : 'no';
  }

  private unify(left: Pattern, right: Pattern): boolean {
    const { bindings } = this;
    if (left.op !== 'slot') return bindings.match(left, bindings.build(right));
    const held = bindings.read(left.slot);
    if (held !== undefined) return bindings.match(right, held);
    return bindings.match(left, bindings.build(right));
  }

  private inputs(guard: CallGuard): readonly Term[] {
    const inputs: Term[] = [];
    for (const input of guard.inputs) inputs.push(this.input(input, guard));
    return inputs;
  }

  private input(input: Pattern, guard: Located): Term {
    const value = this.bindings.ground(input);
    if (value === undefined) throw unbound(guard);
    return value;
  }

  private accept(guard: CallGuard, outputs: readonly Term[]): Verdict {
    if (outputs.length !== guard.outputs.length) throw malformedAnswer(guard, outputs.length);
    for (let index = 0; index < outputs.length; index += 1) {
      const pattern = guard.outputs[index];
      const output = outputs[index];
      if (pattern === undefined || output === undefined) return 'no';
      if (!this.bindings.match(pattern, output)) return 'no';
    }
    return 'yes';
  }

  private find(number: number, mail: number): Question | undefined {
    return this.thread?.questions.find((each) => each.number === number && each.mail === mail);
  }

  private open(number: number, about: Question['about'], reply: Question['reply']): Question {
    const { thread, work, alternative, mail } = this;
    const question = { ask: work.nextAsk, about, number, alternative, mail, reply };
    work.nextAsk += 1;
    if (thread !== undefined) thread.questions = [...thread.questions, question];
    return question;
  }
}

/** How an agent is named by a term: a string, or an atom in a model. */
export function idOf(term: Term): string | undefined {
  if (typeof term === 'string') return term;
  if (typeof term !== 'object' || term.kind !== 'struct') return undefined;
  return term.args.length === 0 ? term.name : undefined;
}

type Located = Pick<CallGuard, 'at'>;

function lengthOf(term: Term): number {
  return typeof term === 'number' && !Number.isNaN(term) ? term : 0;
}

export function unbound({ at }: Located): Error {
  return failure('LCC.UNBOUND', `${at.line}:${at.column}: needs a value that is not known yet`, {
    facts: { line: at.line, column: at.column },
    next: 'skypact model check says which variable, and on which way through the clause',
  });
}

function malformedAnswer({ spec, at, outputs }: CallGuard, given: number): Error {
  const wanted = outputs.length;
  return failure(
    'LCC.ANSWER_MALFORMED',
    `${at.line}:${at.column}: ${spec.name} was answered with ${given} values, not ${wanted}`,
    { facts: { line: at.line, column: at.column, constraint: spec.name } },
  );
}
