import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';

/** Node's timers take at most a 32-bit count of milliseconds; a longer sleep is several. */
const longestSleepMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (delayMs, signal) => {
    const options = signal === undefined ? {} : { signal };
    try {
      for (let leftMs = delayMs; leftMs >= 0; leftMs -= longestSleepMs) {
        await sleep(Math.min(leftMs, longestSleepMs), undefined, options);
      }
    } catch (thrown) {
      // Node says AbortError; what is told to the user is the reason.
      signal?.throwIfAborted();
      throw thrown;
    }
  },
};
