import { type LpProgram, lpOf } from '../../negotiation/compose/lp.ts';
import {
  costOf,
  isProven,
  type Problem,
  type Solution,
  violations,
} from '../../negotiation/compose/problem.ts';
import { composeSync } from '../../negotiation/compose/search/search.ts';
import { type HighsReport, solveByHighs } from './highs.ts';
import type { SolverJob } from './job.ts';

/** Searches on for a share of the time, then asks HiGHS for a proof or a better choice. */
export async function solveThoroughly(job: SolverJob): Promise<Solution> {
  const { problem, known } = job;
  const startMs = performance.now();
  const searchUntil = startMs + job.timeLimitMs * searchShare;
  const searched = composeSync(problem, {
    work: Infinity,
    ...(known.at === 'found' ? { start: known.choice } : {}),
    shouldStop: () => performance.now() > searchUntil,
  });
  const own = better(known, searched);
  if (isProven(own)) return own;
  const leftMs = job.timeLimitMs - (performance.now() - startMs);
  if (leftMs < leastHighsMs) return own;
  const program = lpOf(problem, own.at === 'found' ? { cutoff: own.cost } : {});
  const report = await solveByHighs({
    text: program.text,
    columns: program.unitColumns,
    timeLimitMs: leftMs,
    ...(own.at === 'found' ? { start: program.valuesOf(own.choice) } : {}),
  });
  return better(own, solutionOf(problem, program, report));
}

/** Our own search is the better one at finding, HiGHS at proving. */
const searchShare = 0.4;

/** HiGHS takes 71 ms to load. */
const leastHighsMs = 100;

/** The cheaper of two choices under the higher of two bounds. */
function better(a: Solution, b: Solution): Solution {
  if (a.at === 'none') return b.at === 'none' && !b.proven ? a : b;
  if (b.at === 'none') return b.proven ? { ...a, bound: a.cost } : a;
  const cheaper = b.cost < a.cost ? b : a;
  return { ...cheaper, bound: Math.min(cheaper.cost, Math.max(a.bound, b.bound)) };
}

/**
 * What HiGHS says, in our terms. Under a cutoff "infeasible" means that there is nothing cheaper.
 * Its choice counts only if it keeps the problem exactly, not just within HiGHS's tolerances.
 */
function solutionOf(problem: Problem, program: LpProgram, report: HighsReport): Solution {
  if (report.at === 'infeasible') return { at: 'none', proven: true };
  const choice = report.values === undefined ? undefined : program.choiceOf(report.values);
  if (choice === undefined || violations(problem, choice).length > 0) {
    return { at: 'none', proven: false };
  }
  const cost = costOf(problem, choice);
  const proven = Math.ceil(report.bound * program.costScale * (1 - boundTolerance) - 1e-3);
  return {
    at: 'found',
    choice,
    cost,
    bound: report.at === 'optimal' ? cost : Math.min(cost, proven),
  };
}

/** What HiGHS's own tolerances may take from its bound. */
const boundTolerance = 1e-7;
