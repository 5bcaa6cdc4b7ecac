import { limits } from '../../../base/limits.ts';

/** What an exploration has looked at, and whether it may go on. */
export class Budget {
  #states = 0;
  #moves = 0;
  #isCut = false;
  #isExhausted = false;

  get states(): number {
    return this.#states;
  }

  /** It has to end. */
  get isSpent(): boolean {
    return (
      this.#isExhausted || this.#states >= limits.modelStates || this.#moves >= limits.modelMoves
    );
  }

  /** All that there is was looked at. */
  get isComplete(): boolean {
    return !this.isSpent && !this.#isCut;
  }

  countState(): void {
    this.#states += 1;
  }

  countMove(): void {
    this.#moves += 1;
  }

  /** Role changes that wait for each other so deep never come to an end. */
  checkDepth(depth: number): void {
    this.#isExhausted ||= depth > limits.modelDepth;
  }

  /** As many of these ways on as one step may have; what is more is not looked at. */
  few<Way>(ways: readonly Way[]): readonly Way[] {
    if (ways.length <= limits.modelBranches) return ways;
    this.#isCut = true;
    return ways.slice(0, limits.modelBranches);
  }

  /** So many agents at most take part at once. */
  admit<Agent>(agents: readonly Agent[]): readonly Agent[] {
    if (agents.length <= limits.modelAgents) return agents;
    this.#isCut = true;
    return [];
  }
}
