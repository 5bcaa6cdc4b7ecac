import { failure } from '../base/failure.ts';
import type { Bindings } from './bindings.ts';
import { type Guards, idOf, type Sink, unbound, type Verdict } from './guards.ts';
import type { Pattern } from './pattern.ts';
import type { Alternative, ClauseCode, ReceiveCode, RoleChangeCode, SendCode } from './program.ts';
import { type Frame, noMail, type Thread } from './state.ts';
import type { Address, Message } from './step.ts';
import type { Term } from './term.ts';
import type { Value } from './value.ts';
import type { Workspace } from './workspace.ts';

/**
 * Tries one alternative of a thread's choice. On `yes` it is done: its bindings stand, its message
 * is sent or consumed, its role's clause unified. On anything else undo to a mark.
 */
export class Attempts {
  /** The instance that the role change begins which was last found to apply. */
  clause: ClauseCode | undefined;
  slots: Frame['slots'] = [];
  /** The number of the message last consumed. */
  consumed: number = noMail;
  private readonly work: Workspace;
  private readonly bindings: Bindings;
  private readonly guards: Guards;
  private readonly sink: Sink;
  private readonly selves: Address[] = [];

  constructor(work: Workspace, bindings: Bindings, guards: Guards, sink: Sink) {
    this.work = work;
    this.bindings = bindings;
    this.guards = guards;
    this.sink = sink;
  }

  attempt(thread: Thread, alternative: Alternative): Verdict {
    this.guards.begin(alternative.index, noMail);
    switch (alternative.kind) {
      case 'null':
        return this.guards.test(alternative.guard);
      case 'receive':
        return this.receiveQueued(thread, alternative);
      case 'send':
        return this.send(thread, alternative);
      case 'role':
        return this.changeRole(thread, alternative);
    }
  }

  /** Match, then test the guard; whoever calls consumes the message. */
  receive(code: ReceiveCode, message: Message, number: number): Verdict {
    const undone = this.precedes(code);
    return undone === 'yes' ? this.match(code, message, number) : undone;
  }

  /** Of `null`s that only a message would make final. */
  private precedes(code: ReceiveCode): Verdict {
    if (code.before === undefined) return 'yes';
    this.guards.begin(code.index, noMail);
    return this.guards.test(code.before);
  }

  private match(code: ReceiveCode, message: Message, number: number): Verdict {
    if (!this.isFrom(code.id, message.from.id)) return 'no';
    const { args } = message;
    for (let index = 0; index < args.length; index += 1) {
      const pattern = code.args[index];
      const arg = args[index];
      if (pattern === undefined || arg === undefined) return 'no';
      if (!this.bindings.match(pattern, arg)) return 'no';
    }
    if (code.guard === undefined) return 'yes';
    this.guards.begin(code.index, number);
    return this.guards.test(code.guard);
  }

  /** In order of arrival. What waits for an answer keeps its place before later messages. */
  private receiveQueued(thread: Thread, code: ReceiveCode): Verdict {
    const { inbox } = this.work;
    const role = thread.frame.clause.role.name;
    const undone = this.precedes(code);
    if (undone !== 'yes') return undone;
    const mark = this.bindings.mark();
    for (let index = 0; index < inbox.length; index += 1) {
      const mail = inbox[index];
      if (mail === undefined || mail.message.to.role !== role || !fits(code, mail.message))
        continue;
      const verdict = this.match(code, mail.message, mail.number);
      if (verdict === 'no') {
        this.bindings.undo(mark);
        continue;
      }
      if (verdict === 'yes') {
        if (index === 0) inbox.shift();
        else inbox.splice(index, 1);
        this.consumed = mail.number;
      }
      return verdict;
    }
    return 'waiting';
  }

  private isFrom(id: Pattern, sender: string): boolean {
    if (id.op === 'any') return true;
    const known = this.bindings.ground(id);
    return known === undefined ? this.bindings.match(id, sender) : idOf(known) === sender;
  }

  private send(thread: Thread, code: SendCode): Verdict {
    const everyone = code.id.op === 'any';
    if (code.recipientFirst) {
      const chosen = this.chooseRecipient(code);
      if (chosen !== 'yes') return chosen;
    }
    const verdict = this.guards.test(code.guard);
    if (verdict !== 'yes') return verdict;
    if (everyone) return this.broadcast(thread, code);
    const chosen = this.chooseRecipient(code);
    if (chosen !== 'yes') return chosen;
    const id = this.bindings.ground(code.id);
    const to = id === undefined ? undefined : idOf(id);
    if (to === undefined) throw notAnAgent(code);
    this.post(thread, code, to);
    return 'yes';
  }

  private broadcast(thread: Thread, code: SendCode): Verdict {
    const ids = this.guards.recipients(code.question, code.to, 'peers');
    if (ids === undefined) return 'blocked';
    for (const id of ids) this.post(thread, code, id);
    return ids.length === 0 ? 'waiting' : 'yes';
  }

  private chooseRecipient(code: SendCode): Verdict {
    const { id } = code;
    if (id.op !== 'slot' || this.bindings.ground(id) !== undefined) return 'yes';
    const ids = this.guards.recipients(code.question, code.to, 'peer');
    if (ids === undefined) return 'blocked';
    const [chosen] = ids;
    if (chosen === undefined) return 'waiting';
    return this.bindings.match(id, chosen) ? 'yes' : 'no';
  }

  private post(thread: Thread, code: SendCode, id: string): void {
    const args: Term[] = [];
    for (const pattern of code.args) {
      const arg = this.bindings.ground(pattern);
      if (arg === undefined) throw unbound(code);
      args.push(arg);
    }
    const message: Message = {
      from: this.self(thread),
      to: { role: code.to, id },
      name: code.name,
      args,
    };
    this.sink.send(message);
  }

  private self(thread: Thread): Address {
    const { role } = thread.frame.clause;
    const known = this.selves[role.index];
    if (known !== undefined) return known;
    const self = { role: role.name, id: this.work.id };
    this.selves[role.index] = self;
    return self;
  }

  private changeRole(thread: Thread, code: RoleChangeCode): Verdict {
    const verdict = this.guards.test(code.guard);
    if (verdict !== 'yes') return verdict;
    const { bindings } = this;
    const id = bindings.ground(code.id);
    if (id !== undefined && idOf(id) !== this.work.id) return 'waiting';
    const [first] = code.clauses;
    if (first?.isOpen) return this.enterOpen(first, code.args);
    const args: Value[] = [];
    for (const arg of code.args) args.push(bindings.build(arg));
    for (const clause of code.clauses) {
      const slots = this.unifyHead(clause, args);
      bindings.slots = thread.frame.slots;
      if (slots === undefined) continue;
      this.clause = clause;
      this.slots = slots;
      return 'yes';
    }
    return 'waiting';
  }

  /** The usual head, whose parameters are all variables: there is nothing to unify. */
  private enterOpen(clause: ClauseCode, args: readonly Pattern[]): Verdict {
    const slots: Frame['slots'] = clause.blank.slice();
    slots[0] = this.work.id;
    for (let index = 0; index < args.length; index += 1) {
      const param = clause.params[index];
      const arg = args[index];
      if (param !== undefined && arg !== undefined) slots[param.slot] = this.bindings.build(arg);
    }
    this.clause = clause;
    this.slots = slots;
    return 'yes';
  }

  /** The slots of a fresh instance; `undefined` when its head does not unify. */
  private unifyHead(clause: ClauseCode, args: readonly Value[]): Frame['slots'] | undefined {
    const { bindings } = this;
    const slots: Frame['slots'] = clause.blank.slice();
    slots[0] = this.work.id;
    const mark = bindings.mark();
    bindings.slots = slots;
    for (let index = 0; index < args.length; index += 1) {
      const param = clause.params[index];
      const arg = args[index];
      if (param === undefined || arg === undefined || !bindings.match(param, arg)) {
        bindings.undo(mark);
        return undefined;
      }
    }
    bindings.keep(mark);
    return slots;
  }
}

/** Whether a message is one that a receive names; who sent it and what it carries come after. */
export function fits(code: ReceiveCode, message: Message): boolean {
  return (
    code.name === message.name &&
    code.from === message.from.role &&
    code.args.length === message.args.length
  );
}

function notAnAgent({ at, to }: SendCode): Error {
  return failure('LCC.NOT_AN_AGENT', `${at.line}:${at.column}: the ${to} to send to is no name`, {
    facts: { line: at.line, column: at.column },
  });
}
