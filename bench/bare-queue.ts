/** The reference of the LCC benchmarks: messages between agents that do nothing but answer. */

import { coreSeconds } from './core-seconds.ts';

interface Bare {
  readonly to: number;
  readonly from: number;
  readonly value: number;
}

/**
 * Messages per second of a ring-buffer queue and a router to that many agents, each of which
 * answers whoever wrote to it: what moving messages costs at least.
 */
export function bareQueue(agents: number, messages: number): number {
  const ring: (Bare | undefined)[] = Array.from({ length: 4_096 }, () => undefined);
  const mask = ring.length - 1;
  let head = 0;
  let tail = 0;
  const post = (message: Bare): void => {
    ring[tail & mask] = message;
    tail += 1;
  };
  const router = new Map<number, (message: Bare) => void>();
  for (let id = 0; id < agents; id += 1) {
    router.set(id, ({ from, to, value }) => post({ to: from, from: to, value: value + 1 }));
  }
  for (let id = 0; id < agents; id += 2) post({ to: id, from: id + 1, value: 0 });
  const seconds = coreSeconds(() => {
    for (let left = messages; left > 0; left -= 1) {
      const message = ring[head & mask];
      if (message === undefined) break;
      head += 1;
      router.get(message.to)?.(message);
    }
  });
  return messages / seconds;
}
