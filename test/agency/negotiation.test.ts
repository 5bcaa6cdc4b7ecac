import { expect, test } from 'vitest';
import { examine } from '../../src/agency/doctor.ts';
import { isFailure } from '../../src/base/failure.ts';
import { exchange, homeWith, options, signal, small, template } from '../support/office.ts';

const web = { web: { ...small, count: 3, place: { apart: 'host' } } };

test('what meets the template becomes machines, and every loser is told', async () => {
  await using home = await homeWith({ east: {}, west: { seed: 2 } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(template({ ...web, db: small }), options(), signal);
  expect(sla.state).toBe('ready');
  expect(sla.machines.map(({ name, state }) => [name, state])).toEqual([
    ['web-1', 'ready'],
    ['web-2', 'ready'],
    ['web-3', 'ready'],
    ['db-1', 'ready'],
  ]);
  const said = exchange(await office.store.trace(sla.conversation));
  const winners = new Set(
    sla.machines.map(({ vendor, objective }) => `vendor:${vendor}:${objective}`),
  );
  for (const agent of ['vendor:east:web', 'vendor:west:web', 'vendor:east:db', 'vendor:west:db']) {
    const answer = winners.has(agent) ? 'accept_proposal' : 'reject_proposal';
    expect(said).toContain(`${answer} negotiator>${agent}`);
  }
  expect((await examine(office, signal)).differences).toEqual([]);
});

test('nothing starts before all have signed', async () => {
  await using home = await homeWith({ east: {} });
  await using office = await home.office();
  const sla = await office.agency.negotiate(template({ ...web, db: small }), options(), signal);
  const said = exchange(await office.store.trace(sla.conversation));
  const lastSigned = said.lastIndexOf('accept_proposal negotiator>vendor:east:db');
  const firstStart = said.findIndex((line) => line.startsWith('request '));
  const signatures = said.slice(0, firstStart).filter((line) => line.startsWith('inform_done '));
  expect(lastSigned).toBeLessThan(firstStart);
  expect(signatures).toHaveLength(2);
});

test('a silent vendor costs no more than the deadline, and the others are heard', async () => {
  await using home = await homeWith({
    good: {},
    mute: { faults: [{ kind: 'silent', on: 'bid' }] },
  });
  await using office = await home.office();
  const startedMs = Date.now();
  const sla = await office.agency.negotiate(
    template({ ...web, db: small, cache: small }),
    options({ replyWithinMs: 300 }),
    signal,
  );
  expect(sla.state).toBe('ready');
  expect(new Set(sla.machines.map(({ vendor }) => vendor))).toEqual(new Set(['good']));
  // Three objectives one after the other would take three deadlines, and then some.
  expect(Date.now() - startedMs).toBeLessThan(5_000);
  const [record] = (await office.store.vendorRecords()).filter(({ vendor }) => vendor === 'mute');
  expect(record?.late).toBe(3);
});

test('a proposal after the deadline is rejected as late', async () => {
  const faults = [{ kind: 'slow', on: 'bid', ms: 400 }];
  await using home = await homeWith({ good: {}, slow: { faults } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(
    template({ db: small }),
    options({ replyWithinMs: 150, accept: 'ask' }),
    signal,
  );
  expect(sla.state).toBe('proposed');
  expect(sla.composite.parts.map(({ proposal }) => proposal.vendor)).toEqual(['good']);
});

test('a template that nobody meets ends in a failed proposal with reasons, which can be accepted', async () => {
  await using home = await homeWith({ east: {} });
  await using office = await home.office();
  const asked = template({ ...web, db: small }, { limits: { price: '0.001 USD/h' } });
  const sla = await office.agency.negotiate(asked, options(), signal);
  expect(sla.state).toBe('failed-proposal');
  expect(sla.composite.shortfalls.map(({ kind }) => kind)).toContain('budget');
  const accepted = await office.agency.accept(sla, signal);
  expect(accepted.state).toBe('ready');
});

test('when a machine cannot start, another proposal takes its place', async () => {
  const faults = [{ kind: 'capacity-gone', on: 'bind', times: 1 }];
  await using home = await homeWith({
    cheap: { faults, reservationPercent: 50 },
    other: { seed: 5 },
  });
  await using office = await home.office();
  const sla = await office.agency.negotiate(template({ db: small, web: small }), options(), signal);
  expect(sla.state).toBe('ready');
  expect(sla.machines.every(({ state }) => state === 'ready')).toBe(true);
  expect((await examine(office, signal)).differences).toEqual([]);
});

test('when a vendor cannot sign, those that have signed start once its part is replaced', async () => {
  const faults = [{ kind: 'unreachable', on: 'accept', times: 4 }];
  await using home = await homeWith({ good: {}, lame: { faults } });
  await using office = await home.office();
  const objectives = {
    web: { ...small, place: { vendors: ['good'] } },
    db: { ...small, place: { vendors: ['lame'] } },
  };
  const sla = await office.agency.negotiate(
    template(objectives),
    options({ policy: 'cheapest' }),
    signal,
  );
  expect(sla.state).toBe('ready');
  expect(sla.machines.map(({ name, state }) => [name, state])).toEqual([
    ['web-1', 'ready'],
    ['db-1', 'ready'],
  ]);
  expect(sla.machines.every(({ binding }) => binding !== undefined)).toBe(true);
  expect((await examine(office, signal)).differences).toEqual([]);
});

test('with rollback, what was signed is given back when one cannot start', async () => {
  const faults = [{ kind: 'capacity-gone', on: 'bind', times: 1 }];
  await using home = await homeWith({ east: { faults } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(
    template({ ...web, db: small }),
    options({ onFailure: 'rollback' }),
    signal,
  );
  expect(sla.state).toBe('ended');
  expect(sla.reason).toContain('VENDOR.CAPACITY_GONE');
  const { held, differences } = await examine(office, signal);
  expect(held).toEqual({ east: 0 });
  expect(differences).toEqual([]);
});

test('with keep, what runs stays and the SLA is partial', async () => {
  const faults = [{ kind: 'capacity-gone', on: 'bind', times: 1 }];
  await using home = await homeWith({ east: { faults } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(
    template({ ...web, db: small }),
    options({ onFailure: 'keep' }),
    signal,
  );
  expect(sla.state).toBe('partial');
  expect(sla.machines.filter(({ state }) => state === 'ready')).toHaveLength(3);
  const ended = await office.agency.withdraw(sla, {}, signal);
  expect(ended.state).toBe('ended');
  expect((await examine(office, signal)).held).toEqual({ east: 0 });
});

test('a price that moved ends the SLA and leaves nothing signed', async () => {
  const faults = [{ kind: 'price-moved', on: 'accept', times: 1, after: 1 }];
  await using home = await homeWith({ east: { faults } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(template({ ...web, db: small }), options(), signal);
  expect(sla.state).toBe('expired');
  expect(sla.reason).toContain('VENDOR.PRICE_MOVED');
  expect((await examine(office, signal)).held).toEqual({ east: 0 });
});

test('an answer that was lost leads to the same machine, not to a second one', async () => {
  const faults = [
    { kind: 'loses-answer', on: 'accept', times: 2 },
    { kind: 'loses-answer', on: 'bind', times: 2 },
    { kind: 'loses-answer', on: 'withdraw', times: 1 },
  ];
  await using home = await homeWith({ east: { faults } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(template({ ...web, db: small }), options(), signal);
  expect(sla.state).toBe('ready');
  expect((await examine(office, signal)).held).toEqual({ east: 4 });
  await office.agency.withdraw(sla, {}, signal);
  expect((await examine(office, signal)).held).toEqual({ east: 0 });
});

test('a vendor that answers twice and lists late is dealt with as any other', async () => {
  const faults = [
    { kind: 'answers-twice', on: 'bid' },
    { kind: 'answers-twice', on: 'contracts' },
    { kind: 'list-lag', ms: 0, listings: 2 },
  ];
  await using home = await homeWith({ east: { faults } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(template(web), options(), signal);
  expect(sla.state).toBe('ready');
  expect(new Set(sla.machines.map(({ contract }) => contract)).size).toBe(3);
});

test('rounds of bargaining bring the price down', async () => {
  await using home = await homeWith({ east: { concedes: 'conceder' } });
  await using office = await home.office();
  const once = await office.agency.negotiate(
    template({ db: small }),
    options({ accept: 'ask' }),
    signal,
  );
  const often = await office.agency.negotiate(
    template({ db: small }),
    options({ accept: 'ask', rounds: 6 }),
    signal,
  );
  expect(often.composite.pricePerHour.micros).toBeLessThan(once.composite.pricePerHour.micros);
});

test('a refused proposal is refused at every vendor', async () => {
  await using home = await homeWith({ east: {}, west: { seed: 2 } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(
    template({ db: small }),
    options({ accept: 'ask' }),
    signal,
  );
  const refused = await office.agency.refuse(sla, 'too dear', signal);
  expect([refused.state, refused.reason]).toEqual(['refused', 'too dear']);
  const said = exchange(await office.store.trace(sla.conversation));
  expect(said.filter((line) => line.startsWith('reject_proposal negotiator>vendor'))).toHaveLength(
    2,
  );
});

test('an SLA that is over cannot be accepted', async () => {
  await using home = await homeWith({ east: {} });
  await using office = await home.office();
  const sla = await office.agency.negotiate(
    template({ db: small }),
    options({ accept: 'ask' }),
    signal,
  );
  const refused = await office.agency.refuse(sla, 'no', signal);
  const thrown = await office.agency.accept(refused, signal).catch((error: unknown) => error);
  expect(isFailure(thrown) && thrown.code).toBe('SLA.WRONG_STATE');
});

test('a proposal that expired is not signed any more', async () => {
  await using home = await homeWith({ east: { proposalValidMs: 60 } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(
    template({ db: small }),
    options({ accept: 'ask' }),
    signal,
  );
  while (Date.now() <= sla.composite.validUntilMs) await new Promise((go) => setImmediate(go));
  const late = await office.agency.accept(sla, signal);
  expect(late.state).toBe('expired');
  expect((await examine(office, signal)).held).toEqual({ east: 0 });
});

test('another process accepts what this one negotiated', async () => {
  await using home = await homeWith({ east: {} });
  const sla = await (async () => {
    await using first = await home.office();
    return await first.agency.negotiate(template(web), options({ accept: 'ask' }), signal);
  })();
  await using second = await home.office();
  expect((await second.agency.accept(sla, signal)).state).toBe('ready');
});
