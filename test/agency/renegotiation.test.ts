import { expect, test } from 'vitest';
import { examine } from '../../src/agency/doctor.ts';
import { editTemplate, type TemplateEdits } from '../../src/sla/edit.ts';
import type { Sla } from '../../src/sla/sla.ts';
import { exchange, homeWith, options, signal, small, template } from '../support/office.ts';

const shop = template({ web: { ...small, count: 2, place: { apart: 'host' } }, db: small });

async function ready(run: (at: Ready) => Promise<void>): Promise<void> {
  await using home = await homeWith({ east: {}, west: { seed: 2 } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(shop, options(), signal);
  expect(sla.state).toBe('ready');
  const change = (edits: TemplateEdits) =>
    office.agency.renegotiate(
      sla,
      { template: editTemplate(sla.template, edits), options: options() },
      signal,
    );
  await run({ sla, office, change });
}

interface Ready {
  readonly sla: Sla;
  readonly office: Awaited<ReturnType<Awaited<ReturnType<typeof homeWith>>['office']>>;
  readonly change: (edits: TemplateEdits) => Promise<Sla>;
}

function contracts({ machines }: Sla, objective: string): readonly string[] {
  return machines
    .filter((machine) => machine.objective === objective)
    .map(({ contract }) => contract);
}

async function heldInAll({ office }: Ready): Promise<number> {
  const { held, differences } = await examine(office, signal);
  expect(differences).toEqual([]);
  return Object.values(held).reduce((sum, count) => sum + count, 0);
}

test('a changed objective gets new machines, the others keep theirs, and the old part ends', () =>
  ready(async (at) => {
    const after = await at.change({ set: ['db.memory=2 GiB'] });
    expect(after.state).toBe('ready');
    expect(after.replaces).toBe(at.sla.id);
    expect(contracts(after, 'web')).toEqual(contracts(at.sla, 'web'));
    expect(contracts(after, 'db')).not.toEqual(contracts(at.sla, 'db'));
    const [old] = await at.office.store.findSla(at.sla.id);
    expect(old?.state).toBe('ended');
    expect(await heldInAll(at)).toBe(3);
  }));

test('a higher count adds machines beside those there are, on other hosts', () =>
  ready(async (at) => {
    const after = await at.change({ set: ['web.count=4'] });
    expect(after.state).toBe('ready');
    expect(contracts(after, 'web').slice(0, 2)).toEqual(contracts(at.sla, 'web'));
    const web = after.machines.filter(({ objective }) => objective === 'web');
    expect(web.map(({ name }) => name)).toEqual(['web-1', 'web-2', 'web-3', 'web-4']);
    const hosts = web.map(({ vendor, binding }) => `${vendor} ${binding?.host}`);
    expect(new Set(hosts).size).toBe(4);
    expect(await heldInAll(at)).toBe(5);
  }));

test('a lower count ends the last ones', () =>
  ready(async (at) => {
    const after = await at.change({ set: ['web.count=1'] });
    expect(contracts(after, 'web')).toEqual(contracts(at.sla, 'web').slice(0, 1));
    expect(await heldInAll(at)).toBe(2);
  }));

test('objectives can be added and dropped in one go', () =>
  ready(async (at) => {
    const text = 'cache: { cpus: 1, memory: 1 GiB, image: debian-12 }';
    const after = await at.change({ drop: ['db'], add: [{ text, file: 'cache.yaml' }] });
    expect(after.template.objectives.map(({ name }) => name)).toEqual(['web', 'cache']);
    expect(after.machines).toHaveLength(3);
    expect(await heldInAll(at)).toBe(3);
  }));

test('the new machines run before the old ones end', () =>
  ready(async (at) => {
    const after = await at.change({ set: ['db.memory=2 GiB'] });
    const said = exchange(await at.office.store.trace(after.conversation));
    const started = said.findLastIndex((line) => line.startsWith('request negotiator>vendor:'));
    const ended = said.findIndex((line) => line.startsWith('cancel negotiator>vendor:'));
    expect(started).toBeGreaterThan(-1);
    expect(ended).toBeGreaterThan(started);
  }));

test('a renegotiation that nobody can meet leaves the old SLA as it was', () =>
  ready(async (at) => {
    const after = await at.change({ set: ['limits.price=0.001 USD/h', 'db.memory=2 GiB'] });
    expect(after.state).toBe('failed-proposal');
    await at.office.agency.refuse(after, 'no', signal);
    const [old] = await at.office.store.findSla(at.sla.id);
    expect(old?.state).toBe('ready');
    expect(await heldInAll(at)).toBe(3);
  }));

test('one objective can be withdrawn, and the rest afterwards', () =>
  ready(async (at) => {
    const part = await at.office.agency.withdraw(at.sla, { objective: 'web' }, signal);
    expect([part.state, part.machines.map(({ name }) => name)]).toEqual(['ready', ['db-1']]);
    expect(await heldInAll(at)).toBe(1);
    const whole = await at.office.agency.withdraw(part, {}, signal);
    expect(whole.state).toBe('ended');
    expect(await heldInAll(at)).toBe(0);
  }));

test('a proposal that is not yet accepted is renegotiated by a revised call', async () => {
  await using home = await homeWith({ east: {} });
  await using office = await home.office();
  const before = await office.agency.negotiate(shop, options({ accept: 'ask' }), signal);
  const changed = editTemplate(before.template, { set: ['web.count=1'] });
  const after = await office.agency.renegotiate(
    before,
    { template: changed, options: options({ accept: 'ask' }) },
    signal,
  );
  expect([after.id, after.state, after.composite.parts.length]).toEqual([before.id, 'proposed', 2]);
  const said = exchange(await office.store.trace(after.conversation));
  expect(said.filter((line) => line === 'cfp client>negotiator')).toHaveLength(2);
});

test('what a vendor could not end stays in the SLA and is ended next time', async () => {
  const faults = [{ kind: 'unreachable', on: 'withdraw', times: 4 }];
  await using home = await homeWith({ east: { faults } });
  await using office = await home.office();
  const sla = await office.agency.negotiate(template({ db: small }), options(), signal);
  const stuck = await office.agency.withdraw(sla, {}, signal);
  expect(stuck.state).toBe('withdrawing');
  expect(stuck.machines).toHaveLength(1);
  const gone = await office.agency.withdraw(stuck, {}, signal);
  expect(gone.state).toBe('ended');
  expect((await examine(office, signal)).held).toEqual({ east: 0 });
});

test('a change within the agreed bounds needs no second acceptance, one beyond them does', async () => {
  await using home = await homeWith({ east: {} });
  await using office = await home.office();
  const amend = { memory: { upTo: '4 GiB', for: '+0.05 USD/h' } };
  const asked = template({ db: { ...small, amend } });
  const change = async (edit: string) => {
    const sla = await office.agency.negotiate(asked, options(), signal);
    const changed = editTemplate(sla.template, { set: [edit] });
    const asking = options({ accept: 'ask' });
    return await office.agency.renegotiate(sla, { template: changed, options: asking }, signal);
  };
  expect((await change('db.memory=4 GiB')).state).toBe('ready');
  expect((await change('db.cpus=2')).state).toBe('proposed');
});

test('refusing a dearer substitute gives back what had been signed', async () => {
  const faults = [{ kind: 'capacity-gone', on: 'bind', times: 1, after: 1 }];
  await using home = await homeWith({ east: { faults } });
  await using office = await home.office();
  const only = { web: { ...small, count: 2, place: { apart: 'host' } } };
  const before = await office.agency.negotiate(template(only), options({ accept: 'ask' }), signal);
  const again = await office.agency.accept(before, signal);
  if (again.state === 'proposed') {
    expect(again.machines).toHaveLength(1);
    const refused = await office.agency.refuse(again, 'too dear', signal);
    expect(refused.state).toBe('refused');
    expect((await examine(office, signal)).held).toEqual({ east: 0 });
  } else expect(again.state).toBe('ready');
});
