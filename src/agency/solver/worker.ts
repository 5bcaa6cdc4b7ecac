import { parentPort, workerData } from 'node:worker_threads';
import type { SolverJob } from './job.ts';
import { solveThoroughly } from './thorough.ts';

/** The thread of one solve: it solves the job it was started with, answers, and ends. */
const job: SolverJob = workerData;
parentPort?.postMessage(await solveThoroughly(job));
