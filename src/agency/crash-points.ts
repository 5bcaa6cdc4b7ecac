/**
 * Kills or stops this process at a chosen point, so that a test can try every point of a run. A
 * first run counts the points; then one run for each number dies there. Points lie before and after
 * every write of the store that a run makes, and every effect that {@link Crashing.around} wraps; they
 * are numbered in one sequence, so a new kind of effect is covered without a list.
 */
import { appendFileSync } from 'node:fs';
import { failure } from '../base/failure.ts';
import type { Store } from '../store/store.ts';

export interface CrashPlan {
  /** `kill`: SIGKILL, nothing of this process runs any more. `stop`: SIGSTOP, until SIGCONT. */
  readonly mode: 'count' | 'kill' | 'stop';
  /** The number of the point, counting from 1; 0 when counting only. */
  readonly at: number;
  /** Each point that is passed is a line of it, such as `save:12:before`. */
  readonly logFile: string;
}

const PLAN = /^(?:(?<count>count)|(?<stop>stop:)?(?<at>[1-9]\d{0,8}))@(?<logFile>.+)$/s;

/** Reads `count@FILE`, `12@FILE` (kill) or `stop:12@FILE`. Fails with CRASH.PLAN_MALFORMED. */
export function parseCrashPlan(text: string): CrashPlan {
  const found = PLAN.exec(text)?.groups;
  const logFile = found?.['logFile'];
  if (found === undefined || logFile === undefined) {
    throw failure('CRASH.PLAN_MALFORMED', `"${text.slice(0, 80)}" is not a crash plan.`, {
      next: 'Write count@FILE, NUMBER@FILE or stop:NUMBER@FILE.',
    });
  }
  if (found['count'] !== undefined) return { mode: 'count', at: 0, logFile };
  return { mode: found['stop'] === undefined ? 'kill' : 'stop', at: Number(found['at']), logFile };
}

/** The plan in SKYPACT_CRASH_PLAN, if there is one. Fails like {@link parseCrashPlan}. */
export function crashPlanOf(
  environment: Readonly<Record<string, string | undefined>>,
): CrashPlan | undefined {
  const text = environment['SKYPACT_CRASH_PLAN'];
  return text === undefined ? undefined : parseCrashPlan(text);
}

/** The points of one process: all that it wraps shares their sequence. */
export interface Crashing {
  readonly store: (store: Store) => Store;
  /** Runs `work` between two points of that name; the second is passed on a failure as well. */
  readonly around: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}

/** Without a plan there are no points, and everything stays as it is. */
export function crashing(plan: CrashPlan | undefined): Crashing {
  if (plan === undefined) return { store: (store) => store, around: (_, work) => work() };
  let number = 0;
  const pass = (name: string, side: 'before' | 'after'): void => {
    number += 1;
    appendFileSync(plan.logFile, `${name}:${number}:${side}\n`);
    if (number !== plan.at) return;
    process.kill(process.pid, plan.mode === 'stop' ? 'SIGSTOP' : 'SIGKILL');
  };
  const around: Crashing['around'] = async (name, work) => {
    pass(name, 'before');
    try {
      return await work();
    } finally {
      pass(name, 'after');
    }
  };
  return { store: (store) => withCrashPoints(store, around), around };
}

/** A store with points around each of its writes, leases aside: those change nothing but time. */
function withCrashPoints(store: Store, around: Crashing['around']): Store {
  return {
    begin: (...args) => around('begin', () => store.begin(...args)),
    save: (...args) => around('save', () => store.save(...args)),
    record: (...args) => around('record', () => store.record(...args)),
    answer: (...args) => around('answer', () => store.answer(...args)),
    load: (...args) => store.load(...args),
    unfinished: () => store.unfinished(),
    acquire: (...args) => store.acquire(...args),
    renew: (...args) => store.renew(...args),
    release: (...args) => store.release(...args),
    holder: (...args) => store.holder(...args),
    slas: (...args) => store.slas(...args),
    findSla: (...args) => store.findSla(...args),
    conversationsOf: (...args) => store.conversationsOf(...args),
    trace: (...args) => store.trace(...args),
    vendorRecords: () => store.vendorRecords(),
    kept: (...args) => store.kept(...args),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
