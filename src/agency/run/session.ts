/**
 * One conversation in memory: steps its agents until nothing moves and gathers what to save. It
 * does no I/O; src/agency/run/loop.ts saves what it hands out and carries the effects out.
 */

import { limits } from '../../base/limits.ts';
import { codesOf } from '../../lcc/codes.ts';
import type { Answer } from '../../lcc/constraint.ts';
import { startAgent, step } from '../../lcc/engine.ts';
import { playing } from '../../lcc/inspect.ts';
import type { Program } from '../../lcc/program.ts';
import { decodeState } from '../../lcc/state-decode.ts';
import type { Effect, Event, Message } from '../../lcc/step.ts';
import { roleOfAgent } from '../../negotiation/agents.ts';
import type { Fact, Lease, StoredAsk, StoredConversation } from '../../store/store.ts';
import type { Transport } from '../../transport/transport.ts';
import { answerTo, asAwaited, isNotUnderstood, toldItself } from './not-understood.ts';
import { type Agent, type Changes, Pending } from './pending.ts';

export class Session {
  readonly #stored: StoredConversation;
  readonly #program: Program;
  readonly #transport: Transport;
  readonly #agents = new Map<string, Agent>();
  readonly #numbers = new WeakMap<Message, number>();
  readonly #mail: Message[] = [];
  readonly #open = new Map<string, StoredAsk>();
  /** Agents that found nobody in a role they would write to. */
  readonly #lonely = new Set<Agent>();
  #newRoles = false;
  #lastMessage: number;
  #pending = new Pending();
  /** Agents are told no later time than this until {@link catchUp}. */
  #heldMs = Number.POSITIVE_INFINITY;

  constructor(stored: StoredConversation, program: Program, transport: Transport) {
    this.#stored = stored;
    this.#program = program;
    this.#transport = transport;
    this.#lastMessage = stored.lastMessage;
    for (const { id, state, wakeMs } of stored.agents) {
      const decoded = state === '' ? undefined : decodeState(program, state);
      this.#agents.set(id, { id, state: decoded, wakeMs });
    }
    for (const ask of stored.asks) this.#open.set(key(ask), ask);
    for (const { number, message } of stored.mail) {
      this.#numbers.set(message, number);
      this.#mail.push(message);
    }
  }

  /**
   * Starts agents that never ran, takes stored mail and outside answers, and tells the time. The time
   * stands still before what has come due while nobody was there: whoever is waited for could not
   * answer either, and does so before {@link catchUp}.
   */
  begin(nowMs: number): void {
    const dueMs = this.wakeMs ?? Number.POSITIVE_INFINITY;
    if (dueMs <= nowMs) this.#heldMs = dueMs - 1;
    // The initiator last: those it turns to must be there.
    for (const agent of [...this.#agents.values()].reverse()) {
      if (agent.state === undefined) this.#start(agent, nowMs);
      else this.#step(agent, { kind: 'time' }, nowMs);
    }
    for (const ask of [...this.#open.values()]) {
      if (ask.answer !== undefined) this.answer(ask, { answer: ask.answer, facts: [] }, nowMs);
    }
    this.pump(nowMs);
  }

  /** Open questions that nobody outside has answered. */
  get open(): readonly StoredAsk[] {
    return [...this.#open.values()];
  }

  get hasMail(): boolean {
    return this.#mail.length > 0;
  }

  /** Nobody is waited for any more but those who have not answered in time. */
  catchUp(): void {
    this.#heldMs = Number.POSITIVE_INFINITY;
  }

  get isBehind(): boolean {
    return this.#heldMs < Number.POSITIVE_INFINITY;
  }

  /** The earliest time at which an agent wants to be woken. */
  get wakeMs(): number | undefined {
    const wakes = [...this.#agents.values()].flatMap(({ wakeMs }) => wakeMs ?? []);
    return wakes.length === 0 ? undefined : Math.min(...wakes);
  }

  /** The initiator has closed its clause: the conversation is over when all is quiet. */
  get initiatorDone(): boolean {
    const first = this.#stored.agents[0];
    const agent = first === undefined ? undefined : this.#agents.get(first.id);
    return agent?.state?.done === true;
  }

  answer(
    ask: Pick<StoredAsk, 'agent' | 'ask'>,
    { answer, facts }: { readonly answer: Answer; readonly facts: readonly Fact[] },
    nowMs: number,
  ): void {
    const agent = this.#agents.get(ask.agent);
    if (agent === undefined || !this.#open.delete(key(ask))) return;
    this.#pending.closed.push({ agent: ask.agent, ask: ask.ask });
    this.#pending.facts.push(...facts);
    this.#step(agent, { kind: 'answer', ask: ask.ask, answer }, nowMs);
  }

  /** Tells the time to every agent that asked for it. */
  wake(nowMs: number): void {
    if (this.isBehind) return;
    for (const agent of this.#agents.values()) {
      if (agent.wakeMs === undefined || agent.wakeMs > nowMs) continue;
      agent.wakeMs = undefined;
      this.#step(agent, { kind: 'time' }, nowMs);
    }
  }

  /** Delivers mail until none is left, or until a save is due. */
  pump(nowMs: number): void {
    for (let steps = 0; steps < limits.stepsPerSave; steps += 1) {
      this.#askAnew(nowMs);
      this.#mail.push(...this.#transport.receive());
      const message = this.#mail.shift();
      if (message === undefined) return;
      this.#pending.taken.push(this.#numbers.get(message) ?? 0);
      this.#deliver(this.#receiver(message, nowMs), message, nowMs);
    }
    this.#mail.push(...this.#transport.receive());
  }

  /** What changed since the last call; `undefined` when nothing did. */
  changes(lease: Lease, end: 'open' | 'ended'): Changes | undefined {
    const pending = this.#pending;
    if (pending.isEmpty && end === 'open') return undefined;
    this.#pending = new Pending();
    const waiting = this.#mail.map((message) => ({
      number: this.#numbers.get(message) ?? 0,
      message,
    }));
    return pending.changes({ lease, end, waiting, isOpen: (ask) => this.#open.has(key(ask)) });
  }

  #told(nowMs: number): number {
    return Math.min(nowMs, this.#heldMs);
  }

  #start(agent: Agent, nowMs: number): void {
    const outcome = startAgent(
      this.#program,
      { id: agent.id, role: roleOfAgent(agent.id) },
      this.#told(nowMs),
    );
    agent.state = outcome.state;
    this.#pending.changed.add(agent);
    this.#carryOut(agent, outcome.effects, nowMs);
  }

  #step(agent: Agent, event: Event, nowMs: number): void {
    if (agent.state === undefined) this.#start(agent, nowMs);
    if (agent.state === undefined) return;
    const { state, effects } = step(agent.state, event, this.#told(nowMs));
    if (state === agent.state && effects.length === 0) return;
    agent.state = state;
    this.#pending.changed.add(agent);
    this.#carryOut(agent, effects, nowMs);
  }

  #carryOut(agent: Agent, effects: readonly Effect[], nowMs: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#send(effect.message, nowMs);
          break;
        case 'ask':
          this.#ask({ ...effect, agent: agent.id });
          break;
        case 'peer':
        case 'peers':
          this.#step(agent, this.#peers(agent, effect), nowMs);
          break;
        case 'drop':
          this.#drop({ agent: agent.id, ask: effect.ask });
          break;
        case 'wake':
          agent.wakeMs = Math.min(agent.wakeMs ?? Number.POSITIVE_INFINITY, effect.atMs);
          break;
        case 'not-understood':
          this.#notUnderstood(agent, effect.message, nowMs);
          break;
        case 'role':
          this.#newRoles ||= effect.playing;
          break;
        case 'done':
          break;
      }
    }
  }

  #send(message: Message, nowMs: number): void {
    this.#lastMessage += 1;
    this.#numbers.set(message, this.#lastMessage);
    this.#pending.sent.push({
      number: this.#lastMessage,
      conversation: this.#stored.id,
      atMs: nowMs,
      message,
      codes: codesOf(this.#program.codes, message),
    });
    this.#transport.send(message);
  }

  #ask({ agent, ask, name, arity, args }: StoredAsk): void {
    const question = { agent, ask, name, arity, args };
    this.#open.set(key(question), question);
    this.#pending.asked.push(question);
  }

  #drop(which: { readonly agent: string; readonly ask: number }): void {
    if (!this.#open.delete(key(which))) return;
    this.#pending.closed.push(which);
    this.#pending.dropped.push(which);
  }

  /** Who found nobody in a role looks again when somebody has taken one up. */
  #askAnew(nowMs: number): void {
    if (!this.#newRoles) return;
    this.#newRoles = false;
    const lonely = [...this.#lonely];
    this.#lonely.clear();
    for (const agent of lonely) this.#step(agent, { kind: 'time' }, nowMs);
  }

  /** Agents that play the role now. */
  #peers(agent: Agent, effect: Extract<Effect, { kind: 'peer' | 'peers' }>): Event {
    const ids = [...this.#agents.values()]
      .filter(({ state }) => state !== undefined && playing(state).includes(effect.role))
      .map(({ id }) => id);
    if (ids.length === 0) this.#lonely.add(agent);
    return { kind: 'peers', ask: effect.ask, ids: effect.kind === 'peer' ? ids.slice(0, 1) : ids };
  }

  /** Agents are begun by the first message to them. */
  #receiver(message: Message, nowMs: number): Agent {
    const known = this.#agents.get(message.to.id);
    if (known !== undefined) return known;
    const agent: Agent = { id: message.to.id, state: undefined, wakeMs: undefined };
    this.#agents.set(agent.id, agent);
    this.#start(agent, nowMs);
    return agent;
  }

  #deliver(agent: Agent, message: Message, nowMs: number): void {
    const awaited =
      agent.state !== undefined && isNotUnderstood(message)
        ? asAwaited(agent.state, message)
        : undefined;
    this.#step(agent, { kind: 'message', message: awaited ?? message }, nowMs);
  }

  /** Told to the receiver where its model awaits that, else to the sender; never answered again. */
  #notUnderstood(agent: Agent, message: Message, nowMs: number): void {
    if (message.name === 'not_understood') return;
    const told = agent.state === undefined ? undefined : toldItself(agent.state, message);
    if (told === undefined) this.#send(answerTo(message), nowMs);
    else this.#step(agent, { kind: 'message', message: told }, nowMs);
  }
}

function key({ agent, ask }: { readonly agent: string; readonly ask: number }): string {
  return `${agent} ${ask}`;
}
