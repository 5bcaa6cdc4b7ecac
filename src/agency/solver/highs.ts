import highsPackage from 'highs';

/** A program for HiGHS. */
export interface HighsJob {
  /** In CPLEX's LP format. */
  readonly text: string;
  /** The columns whose values are wanted. */
  readonly columns: readonly string[];
  /** Values of the columns to start from. */
  readonly start?: readonly number[];
  readonly timeLimitMs: number;
}

/** What it came to, in units of the program's objective. */
export type HighsReport =
  | {
      readonly at: 'optimal' | 'limit';
      /** Absent when no feasible values were found. */
      readonly values?: readonly number[];
      readonly bound: number;
    }
  | { readonly at: 'infeasible' };

/** The package declares its CommonJS face; imported as here, the default is the loader itself. */
const loadHighs = highsPackage as unknown as typeof highsPackage.default;

/**
 * Runs HiGHS in this thread until it is done or the time is up. Gaps are closed completely: the
 * default of HiGHS would call a choice optimal that is a ten-thousandth dearer than the best.
 */
export async function solveByHighs(job: HighsJob): Promise<HighsReport> {
  const highs = await loadHighs();
  const model = highs.createModel({ format: 'lp', data: job.text });
  try {
    model.options.set({
      output_flag: false,
      time_limit: job.timeLimitMs / 1000,
      mip_rel_gap: 0,
      mip_abs_gap: 1e-9,
    });
    const columns = job.columns.map((name) => model.getColByName(name));
    if (job.start !== undefined) {
      model.setSolution({ indices: columns, values: [...job.start] });
    }
    model.run();
    const status = model.getModelStatus();
    const { modelStatus } = highs.constants;
    if (status === modelStatus.infeasible || status === modelStatus.unboundedOrInfeasible) {
      return { at: 'infeasible' };
    }
    const bound = Number(model.info.get('mip_dual_bound'));
    const at = status === modelStatus.optimal ? 'optimal' : 'limit';
    if (model.info.get('primal_solution_status') !== feasiblePoint) return { at, bound };
    const { colValue } = model.getSolution();
    return { at, bound, values: columns.map((column) => colValue[column] ?? 0) };
  } finally {
    model.dispose();
  }
}

/** HiGHS's kSolutionStatusFeasible. */
const feasiblePoint = 2;
