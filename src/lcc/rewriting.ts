import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { Attempts } from './attempts.ts';
import type { Bindings } from './bindings.ts';
import { collectVariables } from './collect.ts';
import type { Guards, Sink } from './guards.ts';
import { beginPar, endPar } from './par.ts';
import type {
  Alternative,
  Choice,
  ClauseCode,
  Place,
  RoleChangeCode,
  RoleCode,
} from './program.ts';
import { type Frame, noMail, type Question, type Thread } from './state.ts';
import type { Workspace } from './workspace.ts';

/** What tries alternatives, over one agent's state. */
export interface Tools {
  readonly bindings: Bindings;
  readonly guards: Guards;
  readonly attempts: Attempts;
}

/**
 * Rewrites an agent's clauses. The rules of the calculus (docs/lcc.md) are where its places are: a
 * choice is rules 2, 3 and 7 to 10, what follows it 4 and 5, a fork 6.
 */
export class Rewriting {
  private readonly work: Workspace;
  private readonly sink: Sink;
  private readonly bindings: Bindings;
  private readonly guards: Guards;
  private readonly attempts: Attempts;
  /** Threads that have begun and not yet rested. */
  private readonly begun: { readonly thread: Thread; readonly at: Place }[] = [];
  private rewrites = 0;
  /** Collect unused variables when there are more than this. */
  private variablesLimit = FEW_VARIABLES;
  /** A thread did what may let another thread go on. */
  private recheck = false;

  constructor(work: Workspace, sink: Sink, { bindings, guards, attempts }: Tools) {
    this.work = work;
    this.sink = sink;
    this.bindings = bindings;
    this.guards = guards;
    this.attempts = attempts;
  }

  /** A step begins. */
  begin(): void {
    this.rewrites = 0;
  }

  /** A thread enters its first clause. */
  start(thread: Thread): void {
    const { clause } = thread.frame;
    this.enterRole(clause.role);
    this.begun.push({ thread, at: clause.entry });
  }

  /** Runs every thread until all rest, and none can go on by what another one bound. */
  settle(): void {
    for (let next = this.begun.shift(); next !== undefined; next = this.begun.shift()) {
      this.proceed(next.thread, next.at);
    }
    while (this.recheck) {
      this.recheck = false;
      for (const thread of this.ownAll()) {
        if (this.work.threads.includes(thread)) this.retry(thread, 0);
      }
      this.settle();
    }
  }

  /** All threads, fit to be changed. */
  ownAll(): readonly Thread[] {
    return [...this.work.threads].map((thread) => this.work.own(thread));
  }

  /** Tries a resting thread's alternatives again, from that one on. */
  retry(thread: Thread, from: number): void {
    const found = this.scan(thread, from);
    if (found === undefined) this.rest(thread);
    else this.proceed(thread, this.commit(thread, found));
  }

  /** Goes on from a place until the thread rests or ends. */
  proceed(thread: Thread, place: Place | undefined): void {
    let at = place;
    while (at !== undefined) {
      switch (at.op) {
        case 'choice':
          at = this.choose(thread, at);
          break;
        case 'fork':
          this.fork(thread, at.right);
          at = at.left;
          break;
        case 'join':
          at = endPar(this.work.own(thread), this.work) === 'both' ? at.next : undefined;
          break;
        case 'end':
          at = this.close(thread);
          break;
      }
    }
  }

  private choose(thread: Thread, choice: Choice): Place | undefined {
    thread.at = choice;
    thread.deadlines = none;
    thread.questions = none;
    const found = this.scan(thread, 0);
    if (found !== undefined) return this.commit(thread, found);
    this.rest(thread);
    return undefined;
  }

  /** Left to right: the first alternative that applies, up to one that blocks. */
  private scan(thread: Thread, from: number): Alternative | undefined {
    this.focus(thread);
    this.guards.wakeAtMs = Number.POSITIVE_INFINITY;
    const { alternatives } = thread.at;
    thread.blockedAt = alternatives.length;
    for (let index = from; index < alternatives.length; index += 1) {
      const alternative = alternatives[index];
      if (alternative === undefined) break;
      const mark = this.bindings.mark();
      const verdict = this.attempts.attempt(thread, alternative);
      if (verdict === 'yes') return alternative;
      this.bindings.undo(mark);
      if (verdict === 'blocked') {
        thread.blockedAt = index;
        break;
      }
    }
    return undefined;
  }

  private rest(thread: Thread): void {
    this.guards.startTimers(thread.at);
    this.noteWake();
  }

  /** What was found waiting for a time wants to be woken then. */
  noteWake(): void {
    if (this.guards.wakeAtMs < this.work.wakeAtMs) this.work.wakeAtMs = this.guards.wakeAtMs;
  }

  /** Makes a thread the one that is tried, and fit to be changed. */
  focus(thread: Thread): Thread {
    const mine = this.work.own(thread);
    this.bindings.slots = mine.frame.slots;
    this.guards.focus(mine);
    return mine;
  }

  /** The alternative was taken: the others are given up, and the thread goes on. */
  commit(thread: Thread, taken: Alternative): Place {
    this.countRewrite(taken);
    if (thread.questions.length > 0) {
      this.drop(thread.questions);
      thread.questions = none;
    }
    this.bindings.keep(0);
    if (this.work.threads.length > 1) this.tellOthers(thread);
    if (taken.opens.length > 0) for (const side of taken.opens) this.fork(thread, side);
    return taken.kind === 'role' ? this.changeRole(thread, taken) : taken.next;
  }

  private tellOthers(thread: Thread): void {
    if (this.bindings.bound > 0) this.recheck = true;
    this.bindings.bound = 0;
    this.forgetMail(this.attempts.consumed, thread);
    this.attempts.consumed = noMail;
  }

  /** A message that is gone leaves no question about it in the threads that did not take it. */
  forgetMail(mail: number, taker: Thread | undefined): void {
    if (mail === noMail) return;
    for (const thread of this.work.threads) {
      if (thread === taker || !thread.questions.some((each) => each.mail === mail)) continue;
      const mine = this.work.own(thread);
      this.drop(mine.questions.filter((each) => each.mail === mail));
      mine.questions = mine.questions.filter((each) => each.mail !== mail);
      this.recheck = true;
    }
  }

  private drop(questions: readonly Question[]): void {
    for (const { ask, reply } of questions) {
      if (reply === undefined) this.sink.emit({ kind: 'drop', ask });
    }
  }

  private changeRole(thread: Thread, code: RoleChangeCode): Place {
    const { clause, slots } = this.attempts;
    if (clause === undefined) return code.next;
    if (code.tail) this.replaceRole(thread, clause, slots);
    else this.addRole(thread, { clause, slots, back: code.next }, code);
    if (this.work.variables.length > this.variablesLimit) this.collect();
    return clause.entry;
  }

  /** In tail position: the frame is used again, so a loop takes no space. */
  private replaceRole(thread: Thread, clause: ClauseCode, slots: Frame['slots']): void {
    const { frame } = this.work.own(thread);
    const leaving = frame.clause.role;
    frame.clause = clause;
    frame.slots = slots;
    frame.par = undefined;
    if (leaving === clause.role) return;
    this.leaveRole(leaving);
    this.enterRole(clause.role);
  }

  private addRole(
    thread: Thread,
    begun: Pick<Frame, 'clause' | 'slots' | 'back'>,
    code: RoleChangeCode,
  ): void {
    const { clause, slots, back } = begun;
    const caller = thread.frame;
    const depth = caller.depth + 1;
    if (depth > limits.roleDepth) throw tooDeep(clause.role, code);
    const { epoch } = this.work;
    thread.frame = { clause, slots, caller, back, par: undefined, depth, epoch };
    this.enterRole(clause.role);
  }

  /** The clause is closed: its caller goes on, or the thread and with it the agent is done. */
  private close(thread: Thread): Place | undefined {
    const { clause, caller, back } = thread.frame;
    this.leaveRole(clause.role);
    if (caller !== undefined) {
      thread.frame = caller;
      return back;
    }
    this.work.end(thread);
    this.work.done = true;
    this.sink.emit({ kind: 'done' });
    return undefined;
  }

  private fork(thread: Thread, side: Place): void {
    this.focus(thread);
    const other = beginPar(thread, this.work, this.bindings);
    this.begun.push({ thread: other, at: side });
  }

  private enterRole(role: RoleCode): void {
    const times = this.work.playing[role.index] ?? 0;
    this.work.playing[role.index] = times + 1;
    if (times === 0) this.sink.emit({ kind: 'role', role: role.name, playing: true });
  }

  private leaveRole(role: RoleCode): void {
    const times = this.work.playing[role.index] ?? 0;
    this.work.playing[role.index] = times - 1;
    if (times === 1) this.sink.emit({ kind: 'role', role: role.name, playing: false });
  }

  private collect(): void {
    collectVariables(this.work, this.bindings);
    this.bindings.variables = this.work.variables;
    this.variablesLimit = Math.max(FEW_VARIABLES, 2 * this.work.variables.length);
  }

  private countRewrite({ at }: Alternative): void {
    this.rewrites += 1;
    if (this.rewrites > limits.stepRewrites) {
      throw failure(
        'LCC.ENDLESS',
        `${at.line}:${at.column}: ${limits.stepRewrites} rewrites without waiting for anything`,
        { facts: { line: at.line, column: at.column, limit: limits.stepRewrites } },
      );
    }
  }
}

const FEW_VARIABLES = 256;

const none: readonly never[] = [];

function tooDeep(role: RoleCode, { at }: RoleChangeCode): Error {
  return failure(
    'LCC.ROLE_DEPTH',
    `${at.line}:${at.column}: ${role.name} inside more than ${limits.roleDepth} roles`,
    { facts: { line: at.line, column: at.column, role: role.name, limit: limits.roleDepth } },
  );
}
