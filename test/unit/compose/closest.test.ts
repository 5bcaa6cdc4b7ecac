import { expect, test } from 'vitest';
import { compose, composing } from '../../../src/negotiation/compose/compose.ts';
import { composeSync } from '../../../src/negotiation/compose/search/search.ts';
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

test('a search that ended early is told as such beside what the closest contract lacks', () => {
  const steps = composing(market([objective('web')], [proposal('w')], { budgetUsd: 0.05 }));
  let step = steps.next();
  step = steps.next({ at: 'none', proven: false });
  while (step.done !== true) step = steps.next(composeSync(step.value));
  expect(step.value.composite.shortfalls.map((one) => one.kind)).toEqual(['budget', 'time-limit']);
});

test('what looked infeasible only because time ran out may be met after all', () => {
  const steps = composing(market([objective('web')], [proposal('w')]));
  let step = steps.next();
  step = steps.next({ at: 'none', proven: false });
  while (step.done !== true) step = steps.next(composeSync(step.value));
  expect(step.value.composite).toMatchObject({ status: 'OK', shortfalls: [] });
});

test('kept machines stay even when no solver finds anything in time', () => {
  const kept = [{ machine: 'web-1', objective: 'web', proposal: proposal('old'), unit: 0 }];
  const web = objective('web', { count: 2 });
  const steps = composing(market([web], [proposal('w')], { kept }));
  let step = steps.next();
  while (step.done !== true) step = steps.next({ at: 'none', proven: false });
  expect(step.value.composite).toMatchObject({
    status: 'FAILURE',
    parts: [{ machine: 'web-1' }],
    proof: { kind: 'time-limit' },
  });
});

test('a gap of the closest contract is told in its own price', () => {
  const web = objective('web', { count: 2 });
  const steps = composing(market([web], [proposal('w', { units: 1 })]));
  let step = steps.next();
  step = steps.next({ at: 'none', proven: true });
  while (step.done !== true) {
    const solution = composeSync(step.value);
    if (solution.at !== 'found') throw new Error('going without is always possible');
    step = steps.next({ ...solution, bound: solution.bound - 1 });
  }
  expect(step.value.composite.proof.kind).toBe('time-limit');
  expect(step.value.composite.proof.gapPercent).toBeLessThan(1);
});

test('an answer without a usable proposal is told by what was wrong with each', () => {
  const short = { cpus: 1, memoryMiB: 4096, diskGiB: 20, image: 'debian-12' };
  const { composite } = compose(market([objective('web')], [proposal('w', { offered: short })]));
  expect(composite.shortfalls[0]?.detail).toBe(
    'asked 1, offered none (kvm shape-w: offers 1 cpus, asked 2)',
  );
});

test('demands of one kind are kept one by one where all of them cannot be', () => {
  const place = { ...anywhere, apart: 'site' as const };
  const objectives = [objective('web', { count: 2, place }), objective('db', { count: 2, place })];
  const proposals = [
    proposal('w1'),
    proposal('d1', { objective: 'db' }),
    proposal('d2', { objective: 'db', site: 'eu-south' }),
  ];
  const { composite } = compose(market(objectives, proposals));
  expect(composite.parts).toHaveLength(4);
  expect(composite.shortfalls.map((one) => [one.objective, one.kind])).toEqual([['web', 'apart']]);
});
