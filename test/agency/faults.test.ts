/** What becomes of machines when vendors fail half-way: none is forgotten, none is in two SLAs. */
import { expect, test } from 'vitest';
import { examine } from '../../src/agency/doctor.ts';
import { repair } from '../../src/agency/doctor-repair.ts';
import { editTemplate } from '../../src/sla/edit.ts';
import { isOver, type Sla } from '../../src/sla/sla.ts';
import type { Store } from '../../src/store/store.ts';
import { options, signal, small, template } from '../support/office.ts';
import { homeAt, JumpingClock, Provider } from './provider.ts';

const both = template({ web: small, db: small });

/** Contracts in SLAs that are not over, as often as they are. */
async function known({ store }: { readonly store: Store }): Promise<readonly string[]> {
  const slas = await store.slas({ limit: 100 });
  const found = (await Promise.all(slas.map(({ id }) => store.findSla(id)))).flat();
  return found
    .filter(({ state }) => !isOver(state))
    .flatMap(({ machines }) => machines.map(({ contract }) => contract))
    .toSorted();
}

function standing({ state, machines }: Sla): readonly string[] {
  return [state, ...machines.map((machine) => `${machine.name} ${machine.state}`)];
}

test('what is kept in part ends no machine for which it has no other', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  const before = await office.agency.negotiate(both, options(), signal);
  provider.fates.bind = ['gone'];
  const changed = editTemplate(before.template, { set: ['db.memory=2 GiB'] });
  const after = await office.agency.renegotiate(
    before,
    { template: changed, options: options({ onFailure: 'keep' }) },
    signal,
  );
  expect(standing(after)).toEqual(['partial', 'web-1 ready', 'db-1 failed']);
  const [old] = await office.store.findSla(before.id);
  expect(old && standing(old)).toEqual(['ready', 'db-1 ready']);
  expect(old?.reason).toBe(`replaced in part by ${after.id}`);
  expect(await known(office)).toEqual([...provider.held.keys()].toSorted());
});

test('with keep, a machine of which it is not known whether it was signed is ended', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  // The calls of web and db take turns: web is signed, and is never heard of again.
  provider.fates.accept = ['lost', 'ok', 'unreachable', 'unreachable', 'unreachable'];
  const sla = await office.agency.negotiate(both, options({ onFailure: 'keep' }), signal);
  expect(standing(sla)).toEqual(['partial', 'db-1 ready']);
  expect([...provider.held.keys()]).toEqual(await known(office));
});

test('an objective that could not be ended leaves the others as they were, and is ended next time', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  const near = { ...small, place: { near: 'db (<= 5 ms)' } };
  const asked = template({ web: small, db: small, cache: near });
  const sla = await office.agency.negotiate(asked, options(), signal);
  provider.fates.withdraw = Array.from({ length: 4 }, () => 'unreachable');
  const stuck = await office.agency.withdraw(sla, { objective: 'db' }, signal);
  expect(standing(stuck)).toEqual(['ready', 'web-1 ready', 'db-1 withdrawing', 'cache-1 ready']);
  expect(stuck.reason).toContain('does not answer');
  const ended = await office.agency.withdraw(stuck, { objective: 'db' }, signal);
  expect(standing(ended)).toEqual(['ready', 'web-1 ready', 'cache-1 ready']);
  expect(ended.reason).toBeUndefined();
  expect(await known(office)).toEqual([...provider.held.keys()].toSorted());
  // Near to what is gone: the rest must be one that can still be changed.
  const changed = editTemplate(ended.template, { set: ['web.count=2'] });
  const after = await office.agency.renegotiate(
    ended,
    { template: changed, options: options() },
    signal,
  );
  expect(after.state).toBe('ready');
});

test('a machine that has the name of one that stays is not taken for it', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  const keep = options({ onFailure: 'keep' });
  provider.fates.bind = ['ok', 'gone'];
  const before = await office.agency.negotiate(both, keep, signal);
  expect(standing(before)).toEqual(['partial', 'web-1 ready', 'db-1 failed']);
  provider.fates.accept = ['ok', 'gone'];
  const changed = editTemplate(before.template, { set: ['web.count=2'] });
  const after = await office.agency.renegotiate(
    before,
    { template: changed, options: keep },
    signal,
  );
  expect(standing(after)).toEqual(['partial', 'web-1 ready', 'web-2 ready']);
  expect(await known(office)).toEqual([...provider.held.keys()].toSorted());
});

test('what could not be given back before another took its place stays in the SLA until it has ended', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one', 'other');
  await using office = await home.office();
  provider.fates.bind = ['gone'];
  provider.fates.withdraw = Array.from({ length: 4 }, () => 'unreachable');
  const sla = await office.agency.negotiate(
    template({ web: small }),
    options({ policy: 'cheapest' }),
    signal,
  );
  expect(standing(sla)).toEqual(['ready', 'web-1 ready', 'web-1 withdrawing']);
  expect(await known(office)).toEqual([...provider.held.keys()].toSorted());
  const { differences } = await examine(office, signal);
  expect(differences.map(({ kind }) => kind)).toEqual(['unended']);
  const { mended, left } = await repair(office, differences, { signal, nowMs: Date.now() });
  expect([mended.length, left.length]).toEqual([1, 0]);
  const [after] = await office.store.findSla(sla.id);
  expect(after && standing(after)).toEqual(['ready', 'web-1 ready']);
  expect((await examine(office, signal)).differences).toEqual([]);
  expect(await known(office)).toEqual([...provider.held.keys()]);
});

test('an SLA that was given up is not over before what it left has ended', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  provider.fates.bind = ['gone'];
  provider.fates.withdraw = Array.from({ length: 4 }, () => 'unreachable');
  const sla = await office.agency.negotiate(
    template({ web: small }),
    options({ policy: 'cheapest', accept: 'ask' }),
    signal,
  );
  const dearer = await office.agency.accept(sla, signal);
  expect(standing(dearer)).toEqual(['proposed', 'web-1 withdrawing']);
  const refused = await office.agency.refuse(dearer, 'too dear', signal);
  expect(standing(refused)).toEqual(['withdrawing', 'web-1 withdrawing']);
  expect(standing(await office.agency.withdraw(refused, {}, signal))).toEqual(['ended']);
  expect(provider.held.size).toBe(0);
});

test('a machine that was signed without our knowing is ours as soon as it is known', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  provider.fates.accept = ['lost', 'unreachable', 'unreachable', 'unreachable'];
  provider.fates.withdraw = Array.from({ length: 4 }, () => 'unreachable');
  const rollback = options({ onFailure: 'rollback' });
  const sla = await office.agency.negotiate(template({ web: small }), rollback, signal);
  expect(standing(sla)).toEqual(['withdrawing', 'web-1 withdrawing']);
  expect(await known(office)).toEqual([...provider.held.keys()]);
});

test('what a vendor may hold is said, as long as it is not certain that it holds nothing', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  provider.fates.accept = ['lost', 'unreachable', 'unreachable', 'unreachable', 'denied'];
  const rollback = options({ onFailure: 'rollback' });
  const sla = await office.agency.negotiate(template({ web: small }), rollback, signal);
  expect(standing(sla)).toEqual(['ended']);
  expect(sla.reason).toContain('one may hold a machine as web-1');
  const { differences } = await examine(office, signal);
  expect(differences.map(({ kind }) => kind)).toEqual(['leaked']);
});

test('what was certainly not signed is not signed in order to be ended', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  const calls: string[] = [];
  provider.onCall = (method) => calls.push(method);
  provider.fates.accept = ['gone'];
  const rollback = options({ onFailure: 'rollback' });
  const sla = await office.agency.negotiate(template({ web: small }), rollback, signal);
  expect(standing(sla)).toEqual(['ended']);
  expect(calls).toEqual(['bid', 'accept']);
});

test('with keep, what was signed without our knowing and cannot be ended stays in the SLA', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  await using office = await home.office();
  provider.fates.accept = ['lost', 'ok', 'unreachable', 'unreachable', 'unreachable'];
  provider.fates.withdraw = Array.from({ length: 4 }, () => 'unreachable');
  const sla = await office.agency.negotiate(both, options({ onFailure: 'keep' }), signal);
  expect(standing(sla)).toEqual(['partial', 'db-1 ready', 'web-1 withdrawing']);
  expect(await known(office)).toEqual([...provider.held.keys()].toSorted());
});

test('an answer that was given up is not taken for the answer to a later order', async () => {
  const provider = new Provider();
  await using home = await homeAt(provider, 'one');
  const clock = new JumpingClock();
  const cancelled = Promise.withResolvers<void>();
  await using office = await home.office({
    clock,
    report: (event) => {
      if (event.kind === 'message' && event.message.message.name === 'cancel') cancelled.resolve();
    },
  });
  // The machine starts all the while, is given up meanwhile, and cannot be ended.
  provider.onCall = async (method) => {
    if (method !== 'bind') return;
    clock.jump(2 * 3_600_000);
    await cancelled.promise;
  };
  provider.fates.withdraw = Array.from({ length: 4 }, () => 'unreachable');
  const cheapest = options({ policy: 'cheapest' });
  const sla = await office.agency.negotiate(template({ web: small }), cheapest, signal);
  expect(standing(sla)).toEqual(['failed-proposal', 'web-1 withdrawing']);
  expect(await known(office)).toEqual([...provider.held.keys()]);
});
