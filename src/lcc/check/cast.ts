import type { SendDef } from '../ast.ts';
import { type Program, type Step, signature } from './program.ts';
import { playable, startRoles } from './roles.ts';
import type { Value } from './values.ts';

/** Who takes part: one agent for a role, two where there may be more. */
export interface Agent {
  readonly index: number;
  readonly name: string;
  /** The role that it begins in. */
  readonly start: string;
  /** The roles that it may come to play. */
  readonly playable: ReadonlySet<string>;
}

export class Cast {
  readonly agents: readonly Agent[];
  readonly #program: Program;
  readonly #players = new Map<string, readonly number[]>();

  constructor(program: Program) {
    this.#program = program;
    this.agents = startRoles(program)
      .flatMap((start) => {
        const many = (program.declared.get(start)?.max ?? 1) > 1;
        return many
          ? [
              { start, name: `${start} 1` },
              { start, name: `${start} 2` },
            ]
          : [{ start, name: start }];
      })
      .map((agent, index) => ({ ...agent, index, playable: playable(program, agent.start) }));
  }

  /** Who may come to play a role; nobody writes to himself where there is another. */
  players(role: string, self: number): readonly number[] {
    const all = this.#players.get(role) ?? this.#gather(role);
    this.#players.set(role, all);
    const others = all.filter((agent) => agent !== self);
    return others.length > 0 ? others : all;
  }

  #gather(role: string): readonly number[] {
    return this.agents.filter((agent) => agent.playable.has(role)).map((agent) => agent.index);
  }

  /** The agent that a value names; `undefined` when it may be any. */
  named(value: Value, role: string, self: number): number | undefined {
    if (value.kind === 'agent') return value.agent;
    if (value.kind !== 'place') return undefined;
    const players = this.players(role, self);
    return players[(value.place - 1) % Math.max(players.length, 1)];
  }

  /** Whether everybody who may play a role always does: a server that only ever calls itself. */
  alwaysPlayed(role: string): boolean {
    const forEver = this.agents.every((agent) => agent.start === role || !agent.playable.has(role));
    const ways = this.#program.steps.filter(({ clause, tail }) => clause.role === role && tail);
    const itself = ways.every(({ def }) => def.op === 'role' && def.target.role === role);
    return forEver && itself && ways.length > 0;
  }

  /** Who may send such a message, as far as the clauses tell. */
  senders(from: string, to: string, message: string): readonly number[] {
    const sent = this.#program.sends.some((send) => isSent(send, { from, to, message }));
    return sent ? this.players(from, -1) : [];
  }
}

function isSent(
  send: Step<SendDef>,
  wanted: { readonly from: string; readonly to: string; readonly message: string },
): boolean {
  return (
    send.clause.role === wanted.from &&
    send.def.target.role === wanted.to &&
    signature(send.def.message) === wanted.message
  );
}
