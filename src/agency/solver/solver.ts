import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Bug } from '../../base/failure.ts';
import type { ComposeInput } from '../../negotiation/compose/build.ts';
import { type Composed, composing } from '../../negotiation/compose/compose.ts';
import { isProven, type Problem, type Solution } from '../../negotiation/compose/problem.ts';
import { composeSync, defaultWork } from '../../negotiation/compose/search/search.ts';
import type { SolverJob } from './job.ts';

export interface SolveOptions {
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
 * Solves by our own search, here as long as nobody notices, then in a thread, where HiGHS looks for
 * the proof that the search does not find. A ten-second solve so stops no heartbeat and no Ctrl-C,
 * and an ordinary program starts no thread. Rejects with the signal's reason when that fires.
 */
export async function solve(problem: Problem, options: SolveOptions): Promise<Solution> {
  const { timeLimitMs, signal } = options;
  signal.throwIfAborted();
  const startMs = performance.now();
  const until = startMs + Math.min(timeLimitMs, standstillMs);
  const own = composeSync(problem, {
    work: defaultWork,
    shouldStop: () => performance.now() > until,
  });
  const leftMs = timeLimitMs - (performance.now() - startMs);
  if (isProven(own) || leftMs < leastThreadMs) return own;
  return inThread({ problem, known: own, timeLimitMs: leftMs }, signal);
}

/** How long the event loop may stand: well under the period of any heartbeat or progress line. */
const standstillMs = 200;

/** A thread takes some 40 ms to start and HiGHS 71 ms to load; less time is not worth it. */
const leastThreadMs = 200;

async function inThread(job: SolverJob, signal: AbortSignal): Promise<Solution> {
  const worker = new Worker(workerUrl(), { workerData: job });
  const { promise, resolve, reject } = Promise.withResolvers<Solution>();
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
