/** The csla instances beside HiGHS on their .lp, in the same run and within the same time. */
import { isProven, type Problem, type Solution } from '../src/negotiation/compose/problem.ts';
import { composeSync } from '../src/negotiation/compose/search/search.ts';
import { cslaProblem, cslaProgram } from './compose-csla.ts';
import { runHighs } from './compose-highs.ts';
import { median, print, type Row, short } from './harness.ts';

const proofs = [
  { objectives: 10, goalSeconds: 0.1, repeats: 7 },
  { objectives: 30, goalSeconds: 2, repeats: 3 },
] as const;

const races = [
  { objectives: 100, goalUsd: 30.7, seconds: 5, known: 'CP-SAT 30.69, HiGHS 38.65, each in 60 s' },
  { objectives: 300, goalUsd: 138, seconds: 10, known: 'HiGHS 138.4 in 60 s' },
] as const;

const conditions = 'time of one core; real prices of 50 regions, capacities, latencies, affinities';

export async function run(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const proof of proofs) rows.push(await prove(proof));
  for (const race of races) rows.push(await runRace(race));
  return rows;
}

async function prove({ objectives, goalSeconds, repeats }: (typeof proofs)[number]): Promise<Row> {
  const what = `composing csla n${objectives} to proven optimality`;
  const problem = cslaProblem(objectives);
  const program = cslaProgram(objectives);
  if (problem === undefined || program === undefined) return missing(what);
  const seconds: number[] = [];
  let solution: Solution = { at: 'none', proven: false };
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const timed = searched(problem, 60);
    solution = timed.solution;
    seconds.push(timed.seconds);
  }
  const highs = await runHighs(program, { seconds: 60, gap: 0 });
  const figure = median(seconds);
  const usd = costUsd(solution);
  const same = isProven(solution) && (!highs.optimal || Math.abs(usd - highs.cost) < 1e-6);
  return {
    what: `${what}: ${usd.toFixed(4)} USD/h`,
    figure,
    unit: 's',
    goal: `≤ ${goalSeconds} s`,
    met: same && figure <= goalSeconds,
    reference: `HiGHS (WASM) on the .lp: ${highs.cost.toFixed(4)} ${highs.optimal ? 'optimal' : 'unproven'} in ${short(highs.seconds)} s`,
    ratio: figure / highs.seconds,
    conditions: `${conditions}; median of ${repeats}, the first included`,
  };
}

async function runRace({
  objectives,
  goalUsd,
  seconds,
  known,
}: (typeof races)[number]): Promise<Row> {
  const what = `composing csla n${objectives}, cost after ${seconds} s`;
  const problem = cslaProblem(objectives);
  const program = cslaProgram(objectives);
  if (problem === undefined || program === undefined) return missing(what);
  const { solution } = searched(problem, seconds);
  const highs = await runHighs(program, { seconds });
  const figure = costUsd(solution);
  const bound = solution.at === 'found' ? solution.bound / 1e6 : Number.NaN;
  const other = highs.cost < Infinity ? highs.cost.toFixed(2) : 'none';
  return {
    what,
    figure,
    unit: 'USD/h',
    goal: `≤ ${goalUsd} USD/h`,
    met: figure <= goalUsd,
    reference: `HiGHS (WASM) on the .lp in ${seconds} s: ${other}; ${known}, not in this run`,
    conditions: `${conditions}; proven: at least ${bound.toFixed(2)}`,
  };
}

function searched(
  problem: Problem,
  limitSeconds: number,
): { readonly solution: Solution; readonly seconds: number } {
  const start = coreSecondsNow();
  const solution = composeSync(problem, {
    work: Infinity,
    shouldStop: () => coreSecondsNow() - start > limitSeconds,
  });
  return { solution, seconds: coreSecondsNow() - start };
}

/** Time of the core under this thread. */
function coreSecondsNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000_000;
}

/** Infinity when nothing was found. */
function costUsd(solution: Solution): number {
  return solution.at === 'found' ? solution.cost / 1e6 : Infinity;
}

function missing(what: string): Row {
  return {
    what,
    figure: Number.NaN,
    unit: '',
    goal: '',
    met: false,
    reference: 'input missing: ../shared/data, or set SKYPACT_BENCH_DATA to its URL',
    conditions: 'not measured',
  };
}

if (import.meta.main) print(await run());
