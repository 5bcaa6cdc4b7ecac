import { limits } from '../base/limits.ts';
import { Attempts, fits } from './attempts.ts';
import { Bindings } from './bindings.ts';
import { Guards, type Sink } from './guards.ts';
import { signature } from './program.ts';
import { Rewriting } from './rewriting.ts';
import { type AgentState, noMail, type Question, type Thread } from './state.ts';
import type { AskId, Event, Message } from './step.ts';
import { Workspace } from './workspace.ts';

/** One agent at work: takes events, and rewrites its clauses until nothing more applies. */
export class Machine {
  private readonly work: Workspace;
  private readonly sink: Sink;
  private readonly bindings = new Bindings();
  private readonly guards: Guards;
  private readonly attempts: Attempts;
  private readonly rewriting: Rewriting;

  constructor(state: AgentState, sink: Sink) {
    const { bindings } = this;
    this.work = new Workspace(state);
    this.sink = sink;
    bindings.variables = this.work.variables;
    this.guards = new Guards(this.work, bindings, sink);
    this.attempts = new Attempts(this.work, bindings, this.guards, sink);
    const { work, guards, attempts } = this;
    this.rewriting = new Rewriting(work, sink, { bindings, guards, attempts });
  }

  /** The state as it is between events. */
  snapshot(): AgentState {
    return this.work.snapshot();
  }

  /** Begins at the entry of the only thread's clause. */
  start(nowMs: number): void {
    this.begin(nowMs);
    const { wakeAtMs } = this.work;
    for (const thread of this.rewriting.ownAll()) this.rewriting.start(thread);
    this.rewriting.settle();
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
    this.rewriting.settle();
    this.askToWake(wakeAtMs);
  }

  /** Once a step, and only for a time before the one that was asked for already. */
  private askToWake(askedMs: number): void {
    const { wakeAtMs } = this.work;
    if (wakeAtMs < askedMs) this.sink.emit({ kind: 'wake', atMs: wakeAtMs });
  }

  private begin(nowMs: number): void {
    this.guards.nowMs = nowMs;
    this.rewriting.begin();
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
      this.rewriting.forgetMail(number, undefined);
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
      thread = this.rewriting.focus(thread);
      const mark = this.bindings.mark();
      const verdict = this.attempts.receive(code, message, number);
      if (verdict === 'yes') {
        this.attempts.consumed = number;
        this.rewriting.proceed(thread, this.rewriting.commit(thread, code));
        return true;
      }
      this.bindings.undo(mark);
      if (verdict === 'blocked') thread.blockedAt = code.index;
    }
    this.rewriting.noteWake();
    return false;
  }

  private reply(ask: AskId, reply: Question['reply']): void {
    const open = (question: Question): boolean =>
      question.ask === ask && question.reply === undefined;
    const asking = this.work.threads.find((thread) => thread.questions.some(open));
    const question = asking?.questions.find(open);
    if (asking === undefined || question === undefined) return;
    const thread = this.rewriting.focus(asking);
    thread.questions = thread.questions.map((each) => (open(each) ? { ...each, reply } : each));
    if (question.alternative <= thread.blockedAt)
      this.rewriting.retry(thread, question.alternative);
  }

  private tick(): void {
    for (const thread of this.rewriting.ownAll()) {
      thread.questions = thread.questions.filter((question) => !isNobody(question));
      if (this.work.threads.includes(thread)) this.rewriting.retry(thread, 0);
    }
  }
}

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
