import type { Cast } from './cast.ts';
import { answers, type Config, type Move, type State } from './config.ts';
import type { Kinds } from './kinds.ts';
import type { World } from './machine.ts';
import type { Post } from './post.ts';
import { isJoin, type Program, signature, variablesOfTerms, waits } from './program.ts';

/**
 * Which moves are looked at in a state, so that the order of moves which do not concern each other
 * is looked at once: persistent sets (Godefroid 1996). A set of agents is closed when nobody
 * outside can open a new way for one inside; then it is enough to move those inside. All states in
 * which nobody can move are kept.
 */
export class Reduction {
  readonly #cast: Cast;
  readonly #post: Post;
  readonly #config: (number: number) => Config;
  readonly #servers: ReadonlySet<number>;
  readonly #repliers: ReadonlySet<number>;

  constructor(world: World, config: (number: number) => Config) {
    const { program, kinds, cast, post } = world;
    this.#cast = cast;
    this.#post = post;
    this.#config = config;
    const servers = cast.agents.filter((agent) => isStateless(program, agent.start));
    this.#servers = new Set(servers.map((agent) => agent.index));
    const repliers = cast.agents.filter((agent) => onlyReplies(program, kinds, agent.playable));
    this.#repliers = new Set(repliers.map((agent) => agent.index));
  }

  /** Some of the moves of each agent, enough for all. */
  choose(state: State, moves: readonly (readonly Move[])[]): readonly Move[] {
    const movers = moves.flatMap((own, agent) => (own.length > 0 ? [agent] : []));
    let least: readonly number[] = movers;
    for (const agent of movers) {
      if (this.#config(state[agent] ?? -1).local === undefined) return moves[agent] ?? [];
      if (this.#servers.has(agent)) return firstRequest(moves[agent] ?? []);
    }
    for (const agent of movers) {
      if (least.length <= 1) break;
      const closed = this.#close(state, agent);
      const inside = movers.filter((mover) => closed?.has(mover) ?? true);
      if (inside.length < least.length) least = inside;
    }
    return least.flatMap((agent) => moves[agent] ?? []);
  }

  /** `undefined`: everybody. */
  #close(state: State, start: number): ReadonlySet<number> | undefined {
    const closed = new Set([start]);
    for (const agent of closed) {
      const { player, local, mail } = this.#config(state[agent] ?? -1);
      if (local === undefined) return undefined;
      const letters = mail.map((number) => this.#post.letter(number));
      for (const choice of player.choices(local)) {
        if (choice.kind === 'address') return undefined;
        if (choice.kind === 'step') continue;
        const { def, role, from } = choice;
        const has = (sender: number): boolean =>
          letters.some((letter) => letter.from === sender && answers(choice, letter));
        const senders =
          from === undefined
            ? this.#cast.senders(def.target.role, role, signature(def.message))
            : [from];
        for (const sender of senders) {
          const writes =
            sender !== agent && !has(sender) && this.#mayWrite(state, sender, { agent, def, role });
          if (writes) closed.add(sender);
        }
      }
    }
    return closed;
  }

  #mayWrite(
    state: State,
    sender: number,
    wait: { agent: number; def: Parameters<Config['player']['canSend']>[1]; role: string },
  ): boolean {
    const { player, local, mail } = this.#config(state[sender] ?? -1);
    if (local === undefined) return true;
    if (!player.canSend(local, wait.def, wait.role)) return false;
    if (!this.#repliers.has(sender) || player.mentions(local, wait.agent)) return true;
    return mail.some((number) => this.#post.letter(number).from === wait.agent);
  }
}

/** All ways to serve one request; the others commute with it. */
function firstRequest(moves: readonly Move[]): readonly Move[] {
  return moves.filter((move) => move.read === moves[0]?.read);
}

/**
 * A server that is after every request what it was before: it only receives, from anybody, answers
 * without a wait, and calls itself.
 */
function isStateless(program: Program, role: string): boolean {
  const clause = program.clauses.get(role);
  if (clause === undefined || clause.params.length > 0) return false;
  const steps = program.steps.filter((step) => step.clause === clause);
  const senders = new Set<string>();
  for (const { def } of steps) {
    if (def.op !== 'receive') continue;
    if (def.target.id.kind !== 'variable' || def.target.id.name === clause.me) return false;
    senders.add(def.target.id.name);
  }
  const first = firstsOf(clause.body);
  return steps.every(({ def, tail }) => {
    if (tail && def.op !== 'role') return false;
    if (waits(program, def.guard)) return false;
    if (def.op === 'role') return tail && def.target.role === role;
    if (def.op === 'receive') return first.has(def);
    if (def.op === 'null') return !first.has(def);
    const [target] = variablesOfTerms([def.target.id]);
    return !first.has(def) && target !== undefined && senders.has(target.name);
  });
}

type Body = Parameters<typeof isJoin>[0];

function firstsOf(body: Body): ReadonlySet<Body> {
  if (!isJoin(body)) return new Set([body]);
  const left = firstsOf(body.left);
  return body.op === 'then' ? left : left.union(firstsOf(body.right));
}

/** Whether whoever plays these roles writes to nobody but those that wrote to him. */
function onlyReplies(program: Program, kinds: Kinds, roles: ReadonlySet<string>): boolean {
  return program.sends.every(({ clause, def }) => {
    if (!roles.has(clause.role)) return true;
    const { id } = def.target;
    return id.kind === 'variable' && !kinds.variable(clause, id.name).foreign;
  });
}
