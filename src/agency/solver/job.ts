/** What a solver thread is asked. */
export interface SolverJob {
  /** The program in CPLEX's LP format. */
  readonly text: string;
  /** The columns whose values are wanted. */
  readonly columns: readonly string[];
  /** A known choice as values of the columns, to start from. */
  readonly start?: readonly number[];
  readonly timeLimitMs: number;
}

/** What it answers, in units of the program's objective. */
export type SolverReport =
  | {
      readonly at: 'solved' | 'limit';
      /** Absent when no feasible choice was found. */
      readonly values?: readonly number[];
      readonly bound: number;
    }
  | { readonly at: 'infeasible' };
