import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { Attempts, fits } from './attempts.ts';
import { Bindings } from './bindings.ts';
import { collectVariables } from './collect.ts';
import { Guards, type Sink } from './guards.ts';
import type {
  Alternative,
  Choice,
  ClauseCode,
  Place,
  RoleChangeCode,
  RoleCode,
} from './program.ts';
import { signature } from './program.ts';
import type { AgentState, Frame, Ids, Question, Thread } from './state.ts';
import { noMail, nowhere } from './state.ts';
import type { AskId, Event, Message } from './step.ts';
import { copyFrame, Workspace } from './workspace.ts';

/**
 * One agent at work: takes events and rewrites its clauses until nothing more applies. The rules of
 * the calculus (docs/lcc.md) are where its places are: a choice is rules 2, 3 and 7 to 10, what
 * follows it 4 and 5, a fork 6.
 */
export class Machine {
  private readonly work: Workspace;
  private readonly sink: Sink;
  private readonly bindings = new Bindings();
  private readonly guards: Guards;
  private readonly attempts: Attempts;
  /** Threads that have begun and not yet rested. */
  private readonly begun: { readonly thread: Thread; readonly at: Place }[] = [];
  private rewrites = 0;
  /** Collect unused variables when there are more than this. */
  private variablesLimit = FEW_VARIABLES;
  /** A thread did what may let another thread go on. */
  private recheck = false;

  constructor(state: AgentState, sink: Sink) {
    this.work = new Workspace(state);
    this.sink = sink;
    this.bindings.variables = this.work.variables;
    this.guards = new Guards(this.work, this.bindings, sink);
    this.attempts = new Attempts(this.work, this.bindings, this.guards, sink);
  }

  /** The state as it is between events. */
  snapshot(): AgentState {
    return this.work.snapshot();
  }

  /** Begins at the entry of the only thread's clause. */
  start(nowMs: number): void {
    this.begin(nowMs);
    const { wakeAtMs } = this.work;
    for (const thread of this.ownAll()) {
      const { clause } = thread.frame;
      this.enterRole(clause.role);
      this.begun.push({ thread, at: clause.entry });
    }
    this.settle();
    this.askToWake(wakeAtMs);
  }

  handle(event: Event, nowMs: number): void {
    this.begin(nowMs);
    const { work } = this;
    if (event.kind === 'time') work.wakeAtMs = Number.POSITIVE_INFINITY;
    const { wakeAtMs } = work;
    switch (event.kind) {
      case 'message':
        this.deliver(event.message);
        break;
      case 'answer':
        this.reply(event.ask, event.answer);
        break;
      case 'peers':
        this.reply(event.ask, { ids: event.ids });
        break;
      case 'time':
        this.tick();
        break;
    }
    this.settle();
    this.askToWake(wakeAtMs);
  }

  /** Once a step, and only for a time before the one that was asked for already. */
  private askToWake(askedMs: number): void {
    const { wakeAtMs } = this.work;
    if (wakeAtMs < askedMs) this.sink.emit({ kind: 'wake', atMs: wakeAtMs });
  }

  private begin(nowMs: number): void {
    this.guards.nowMs = nowMs;
    this.rewrites = 0;
  }

  private deliver(message: Message): void {
    const { work } = this;
    const number = work.nextMail;
    work.nextMail += 1;
    for (let index = 0; index < work.threads.length; index += 1) {
      const thread = work.threads[index];
      if (thread === undefined || thread.frame.clause.role.name !== message.to.role) continue;
      if (this.offer(thread, message, number)) return;
    }
    const role = work.program.roles.get(message.to.role);
    const known = role?.receives.has(signature(message.name, message.args.length)) ?? false;
    if (known && work.inbox.length < limits.inboxMessages) {
      work.inbox.push({ number, message });
    } else {
      this.forgetMail(number, undefined);
      this.sink.emit({ kind: 'not-understood', message });
    }
  }

  /** Only the receives of a resting thread can have changed: nothing else is tried again. */
  private offer(resting: Thread, message: Message, number: number): boolean {
    let thread = resting;
    this.guards.wakeAtMs = Number.POSITIVE_INFINITY;
    for (const code of resting.at.receives) {
      if (code.index >= thread.blockedAt) break;
      if (!fits(code, message) || isAsking(thread, code.index)) continue;
      thread = this.focus(thread);
      const mark = this.bindings.mark();
      const verdict = this.attempts.receive(code, message, number);
      if (verdict === 'yes') {
        this.attempts.consumed = number;
        this.proceed(thread, this.commit(thread, code));
        return true;
      }
      this.bindings.undo(mark);
      if (verdict === 'blocked') thread.blockedAt = code.index;
    }
    this.noteWake();
    return false;
  }

  private reply(ask: AskId, reply: Question['reply'] | Ids): void {
    const open = (question: Question): boolean =>
      question.ask === ask && question.reply === undefined;
    const asking = this.work.threads.find((thread) => thread.questions.some(open));
    const question = asking?.questions.find(open);
    if (asking === undefined || question === undefined) return;
    const thread = this.focus(asking);
    thread.questions = thread.questions.map((each) => (open(each) ? { ...each, reply } : each));
    if (question.alternative <= thread.blockedAt) this.retry(thread, question.alternative);
  }

  private tick(): void {
    for (const thread of this.ownAll()) {
      thread.questions = thread.questions.filter((question) => !isNobody(question));
      if (this.work.threads.includes(thread)) this.retry(thread, 0);
    }
  }

  /** Runs every thread until all rest, and none can go on by what another one bound. */
  private settle(): void {
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

  private ownAll(): readonly Thread[] {
    return [...this.work.threads].map((thread) => this.work.own(thread));
  }

  private retry(thread: Thread, from: number): void {
    const found = this.scan(thread, from);
    if (found === undefined) this.rest(thread);
    else this.proceed(thread, this.commit(thread, found));
  }

  private proceed(thread: Thread, place: Place | undefined): void {
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
          at = this.join(thread, at.next);
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

  private noteWake(): void {
    if (this.guards.wakeAtMs < this.work.wakeAtMs) this.work.wakeAtMs = this.guards.wakeAtMs;
  }

  private focus(thread: Thread): Thread {
    const mine = this.work.own(thread);
    this.bindings.slots = mine.frame.slots;
    this.guards.focus(mine);
    return mine;
  }

  /** The alternative was taken: the others are given up, and the thread goes on. */
  private commit(thread: Thread, taken: Alternative): Place {
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
  private forgetMail(mail: number, taker: Thread | undefined): void {
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

  /**
   * The other side of a `par` begins in a frame of its own. What is unbound becomes a variable
   * that both frames hold, so each side sees what the other one binds.
   */
  private fork(thread: Thread, side: Place): void {
    const { work, bindings } = this;
    this.focus(thread);
    const { frame } = thread;
    for (let slot = 0; slot < frame.slots.length; slot += 1) {
      if (frame.slots[slot] === undefined) bindings.lift(slot);
    }
    bindings.keep(0);
    frame.par = { id: work.nextPar, outer: frame.par };
    work.nextPar += 1;
    const other: Thread = {
      frame: copyFrame(frame, work.epoch),
      at: nowhere,
      blockedAt: 0,
      deadlines: none,
      questions: none,
      epoch: work.epoch,
    };
    work.threads.push(other);
    this.begun.push({ thread: other, at: side });
  }

  private join(thread: Thread, next: Place): Place | undefined {
    const { work } = this;
    const { frame } = this.work.own(thread);
    const { par } = frame;
    if (par === undefined) return next;
    const other = work.halfJoined.indexOf(par.id);
    if (other < 0) {
      work.halfJoined.push(par.id);
      work.end(thread);
      return undefined;
    }
    work.halfJoined.splice(other, 1);
    frame.par = par.outer;
    return next;
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

/** The receive has a message whose guard is not answered: later messages come after it. */
function isAsking(thread: Thread, alternative: number): boolean {
  if (thread.questions.length === 0) return false;
  return thread.questions.some(
    (question) =>
      question.alternative === alternative &&
      question.mail !== noMail &&
      question.reply === undefined,
  );
}

/** Nobody played the role when a recipient was looked for: to be asked anew. */
function isNobody({ about, reply }: Question): boolean {
  if (about !== 'recipient' || reply === undefined) return false;
  return 'ids' in reply && reply.ids.length === 0;
}

function tooDeep(role: RoleCode, { at }: RoleChangeCode): Error {
  return failure(
    'LCC.ROLE_DEPTH',
    `${at.line}:${at.column}: ${role.name} inside more than ${limits.roleDepth} roles`,
    { facts: { line: at.line, column: at.column, role: role.name, limit: limits.roleDepth } },
  );
}
