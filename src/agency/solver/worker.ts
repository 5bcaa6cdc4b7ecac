import { parentPort, workerData } from 'node:worker_threads';
import { solveByHighs } from './highs.ts';
import type { SolverJob } from './job.ts';

/** The thread of one HiGHS run: it solves the job it was started with, answers, and ends. */
const job: SolverJob = workerData;
parentPort?.postMessage(await solveByHighs(job));
