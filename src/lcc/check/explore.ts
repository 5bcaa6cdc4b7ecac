import { answers, type Config, type Move, type State } from './config.ts';
import type { Choice, World } from './machine.ts';
import type { Budget, Outcome, Player } from './player.ts';
import type { Letter, Post } from './post.ts';
import { Reduction } from './reduce.ts';

/**
 * `patient`: a wait ends only when nobody can do anything else, as with generous deadlines.
 * `restless`: it may end at any time.
 */
export type Clockwork = 'patient' | 'restless';

export interface Visit {
  readonly state: State;
  readonly moves: readonly Move[];
  /** The moves that led here, first one first. */
  readonly trace: () => readonly Move[];
}

/** The product of all agents, breadth first. */
export class Product {
  readonly #players: readonly Player[];
  readonly #post: Post;
  readonly #budget: Budget;
  readonly #reduction: Reduction;
  readonly #configs: Config[] = [];
  readonly #numbers: readonly Map<string, number>[];
  readonly #moves: (readonly Move[] | undefined)[] = [];
  readonly #delivered = new Map<string, number>();

  constructor(world: World, players: readonly Player[], budget: Budget) {
    this.#players = players;
    this.#post = world.post;
    this.#budget = budget;
    this.#numbers = players.map(() => new Map());
    this.#reduction = new Reduction(world, (number) => this.config(number));
  }

  config(number: number): Config {
    const config = this.#configs[number];
    if (config === undefined) throw new RangeError(`configuration ${number}`);
    return config;
  }

  /** Visits every state once; returns how many. Ends early when the budget is spent. */
  explore(clockwork: Clockwork, visit: (visit: Visit) => void): number {
    const first = this.#players.map((player) =>
      this.#configure({ player, local: undefined, mail: [] }),
    );
    const states: State[] = [first];
    const seen = new Set([first.join()]);
    const origins: { from: number; move: Move | undefined }[] = [{ from: -1, move: undefined }];
    for (let index = 0; index < states.length && this.#budget.left > 0; index += 1) {
      const state = states[index] ?? [];
      const moves = this.#select(state, clockwork);
      visit({ state, moves, trace: () => traceOf(origins, index) });
      for (const move of moves) {
        const next = this.#apply(state, move);
        const key = next.join();
        if (seen.has(key)) continue;
        seen.add(key);
        this.#budget.left -= 1;
        states.push(next);
        origins.push({ from: index, move });
      }
    }
    return states.length;
  }

  /** Every move of one agent, taken by itself or with those that it writes to. */
  movesOf(state: State, agent: number): readonly Move[] {
    const number = state[agent] ?? -1;
    const own = this.#moves[number] ?? this.#ownMoves(number);
    this.#moves[number] = own;
    const { player, local } = this.config(number);
    const addresses = local === undefined ? [] : player.choices(local).filter(isAddress);
    return addresses.length === 0
      ? own
      : [...own, ...addresses.flatMap((choice) => this.#addressed(state, number, choice))];
  }

  #select(state: State, clockwork: Clockwork): readonly Move[] {
    const all = state.map((_, agent) => this.movesOf(state, agent));
    if (clockwork === 'restless') return this.#reduction.choose(state, all);
    const fast = all.map((moves) => moves.filter((move) => !move.slow));
    return fast.some((moves) => moves.length > 0)
      ? this.#reduction.choose(state, fast)
      : all.flat();
  }

  #ownMoves(number: number): readonly Move[] {
    const { player, local, mail } = this.config(number);
    if (local === undefined) return this.#moved(number, { slow: false, outcomes: player.begin() });
    return player.choices(local).flatMap((choice): readonly Move[] => {
      if (choice.kind === 'address') return [];
      if (choice.kind === 'step') {
        return this.#moved(number, { slow: choice.slow, outcomes: player.run(choice.results) });
      }
      return [...new Set(mail)].flatMap((letter) => {
        const read = this.#post.letter(letter);
        if (!answers(choice, read)) return [];
        const rest = this.#post.remove(mail, letter);
        const outcomes = player.run(choice.take(read));
        return this.#moved(number, { slow: false, outcomes, read, mail: rest });
      });
    });
  }

  #moved(
    number: number,
    how: { slow: boolean; outcomes: readonly Outcome[]; read?: Letter; mail?: readonly number[] },
  ): readonly Move[] {
    const { player, mail } = this.config(number);
    return how.outcomes.map(({ next, sent, did }) => ({
      agent: player.agent.index,
      slow: how.slow,
      read: how.read,
      did,
      next: this.#configure({ player, local: next, mail: how.mail ?? mail }),
      sent,
    }));
  }

  #addressed(
    state: State,
    number: number,
    choice: Extract<Choice, { kind: 'address' }>,
  ): readonly Move[] {
    const { player } = this.config(number);
    const { role, id } = choice.def.target;
    const others = this.#players.filter(({ agent }) => agent !== player.agent);
    const plays = (other: Player): boolean => {
      const { local } = this.config(state[other.agent.index] ?? -1);
      return local === undefined ? other.agent.start === role : other.plays(local, role);
    };
    const peers = others.filter(plays).map(({ agent }) => agent.index);
    if (peers.length === 0) return [];
    const groups = id.kind === 'anonymous' ? [peers] : peers.map((peer) => [peer]);
    return groups.flatMap((group) =>
      this.#moved(number, { slow: choice.slow, outcomes: player.run(choice.send(group)) }),
    );
  }

  #apply(state: State, move: Move): State {
    const next = [...state];
    next[move.agent] = move.next;
    for (const number of move.sent) {
      const { to } = this.#post.letter(number);
      next[to] = this.#deliver(next[to] ?? -1, number);
    }
    return next;
  }

  #deliver(config: number, letter: number): number {
    const key = `${config} ${letter}`;
    const known = this.#delivered.get(key);
    if (known !== undefined) return known;
    const before = this.config(config);
    const after = this.#configure({ ...before, mail: this.#post.add(before.mail, letter) });
    this.#delivered.set(key, after);
    return after;
  }

  #configure(config: Config): number {
    const numbers = this.#numbers[config.player.agent.index];
    const key = `${config.local} ${config.mail.join()}`;
    const known = numbers?.get(key);
    if (known !== undefined) return known;
    numbers?.set(key, this.#configs.length);
    return this.#configs.push(config) - 1;
  }
}

function isAddress(choice: Choice): choice is Extract<Choice, { kind: 'address' }> {
  return choice.kind === 'address';
}

function traceOf(
  origins: readonly { from: number; move: Move | undefined }[],
  index: number,
): readonly Move[] {
  const moves: Move[] = [];
  for (let at = origins[index]; at?.move !== undefined; at = origins[at.from]) moves.push(at.move);
  return moves.reverse();
}
