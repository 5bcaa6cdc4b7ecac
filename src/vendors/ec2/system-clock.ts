import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (delayMs, signal) => {
    await setTimeout(delayMs, undefined, signal === undefined ? {} : { signal });
  },
};
