/**
 * The pure step function: no I/O, no clock, no randomness. Whoever drives it saves the new state
 * before carrying out an effect.
 */
import { failure } from '../base/failure.ts';
import { Bindings } from './bindings.ts';
import type { OtherEffect, Sink } from './guards.ts';
import { Machine } from './machine.ts';
import { type ClauseCode, type Program, signature } from './program.ts';
import { type AgentState, type Frame, nowhere } from './state.ts';
import type { Effect, Event, Message } from './step.ts';
import type { Term } from './term.ts';

export interface Outcome {
  readonly state: AgentState;
  /** In order. What was asked and dropped in the same step is in neither form among them. */
  readonly effects: readonly Effect[];
}

export interface AgentStart {
  readonly id: string;
  readonly role: string;
  /** The role's parameters; without any, they are all unbound. */
  readonly args?: readonly Term[];
}

/**
 * Begins an agent and runs it until it waits.
 *
 * Throws LCC.ROLE_UNKNOWN, and what {@link step} throws.
 */
export function startAgent(program: Program, agent: AgentStart, nowMs: number): Outcome {
  const effects = new Effects();
  const machine = new Machine(initialState(program, agent), effects);
  machine.start(nowMs);
  return { state: machine.snapshot(), effects: effects.list };
}

/**
 * Takes one event and runs the agent until it waits again: all rewrites that need no outside
 * answer. `state` stays as it was. An answer that is no longer wanted changes nothing.
 *
 * A message that no clause of the receiving role takes, or that finds
 * `limits.inboxMessages` waiting, is not queued; its effect is `not-understood`.
 *
 * Throws LCC.UNBOUND when a constraint's input or a message's content is not known, LCC.ENDLESS
 * beyond `limits.stepRewrites`, LCC.ROLE_DEPTH, LCC.NOT_AN_AGENT and LCC.ANSWER_MALFORMED:
 * faults of a model or of whoever answers it. The state from before is still good then.
 */
export function step(state: AgentState, event: Event, nowMs: number): Outcome {
  const effects = new Effects();
  const machine = new Machine(state, effects);
  machine.handle(event, nowMs);
  return { state: machine.snapshot(), effects: effects.list };
}

/** An agent at its entry, for {@link Machine.start}. Throws LCC.ROLE_UNKNOWN. */
export function initialState(program: Program, agent: AgentStart): AgentState {
  const { bindings, clause } = firstFrame(program, agent);
  const frame: Frame = {
    clause,
    slots: bindings.slots,
    caller: undefined,
    back: clause.entry,
    par: undefined,
    depth: 1,
    epoch: 0,
  };
  return {
    program,
    id: agent.id,
    done: false,
    threads: [{ frame, at: nowhere, blockedAt: 0, deadlines: [], questions: [], epoch: 0 }],
    halfJoined: [],
    inbox: [],
    variables: bindings.variables,
    playing: Array.from(program.roles, () => 0),
    nextAsk: 1,
    nextMail: 1,
    nextPar: 1,
    wakeAtMs: Number.POSITIVE_INFINITY,
  };
}

function firstFrame(
  program: Program,
  { id, role, args }: AgentStart,
): { readonly clause: ClauseCode; readonly bindings: Bindings } {
  const clauses =
    args === undefined
      ? program.clauses.filter((clause) => clause.role.name === role)
      : (program.heads.get(signature(role, args.length)) ?? []);
  for (const clause of clauses) {
    const bindings = new Bindings();
    bindings.slots = [id, ...clause.blank.slice(1)];
    const unifies = clause.params.every((param, index) => {
      const arg = args?.[index];
      return arg === undefined || bindings.match(param, arg);
    });
    if (unifies) return { clause, bindings };
  }
  const wanted = args === undefined ? role : signature(role, args.length);
  throw failure('LCC.ROLE_UNKNOWN', `no clause for the role ${wanted} with these arguments`, {
    facts: { role: wanted },
  });
}

class Effects implements Sink {
  readonly list: Effect[] = [];

  send(message: Message): void {
    this.list.push({ kind: 'send', message });
  }

  emit(effect: OtherEffect): void {
    if (effect.kind === 'drop') {
      const asked = this.list.findIndex((each) => 'ask' in each && each.ask === effect.ask);
      if (asked >= 0) {
        this.list.splice(asked, 1);
        return;
      }
    }
    this.list.push(effect);
  }
}
