import type { Budget } from './budget.ts';
import type { World } from './choice.ts';
import type { Move, State } from './config.ts';
import { type Clockwork, Moves } from './moves.ts';
import type { Player } from './player.ts';
import { Reduction } from './reduce.ts';

export interface Visit {
  readonly state: State;
  readonly moves: readonly Move[];
  /** The moves that led here, first one first. */
  readonly trace: () => readonly Move[];
}

/** The product of all agents. */
export class Product {
  readonly moves: Moves;
  readonly #players: readonly Player[];
  readonly #budget: Budget;
  readonly #clockwork: Clockwork;
  readonly #reduction: Reduction;

  constructor(world: World, players: readonly Player[], clockwork: Clockwork) {
    this.moves = new Moves(world, players, clockwork);
    this.#players = players;
    this.#budget = world.budget;
    this.#clockwork = clockwork;
    this.#reduction = new Reduction(world, (number) => this.moves.config(number));
  }

  /** Visits every state once, breadth first, unless the budget is spent before. */
  explore(visit: (visit: Visit) => void): void {
    const first = this.moves.first();
    const states: State[] = [first];
    const seen = new Set([first.join()]);
    const origins: Origin[] = [{ from: -1, move: undefined }];
    for (let index = 0; index < states.length; index += 1) {
      const state = states[index] ?? [];
      const moves = this.#select(state);
      if (this.#budget.isSpent) return;
      visit({ state, moves, trace: () => traceOf(origins, index) });
      for (const move of moves) {
        const next = this.moves.after(state, move);
        this.#budget.countMove();
        const key = next.join();
        if (seen.has(key)) continue;
        seen.add(key);
        this.#budget.countState();
        states.push(next);
        origins.push({ from: index, move });
      }
    }
  }

  /**
   * Restless, all orders of moves that concern each other. Patient, one order: who comes last among
   * the agents, which servers do, works off all that he can before anybody else begins something.
   */
  #select(state: State): readonly Move[] {
    const all = this.#players.map((_, agent) => this.moves.of(state, agent));
    if (this.#clockwork === 'restless') return this.#reduction.choose(state, all);
    const fast = all.map((moves) => moves.filter((move) => move.speed === 'fast'));
    return fast.findLast((moves) => moves.length > 0) ?? all.flat();
  }
}

interface Origin {
  readonly from: number;
  readonly move: Move | undefined;
}

function traceOf(origins: readonly Origin[], index: number): readonly Move[] {
  const moves: Move[] = [];
  for (let at = origins[index]; at?.move !== undefined; at = origins[at.from]) moves.push(at.move);
  return moves.reverse();
}
