/** What a conversation does when another process goes on with it. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/agency/clock.ts';
import { failure, isFailure } from '../../src/base/failure.ts';
import { homeWith, options, signal, small, template } from '../support/office.ts';
import { homeAt, later, Provider } from './provider.ts';

test('what continuing asks anew is saved before it is carried out, and carried out once', async () => {
  await using home = await homeWith({ east: {} });
  await using first = await home.office();
  const asked = template({ web: small, db: small });
  const sla = await first.agency.negotiate(asked, options({ accept: 'ask' }), signal);
  const log = join(home.folder, 'points.log');
  const environment = { SKYPACT_HOME: home.folder, SKYPACT_CRASH_PLAN: `count@${log}` };
  await using second = await home.office({ environment });
  expect((await second.agency.accept(sla, signal)).state).toBe('ready');
  const points = (await readFile(log, 'utf8')).replaceAll(/:\d+:/g, ':').split('\n');
  const answered = points.indexOf('answer:after');
  const saved = points.indexOf('save:after', answered);
  expect(points.slice(answered, saved)).toEqual(['answer:after', 'save:before']);
  for (const once of ['accepted/1', 'signed/3', 'concluded/5']) {
    expect(points.filter((point) => point === `${once}:before`)).toHaveLength(1);
  }
  expect(points.filter((point) => point === 'sign/2:before')).toHaveLength(2);
});

test('a process that was stopped signs nothing when another has gone on without it', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using first = await home.office();
  const asked = template({ web: small });
  const sla = await first.agency.negotiate(asked, options({ accept: 'ask' }), signal);

  let skewMs = 0;
  const reached = Promise.withResolvers<void>();
  const continued = Promise.withResolvers<void>();
  await using stopped = await home.office({
    clock: { ...systemClock, nowMs: () => Date.now() + skewMs },
    registry: async () => {
      reached.resolve();
      await continued.promise;
      return provider.registry();
    },
  });
  const accepting = stopped.agency.accept(sla, signal).catch((thrown: unknown) => thrown);
  await reached.promise;
  await using other = await home.office();
  await other.agency.resume(signal);
  const [ready] = await other.store.findSla(sla.id);
  expect(ready?.state).toBe('ready');
  if (ready !== undefined) await other.agency.withdraw(ready, {}, signal);

  const calls: string[] = [];
  provider.onCall = (method) => calls.push(method);
  skewMs = 60_000;
  continued.resolve();
  const thrown = await accepting;
  expect(isFailure(thrown) && thrown.code).toBe('RUN.LEASE_LOST');
  expect(calls).toEqual([]);
});

test('an interrupt ends the run only when every call has settled', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  const interrupt = new AbortController();
  let called = 0;
  let settled = 0;
  provider.onCall = async (method, call) => {
    if (method !== 'accept') return;
    const order = called++;
    void setImmediate().then(() => interrupt.abort(failure('CLI.INTERRUPTED', 'interrupted')));
    if (!call.signal.aborted) await once(call.signal, 'abort');
    const turns = 50 * order;
    for (let turn = 0; turn < turns; turn += 1) await setImmediate();
    settled += 1;
  };
  const thrown = await office.agency
    .negotiate(template({ web: { ...small, count: 3 } }), options(), interrupt.signal)
    .catch((error: unknown) => error);
  expect(isFailure(thrown) && thrown.code).toBe('CLI.INTERRUPTED');
  expect(settled).toBe(3);
});

const hourMs = 3_600_000;

/** Breaks off at the first call of that method, as a kill does: nothing is saved afterwards. */
async function killedAt(
  provider: Provider,
  method: string,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const kill = new AbortController();
  provider.onCall = (called) => {
    if (called === method) kill.abort(new Error('killed'));
  };
  await expect(work(kill.signal)).rejects.toThrow('killed');
  provider.onCall = () => undefined;
}

test('whoever continues hours later waits for machines as if no time had passed', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one', 'two');
  await using first = await home.office();
  const asked = template({ web: { ...small, count: 2 }, db: small });
  const sla = await first.agency.negotiate(asked, options({ accept: 'ask' }), signal);
  await killedAt(provider, 'bind', (kill) => first.agency.accept(sla, kill));
  const signed = [...provider.held.keys()];

  await using second = await home.office({ clock: later(5 * hourMs) });
  expect(await second.agency.resume(signal)).toEqual([sla.id]);
  const [ready] = await second.store.findSla(sla.id);
  expect(ready?.state).toBe('ready');
  expect([...provider.held.keys()]).toEqual(signed);

  await using third = await home.office({ clock: later(5 * hourMs) });
  if (ready !== undefined) {
    await killedAt(provider, 'withdraw', (kill) => third.agency.withdraw(ready, {}, kill));
  }
  await using fourth = await home.office({ clock: later(10 * hourMs) });
  await fourth.agency.resume(signal);
  const [ended] = await fourth.store.findSla(sla.id);
  expect([ended?.state, provider.held.size]).toEqual(['ended', 0]);
});

test('whoever continues after the deadline gives the vendors their time anew', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one', 'two');
  await using first = await home.office();
  const asked = template({ web: small, db: small });
  const how = options({ replyWithinMs: 10_000 });
  await killedAt(provider, 'bid', (kill) => first.agency.negotiate(asked, how, kill));

  provider.onCall = () => setTimeout(20);
  await using second = await home.office({ clock: later(600_000) });
  const [id = ''] = await second.agency.resume(signal);
  const [sla] = await second.store.findSla(id);
  expect([sla?.state, sla?.composite.shortfalls]).toEqual(['ready', []]);
  const records = await second.store.vendorRecords();
  expect(records.map(({ vendor, late, proposed }) => [vendor, late, proposed])).toEqual([
    ['one', 0, 2],
    ['two', 0, 2],
  ]);
});
