import { expect, test } from 'vitest';
import { compose } from '../../../src/negotiation/compose/compose.ts';
import type { Refusal } from '../../../src/sla/proposal.ts';
import { anywhere, market, objective, proposal } from './market.ts';

const shop = [objective('web', { count: 3 }), objective('db')];

test('a budget that cannot be kept is overshot as little as possible, and said with both figures', () => {
  const proposals = ['web', 'db'].flatMap((name) => [
    proposal(`${name}-cheap`, { objective: name, usd: 0.2 }),
    proposal(`${name}-fast`, { objective: name, usd: 0.4, predicted: { cpuSpeed: 9, bindMs: 1 } }),
  ]);
  const { composite } = compose(market(shop, proposals, { budgetUsd: 0.6 }));
  expect(composite).toMatchObject({
    status: 'FAILURE',
    pricePerHour: { micros: 800_000 },
    shortfalls: [
      { kind: 'budget', detail: 'asked 0.600 USD/h at most, the cheapest is 0.800 USD/h' },
    ],
  });
  expect(composite.parts).toHaveLength(4);
});

test('as many machines as possible are served when proposals are too few', () => {
  const proposals = [proposal('w', { units: 2 }), proposal('d', { objective: 'db' })];
  const { composite } = compose(market(shop, proposals));
  expect(composite.parts.map((part) => part.machine)).toEqual(['web-1', 'web-2', 'db-1']);
  expect(composite.shortfalls).toEqual([
    { objective: 'web', kind: 'too-few', detail: 'asked 3, all proposals together serve 2' },
  ]);
});

test('an objective that nobody serves is failed with every refusal', () => {
  const refusal: Refusal = {
    kind: 'refusal',
    vendor: 'kvm',
    objective: 'db',
    reason: 'capacity',
    detail: '8 vCPUs asked, 3 free',
  };
  const input = market(shop, [proposal('w')]);
  const answers = [...input.answers, { objective: 'db', proposals: [], refusals: [refusal] }];
  expect(compose({ ...input, answers }).composite.shortfalls).toEqual([
    {
      objective: 'db',
      kind: 'no-proposal',
      detail: 'asked 1, offered none (kvm: capacity, 8 vCPUs asked, 3 free)',
    },
  ]);
});

test('a template without any answer fails, and says so for each objective', () => {
  const { composite } = compose({ ...market(shop, []), answers: [] });
  expect(composite.parts).toEqual([]);
  expect(composite.pricePerHour).toEqual({ micros: 0, currency: 'USD' });
  expect(composite.shortfalls.map((one) => one.detail)).toEqual([
    'asked 3, offered none (no vendor answered)',
    'asked 1, offered none (no vendor answered)',
  ]);
});

test('capacity that falls short names the resource, what is left and what one machine takes', () => {
  const uses = [{ resource: 'cpu', amount: 2, available: 5 }];
  const { composite } = compose(
    market([objective('web', { count: 3 })], [proposal('w', { uses })]),
  );
  expect(composite.shortfalls).toEqual([
    {
      objective: 'web',
      kind: 'capacity',
      detail: 'asked 3, served 2: cpu of kvm has 1 left, one takes 2',
    },
  ]);
});

test('apart is given up before a machine is left out', () => {
  const web = objective('web', { count: 3, place: { ...anywhere, apart: 'site' } });
  const proposals = [proposal('n'), proposal('s', { site: 'eu-south' })];
  const { composite } = compose(market([web], proposals));
  expect(composite.parts).toHaveLength(3);
  expect(composite.shortfalls).toEqual([
    {
      objective: 'web',
      kind: 'apart',
      detail: expect.stringMatching(/^asked at most one at eu-(north|south), there are 2$/),
    },
  ]);
});

test('together is given up where no site has units for all', () => {
  const web = objective('web', { count: 2, place: { ...anywhere, together: 'site' } });
  const proposals = [proposal('n', { units: 1 }), proposal('s', { site: 'eu-south', units: 1 })];
  expect(compose(market([web], proposals)).composite.shortfalls).toEqual([
    {
      objective: 'web',
      kind: 'together',
      detail: 'asked all in one site, no site serves 2: kvm eu-north; kvm eu-south',
    },
  ]);
});

test('near is given up with the places and their latency', () => {
  const web = objective('web', { place: { ...anywhere, near: { objective: 'db', withinMs: 5 } } });
  const sites = [{ vendor: 'kvm', sites: [{ name: 'eu-north', latencyMs: { 'eu-south': 30 } }] }];
  const proposals = [proposal('w'), proposal('d', { objective: 'db', site: 'eu-south' })];
  const { composite } = compose(market([web, objective('db')], proposals, { sites }));
  expect(composite.shortfalls).toEqual([
    {
      objective: 'web',
      kind: 'near',
      detail: 'asked within 5 ms of db: kvm eu-north and kvm eu-south are 30 ms apart',
    },
  ]);
});

test('the budget is given up before near', () => {
  const web = objective('web', { place: { ...anywhere, near: { objective: 'db', withinMs: 5 } } });
  const proposals = [
    proposal('w', { usd: 0.1 }),
    proposal('x', { site: 'eu-south', usd: 0.9 }),
    proposal('d', { objective: 'db', site: 'eu-south' }),
  ];
  const { composite } = compose(market([web, objective('db')], proposals, { budgetUsd: 0.5 }));
  expect(composite.shortfalls.map((one) => one.kind)).toEqual(['budget']);
  expect(composite.pricePerHour.micros).toBe(1_000_000);
});
