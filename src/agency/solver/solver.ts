import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Bug } from '../../base/failure.ts';
import type { ComposeInput } from '../../negotiation/compose/build.ts';
import { type Composed, composing } from '../../negotiation/compose/compose.ts';
import { type LpProgram, lpOf } from '../../negotiation/compose/lp.ts';
import {
  costOf,
  type Problem,
  type Solution,
  violations,
} from '../../negotiation/compose/problem.ts';
import { composeSync, defaultWork } from '../../negotiation/compose/search.ts';
import type { SolverJob, SolverReport } from './job.ts';

export interface SolveOptions {
  /** In all; our own search takes at most its first half. */
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
}

/** Composes with a proof where the time allows one; the proposal says which. */
export async function compose(input: ComposeInput, options: SolveOptions): Promise<Composed> {
  const until = performance.now() + options.timeLimitMs;
  const steps = composing(input);
  let step = steps.next();
  while (step.done !== true) {
    const timeLimitMs = Math.max(1, until - performance.now());
    step = steps.next(await solve(step.value, { ...options, timeLimitMs }));
  }
  return step.value;
}

/**
 * Solves by our own search, and by HiGHS where that finds no proof: most programs never load it.
 * HiGHS runs in a thread of its own, so that a long solve stops no heartbeat and no Ctrl-C.
 * Rejects with the signal's reason when that fires.
 */
export async function solve(problem: Problem, options: SolveOptions): Promise<Solution> {
  const { timeLimitMs, signal } = options;
  signal.throwIfAborted();
  const startMs = performance.now();
  const ownUntil = startMs + Math.min(timeLimitMs / 2, ownSearchMs);
  const own = composeSync(problem, {
    work: defaultWork,
    shouldStop: () => performance.now() > ownUntil,
  });
  if (isProven(own)) return own;
  const leftMs = timeLimitMs - (performance.now() - startMs);
  if (leftMs < leastHighsMs) return own;
  const cutoff = own.at === 'found' ? own.cost : undefined;
  const program = lpOf(problem, cutoff === undefined ? {} : { cutoff });
  const job: SolverJob = {
    text: program.text,
    columns: program.unitColumns,
    timeLimitMs: leftMs,
    ...(own.at === 'found' ? { start: program.valuesOf(own.choice) } : {}),
  };
  return merged(problem, own, { program, report: await inWorker(job, signal) });
}

/** Longer than a search that will prove anything takes; it also bounds how long the loop stands. */
const ownSearchMs = 1000;

/** Less is not worth the 71 ms that HiGHS takes to load. */
const leastHighsMs = 150;

function isProven(solution: Solution): boolean {
  return solution.at === 'none' ? solution.proven : solution.bound >= solution.cost;
}

/** The better of two choices under the better of two bounds. */
function merged(
  problem: Problem,
  own: Solution,
  { program, report }: { readonly program: LpProgram; readonly report: SolverReport },
): Solution {
  if (report.at === 'infeasible') {
    // With a cutoff that is a proof of ours; rounding may hide the very choice it started from.
    return own.at === 'found' ? { ...own, bound: own.cost } : { at: 'none', proven: true };
  }
  const proven = Math.ceil(report.bound * program.costScale * (1 - boundTolerance) - 1e-3);
  const choice = report.values === undefined ? undefined : program.choiceOf(report.values);
  const usable = choice !== undefined && violations(problem, choice).length === 0;
  const cost = usable ? costOf(problem, choice) : Infinity;
  if (own.at === 'found' && own.cost <= cost) {
    const bound = report.at === 'solved' ? own.cost : Math.max(own.bound, proven);
    return { ...own, bound: Math.min(own.cost, bound) };
  }
  if (choice === undefined || !usable) return own;
  const ownBound = own.at === 'found' ? own.bound : 0;
  const bound = report.at === 'solved' ? cost : Math.max(ownBound, proven);
  return { at: 'found', choice, cost, bound: Math.min(cost, bound) };
}

/** What HiGHS's own tolerances may take from its bound. */
const boundTolerance = 1e-7;

async function inWorker(job: SolverJob, signal: AbortSignal): Promise<SolverReport> {
  const worker = new Worker(workerUrl(), { workerData: job });
  const { promise, resolve, reject } = Promise.withResolvers<SolverReport>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', () => reject(new Bug('the solver thread ended without an answer')));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

/**
 * From the sources it lies beside this module; a bundle keeps it as `solver-worker.js` in its root,
 * while this module may be in any chunk of it.
 */
function workerUrl(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./worker.ts', import.meta.url);
  const candidates = ['./', '../', '../../', '../../../'].map(
    (folder) => new URL(`${folder}solver-worker.js`, import.meta.url),
  );
  const found = candidates.find((url) => existsSync(url));
  if (found === undefined) throw new Bug('solver-worker.js is not part of this installation');
  return found;
}
