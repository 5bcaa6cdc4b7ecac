/** What the Cloud Agency's prototype does (CLOSER 2011, section 6), by the same protocol. */
import { expect, test } from 'vitest';
import { options, signal, small, template } from '../support/office.ts';
import { played, waiting } from './rehearsal.ts';

test('a template that is not met is proposed in status FAILURE with reasons, and may be accepted', async () => {
  await using run = await played({ limits: { price: '0.001 USD/h' } });
  expect(run.sla.state).toBe('failed-proposal');
  expect(run.sla.composite.status).toBe('FAILURE');
  expect(run.sla.composite.shortfalls.map(({ kind }) => kind)).toEqual(['budget']);
  const accepted = await run.office.agency.accept(run.sla, signal);
  expect(accepted.state).toBe('ready');
  expect(await run.said()).toHaveLength(22);
});

test('an objective that its vendor can serve only in part is a shortfall', async () => {
  const host = { class: 'eco', count: 1, cpus: 4, memoryMiB: 16_384, diskGiB: 100 };
  const sites = [{ name: 'eu-tiny', hosts: [host] }];
  await using run = await waiting({
    objectives: { web: { ...small, cpus: 2, count: 3 } },
    vendors: { small: { sites }, vast: {} },
  });
  expect(run.sla.state).toBe('failed-proposal');
  expect(run.sla.composite.shortfalls.map(({ kind }) => kind)).toContain('capacity');
  expect(new Set(run.sla.composite.parts.map(({ proposal }) => proposal.vendor))).toEqual(
    new Set(['small']),
  );
});

test('one objective of a composite can be withdrawn, then all of it', async () => {
  await using run = await played();
  const less = await run.office.agency.withdraw(run.sla, { objective: 'web' }, signal);
  expect(less.machines.map(({ name }) => name)).toEqual(['db-1']);
  expect(await run.held()).toBe(1);
  const ended = await run.office.agency.withdraw(less, {}, signal);
  expect(ended.state).toBe('ended');
  expect(await run.held()).toBe(0);
});

test('a running SLA is changed by negotiating the new one, then withdrawing the old', async () => {
  await using run = await played();
  const bigger = { web: small, db: { ...small, memory: '2 GiB' } };
  const changed = await run.office.agency.renegotiate(
    run.sla,
    { template: template(bigger), options: options({ model: 'cloud-agency' }) },
    signal,
  );
  expect(changed.state).toBe('ready');
  const trace = await run.office.store.trace(changed.conversation);
  const said = trace.map(({ message: { name, from, to } }) => `${name} ${from.id}>${to.id}`);
  // Only what changed is negotiated anew, and ended after the new SLA is signed.
  expect(said).toHaveLength(14 + 4);
  expect(said.slice(-5)).toEqual([
    'inform negotiator>client',
    'cancel negotiator>mediator',
    'cancel mediator>vendor:east:db',
    'inform_done vendor:east:db>mediator',
    'inform_done mediator>negotiator',
  ]);
  const [old] = await run.office.store.findSla(run.sla.id);
  expect([old?.state, old?.reason]).toEqual(['ended', `replaced by ${changed.id}`]);
  expect(await run.held()).toBe(2);
});

test('a vendor that fails leaves nothing of what others have signed', async () => {
  const faults = [{ kind: 'capacity-gone', on: 'bind' }];
  const objectives = {
    web: { ...small, place: { vendors: ['east'] } },
    db: { ...small, place: { vendors: ['west'] } },
    cache: { ...small, place: { vendors: ['east'] } },
  };
  await using run = await played({ objectives, vendors: { east: {}, west: { faults } } });
  expect(run.sla.state).toBe('ended');
  const said = await run.said();
  expect(said).toContain('cancel mediator>vendor:east:web');
  expect(said).toContain('cancel mediator>vendor:west:db');
  // It was never accepted, so its offer is let go.
  expect(said).toContain('reject_proposal mediator>vendor:east:cache');
  expect(await run.held()).toBe(0);
});

test('what cannot be given back stays in the SLA, and is ended by a later withdrawal', async () => {
  const vendors = {
    east: { faults: [{ kind: 'unreachable', on: 'withdraw', times: 4 }] },
    west: { faults: [{ kind: 'capacity-gone', on: 'bind' }] },
  };
  const objectives = {
    web: { ...small, place: { vendors: ['east'] } },
    db: { ...small, place: { vendors: ['west'] } },
  };
  await using run = await played({ objectives, vendors });
  expect(run.sla.state).toBe('withdrawing');
  expect(run.sla.machines.map(({ name, state }) => [name, state])).toEqual([
    ['web-1', 'withdrawing'],
  ]);
  const ended = await run.office.agency.withdraw(run.sla, {}, signal);
  expect(ended.state).toBe('ended');
  expect(await run.held()).toBe(0);
});
