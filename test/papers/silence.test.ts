/** The paper has no deadlines. An agent that falls silent is treated as one out of protocol. */
import { expect, test } from 'vitest';
import { systemClock } from '../../src/agency/clock.ts';
import type { Clock } from '../../src/base/clock.ts';
import { small } from '../support/office.ts';
import { once, played, withCodes } from './rehearsal.ts';

interface Silence {
  readonly lost: string;
  readonly from: string;
  /** What whoever waited makes of it. */
  readonly code: string;
  readonly reason: string;
}

const silences: readonly Silence[] = [
  { lost: 'cfp', from: 'client', code: 'client:200', reason: 'cfp was not answered' },
  { lost: 'proxy', from: 'splitter', code: 'negotiator:200', reason: 'proxy was not answered' },
  { lost: 'agree', from: 'mediator', code: 'negotiator:200', reason: 'proxy was not answered' },
  {
    lost: 'inform_done_proxy',
    from: 'listener',
    code: 'negotiator:200',
    reason: 'proxy was not answered',
  },
  {
    lost: 'reply_message_sub_protocol',
    from: 'listener',
    code: 'negotiator:200',
    reason: 'proxy was not answered',
  },
  { lost: 'cfp', from: 'caller', code: 'mediator:201', reason: 'cfp was not answered' },
  { lost: 'propose', from: 'vendor', code: 'mediator:201', reason: 'cfp was not answered' },
  { lost: 'propose', from: 'composer', code: 'client:200', reason: 'cfp was not answered' },
  {
    lost: 'subscribe',
    from: 'seller',
    code: 'negotiator:200',
    reason: 'subscribe was not answered',
  },
  {
    lost: 'accept_proposal',
    from: 'buyer',
    code: 'client:201',
    reason: 'accept-proposal was not answered',
  },
  {
    lost: 'accept_proposal',
    from: 'confirmer',
    code: 'mediator:200',
    reason: 'accept-proposal was not answered',
  },
  {
    lost: 'inform_done',
    from: 'vendor',
    code: 'mediator:200',
    reason: 'accept-proposal was not answered',
  },
  {
    lost: 'agree',
    from: 'confirmer',
    code: 'negotiator:200',
    reason: 'subscribe was not answered',
  },
];

for (const { lost, from, code, reason } of silences) {
  test(`when the ${lost} of the ${from} is lost, ${code} leads to the error state`, async () => {
    const clock = new HurriedClock();
    const alter = once(lost, from, () => {
      clock.hurry();
      return [];
    });
    await using run = await played({ objectives: { db: small }, alter, clock });
    expect((await withCodes(run, code)).length).toBeGreaterThan(0);
    expect(run.sla.state).toBe('ended');
    expect(run.sla.reason).toContain(reason);
    expect(await run.held()).toBe(0);
  });
}

test('an SLA that all have signed stands, although the client never hears of it', async () => {
  const clock = new HurriedClock();
  const alter = once('inform', 'closer', () => {
    clock.hurry();
    return [];
  });
  await using run = await played({ objectives: { db: small }, alter, clock });
  expect(await withCodes(run, 'client:201')).toEqual(['not_understood troubled>seller']);
  expect(run.sla.state).toBe('ready');
  expect(await run.held()).toBe(1);
});

/** Real until it is told to hurry: from then on every long sleep is over at once. */
class HurriedClock implements Clock {
  readonly #hurried = Promise.withResolvers<void>();
  #aheadMs = 0;

  readonly nowMs: Clock['nowMs'] = () => Date.now() + this.#aheadMs;

  readonly sleep: Clock['sleep'] = async (delayMs, signal) => {
    if (delayMs < longMs) return await systemClock.sleep(delayMs, signal);
    const dueMs = this.nowMs() + delayMs;
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal?.reason);
    signal?.addEventListener('abort', abort);
    try {
      await Promise.race([this.#hurried.promise, aborted.promise]);
      await systemClock.sleep(0, signal);
      this.#aheadMs = Math.max(this.#aheadMs, dueMs - Date.now());
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  };

  hurry(): void {
    this.#hurried.resolve();
  }
}

const longMs = 30_000;
