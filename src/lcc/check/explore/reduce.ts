import { type Program, signature } from '../program.ts';
import type { Cast } from './cast.ts';
import type { World } from './choice.ts';
import { answers, type Config, type Move, type State } from './config.ts';
import type { Kinds } from './kinds.ts';
import type { Post } from './post.ts';

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
  readonly #repliers: ReadonlySet<number>;

  constructor(world: World, config: (number: number) => Config) {
    const { program, kinds, cast, post } = world;
    this.#cast = cast;
    this.#post = post;
    this.#config = config;
    const repliers = cast.agents.filter((agent) => onlyReplies(program, kinds, agent.playable));
    this.#repliers = new Set(repliers.map((agent) => agent.index));
  }

  /** Some of the moves of each agent, enough for all. */
  choose(state: State, moves: readonly (readonly Move[])[]): readonly Move[] {
    const movers = moves.flatMap((own, agent) => (own.length > 0 ? [agent] : []));
    let least: readonly number[] = movers;
    for (const agent of movers) {
      if (this.#config(state[agent] ?? -1).local === undefined) return moves[agent] ?? [];
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

/** Whether whoever plays these roles writes to nobody but those that wrote to him. */
function onlyReplies(program: Program, kinds: Kinds, roles: ReadonlySet<string>): boolean {
  return program.sends.every(({ clause, def }) => {
    if (!roles.has(clause.role)) return true;
    const { id } = def.target;
    return id.kind === 'variable' && !kinds.variable(clause, id.name).foreign;
  });
}
