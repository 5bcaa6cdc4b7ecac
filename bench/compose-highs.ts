/** HiGHS as the reference: the npm package, in this process, on a program in LP format. */
import highsPackage from 'highs';

/** The package declares its CommonJS face; imported as here, the default is the loader itself. */
const loadHighs = highsPackage as unknown as typeof highsPackage.default;

export interface HighsRun {
  readonly optimal: boolean;
  /** Infinity when no solution was found. */
  readonly cost: number;
  readonly seconds: number;
}

/** The defaults of HiGHS, but for the time limit. Loading the WASM is not counted. */
export async function runHighs(
  text: string,
  limits: { readonly seconds: number; readonly gap?: number },
): Promise<HighsRun> {
  const highs = await loadHighs();
  const startMs = performance.now();
  const model = highs.createModel({ format: 'lp', data: text });
  try {
    model.options.set({ output_flag: false, time_limit: limits.seconds });
    if (limits.gap !== undefined) model.options.set({ mip_rel_gap: limits.gap });
    model.run();
    const optimal = model.getModelStatus() === highs.constants.modelStatus.optimal;
    const found = model.info.get('primal_solution_status') === feasiblePoint;
    const cost = found ? model.getObjectiveValue() : Infinity;
    return { optimal, cost, seconds: (performance.now() - startMs) / 1000 };
  } finally {
    model.dispose();
  }
}

/** HiGHS's kSolutionStatusFeasible. */
const feasiblePoint = 2;
