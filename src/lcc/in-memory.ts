import { failure } from '../base/failure.ts';
import type { Answer } from './constraint.ts';
import { type AgentStart, initialState } from './engine.ts';
import type { OtherEffect, Sink } from './guards.ts';
import { Machine } from './machine.ts';
import { type Program, signature } from './program.ts';
import { Ring } from './ring.ts';
import type { AgentState } from './state.ts';
import type { AskId, Message } from './step.ts';
import type { Term } from './term.ts';

/** What an agent asks a handler. */
export interface Asked {
  readonly agent: string;
  readonly ask: AskId;
  readonly name: string;
  readonly args: readonly Term[];
}

/** Answers at once, or `undefined` to answer later by {@link InMemoryNet.answer}, or never. */
export type Handler = (asked: Asked) => Answer | undefined;

export interface NetOptions {
  /** By `name/arity`; a constraint without a handler is never answered. */
  readonly handlers?: ReadonlyMap<string, Handler>;
  /** Which of those who play the role an agent will send to; default: each in turn. */
  readonly choosePeer?: (ids: readonly string[], asker: string, role: string) => string | undefined;
  /** Sees each message when it is sent, in order. */
  readonly onMessage?: (message: Message) => void;
  /** Sees each message that nobody takes: sent to nobody, or not understood. */
  readonly onUndelivered?: (message: Message) => void;
  readonly startMs?: number;
}

/**
 * Many agents of one model in one process, synchronous and deterministic: one queue of messages in
 * the order sent, and time that passes only when told. For tests, `model run`, the simulator and
 * benchmarks. A step that throws leaves the net unusable.
 */
export class InMemoryNet {
  /** Messages handed to an agent so far. */
  delivered = 0;
  private readonly program: Program;
  private readonly options: NetOptions;
  private readonly agents = new Map<string, Agent>();
  private readonly directory = new Map<string, Set<Agent>>();
  private readonly mail = new Ring<Message>();
  /** Asked in the steps just made; those that were dropped since are undefined. */
  private readonly questions: (Open | undefined)[] = [];
  /** Agents that found nobody, by the role they looked for. */
  private readonly lonely = new Map<string, Set<Agent>>();
  private clockMs: number;
  private turn = 0;

  constructor(program: Program, options: NetOptions = {}) {
    this.program = program;
    this.options = options;
    this.clockMs = options.startMs ?? 0;
  }

  get nowMs(): number {
    return this.clockMs;
  }

  /**
   * Begins an agent; it runs until it waits. Takes the place of an earlier one with its id. Throws
   * what `startAgent` throws.
   */
  start(start: AgentStart): void {
    this.remove(start.id);
    const state = initialState(this.program, start);
    const sink: Sink = {
      send: (message) => this.send(message),
      emit: (effect) => this.take(agent, effect),
    };
    const agent: Agent = {
      id: start.id,
      machine: new Machine(state, sink),
      wakeAtMs: Number.POSITIVE_INFINITY,
    };
    this.agents.set(start.id, agent);
    agent.machine.start(this.clockMs);
    this.answerAll();
  }

  remove(id: string): void {
    const agent = this.agents.get(id);
    if (agent === undefined) return;
    this.agents.delete(id);
    for (const players of this.directory.values()) players.delete(agent);
    for (const seekers of this.lonely.values()) seekers.delete(agent);
  }

  /** Puts a message in the queue; also one from outside. */
  send(message: Message): void {
    this.options.onMessage?.(message);
    this.mail.push(message);
  }

  /**
   * Delivers messages, and wakes agents whose time has come, until neither is left to do; or until
   * that many messages were delivered. Returns how many.
   */
  run(atMost: number = Number.POSITIVE_INFINITY): number {
    const before = this.delivered;
    this.answerAll();
    do {
      while (this.delivered - before < atMost) {
        const message = this.mail.take();
        if (message === undefined) break;
        this.deliver(message);
      }
    } while (this.mail.length === 0 && this.wakeDue());
    return this.delivered - before;
  }

  /** Lets time pass to `toMs`, stopping wherever an agent wants to be woken, and runs. */
  advance(toMs: number): void {
    this.run();
    for (let atMs = this.nextWakeMs(); atMs <= toMs; atMs = this.nextWakeMs()) {
      this.clockMs = Math.max(this.clockMs, atMs);
      this.run();
    }
    this.clockMs = Math.max(this.clockMs, toMs);
  }

  /** The earliest time at which an agent wants to go on; Infinity when none does. */
  nextWakeMs(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { wakeAtMs } of this.agents.values()) earliest = Math.min(earliest, wakeAtMs);
    return earliest;
  }

  /** The answer to a question that its handler left open. One that was dropped changes nothing. */
  answer(agent: string, ask: AskId, answer: Answer): void {
    this.agents.get(agent)?.machine.handle({ kind: 'answer', ask, answer }, this.clockMs);
    this.answerAll();
  }

  /** Throws LCC.NO_SUCH_AGENT. */
  state(id: string): AgentState {
    const agent = this.agents.get(id);
    if (agent === undefined) {
      throw failure('LCC.NO_SUCH_AGENT', `no agent ${id}`, { facts: { agent: id } });
    }
    return agent.machine.snapshot();
  }

  /** Ids of those who play a role now, in the order in which they took it up. */
  playing(role: string): readonly string[] {
    return Array.from(this.directory.get(role) ?? [], (agent) => agent.id);
  }

  private deliver(message: Message): void {
    const agent = this.agents.get(message.to.id);
    this.delivered += 1;
    if (agent === undefined) {
      this.options.onUndelivered?.(message);
      return;
    }
    agent.machine.handle({ kind: 'message', message }, this.clockMs);
    if (this.questions.length > 0) this.answerAll();
  }

  private wakeDue(): boolean {
    let any = false;
    for (const agent of this.agents.values()) {
      if (agent.wakeAtMs > this.clockMs) continue;
      any = true;
      agent.wakeAtMs = Number.POSITIVE_INFINITY;
      agent.machine.handle({ kind: 'time' }, this.clockMs);
      this.answerAll();
    }
    return any;
  }

  private take(agent: Agent, effect: OtherEffect): void {
    switch (effect.kind) {
      case 'ask':
      case 'peer':
      case 'peers':
        this.questions.push({ agent, effect });
        break;
      case 'drop':
        this.forget(agent, effect.ask);
        break;
      case 'role':
        this.enlist(agent, effect.role, effect.playing);
        break;
      case 'not-understood':
        this.options.onUndelivered?.(effect.message);
        break;
      case 'wake':
        agent.wakeAtMs = Math.min(agent.wakeAtMs, effect.atMs);
        break;
      case 'done':
        break;
    }
  }

  private forget(agent: Agent, ask: AskId): void {
    const index = this.questions.findIndex(
      (open) => open?.agent === agent && open.effect.ask === ask,
    );
    if (index >= 0) this.questions[index] = undefined;
  }

  private enlist(agent: Agent, role: string, playing: boolean): void {
    const players = this.directory.get(role) ?? new Set();
    this.directory.set(role, players);
    if (!playing) {
      players.delete(agent);
      return;
    }
    players.add(agent);
    const seekers = this.lonely.get(role);
    if (seekers === undefined || seekers.size === 0) return;
    this.lonely.delete(role);
    for (const seeker of seekers) {
      if (seeker !== agent) seeker.wakeAtMs = Math.min(seeker.wakeAtMs, this.clockMs);
    }
  }

  /** Handlers may lead to further questions: until there are none. */
  private answerAll(): void {
    for (let index = 0; index < this.questions.length; index += 1) {
      const open = this.questions[index];
      if (open !== undefined) this.answerOne(open);
    }
    this.questions.length = 0;
  }

  private answerOne({ agent, effect }: Open): void {
    const { machine } = agent;
    const { ask } = effect;
    if (effect.kind !== 'ask') {
      const ids = this.peersFor(agent, effect);
      machine.handle({ kind: 'peers', ask, ids }, this.clockMs);
      return;
    }
    const handler = this.options.handlers?.get(signature(effect.name, effect.arity));
    const { name, args } = effect;
    const answer = handler?.({ agent: agent.id, ask, name, args });
    if (answer !== undefined) machine.handle({ kind: 'answer', ask, answer }, this.clockMs);
  }

  private peersFor(agent: Agent, effect: Extract<Open['effect'], { role: string }>): string[] {
    const { role } = effect;
    const others = this.playing(role).filter((id) => id !== agent.id);
    if (others.length === 0) {
      const seekers = this.lonely.get(role) ?? new Set();
      this.lonely.set(role, seekers.add(agent));
    }
    return effect.kind === 'peers' ? others : this.choosePeer(others, agent.id, role);
  }

  private choosePeer(ids: readonly string[], asker: string, role: string): string[] {
    this.turn += 1;
    const { choosePeer } = this.options;
    const chosen = choosePeer ? choosePeer(ids, asker, role) : ids[this.turn % ids.length];
    return chosen === undefined ? [] : [chosen];
  }
}

interface Agent {
  readonly id: string;
  readonly machine: Machine;
  wakeAtMs: number;
}

interface Open {
  readonly agent: Agent;
  readonly effect: Extract<OtherEffect, { readonly kind: 'ask' | 'peer' | 'peers' }>;
}
