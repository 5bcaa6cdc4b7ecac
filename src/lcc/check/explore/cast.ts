import type { SendDef } from '../../ast.ts';
import { type Program, type Step, signature, waits } from '../program.ts';
import { playable, startRoles } from '../roles.ts';
import type { Budget } from './budget.ts';
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
  readonly #readsAll = new Map<string, boolean>();
  readonly #players = new Map<string, readonly number[]>();

  constructor(program: Program, budget: Budget) {
    this.#program = program;
    const agents = startRoles(program).flatMap((start) => {
      const many = (program.declared.get(start)?.max ?? 1) > 1;
      const names = many ? [`${start} 1`, `${start} 2`] : [start];
      return names.map((name) => ({ start, name }));
    });
    this.agents = budget.admit(agents).map(({ start, name }, index) => {
      return { index, name, start, playable: playable(program, start) };
    });
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

  /** Whether everybody who may play a role does, for ever: a server that only ever calls itself. */
  alwaysPlayed(role: string): boolean {
    const ways = this.#program.steps.filter(({ clause, tail }) => clause.role === role && tail);
    const itself = ways.every(({ def }) => def.op === 'role' && def.target.role === role);
    return (
      itself && this.agents.every((a) => !a.playable.has(role) || this.#settles(a.start) === role)
    );
  }

  /** The role that an agent comes to from its first without a wait. */
  #settles(start: string): string {
    const visited = new Set<string>();
    let role = start;
    while (!visited.has(role)) {
      visited.add(role);
      const steps = this.#program.steps.filter(({ clause }) => clause.role === role);
      const next = steps.map(({ def, tail }) =>
        tail && def.op === 'role' ? def.target.role : role,
      );
      const [only, ...others] = new Set(next.filter((name) => name !== role));
      const isWait = steps.some(
        ({ def }) => def.op === 'receive' || def.op === 'send' || waits(this.#program, def.guard),
      );
      const ends = steps.some(({ def, tail }) => tail && def.op !== 'role');
      if (only === undefined || others.length > 0 || isWait || ends) break;
      role = only;
    }
    return role;
  }

  /** Whether an agent comes back, again and again, to where it can read all that it ever could. */
  readsAllInTheEnd(index: number): boolean {
    const agent = this.agents[index];
    if (agent === undefined) return false;
    const known = this.#readsAll.get(agent.start);
    if (known !== undefined) return known;
    const bases = new Set([agent.start]);
    let reads = true;
    for (const base of bases) {
      const reachable = playable(this.#program, base);
      const readers = this.#program.receives.map((step) => step.clause.role);
      reads &&= readers.every((role) => !agent.playable.has(role) || reachable.has(role));
      for (const { clause, def, tail } of this.#program.steps) {
        if (clause.role !== base || !tail) continue;
        if (def.op === 'role') bases.add(def.target.role);
        else reads = false;
      }
    }
    this.#readsAll.set(agent.start, reads);
    return reads;
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
