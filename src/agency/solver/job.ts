import type { Problem, Solution } from '../../negotiation/compose/problem.ts';

/** What a solver thread is asked; its answer is a Solution. */
export interface SolverJob {
  readonly problem: Problem;
  /** What the search has found so far; the answer is no worse. */
  readonly known: Solution;
  readonly timeLimitMs: number;
}
