import { expect, test } from 'vitest';
import type { ComposeInput } from '../../../src/negotiation/compose/build.ts';
import { compose } from '../../../src/negotiation/compose/compose.ts';
import { explainLosers } from '../../../src/negotiation/compose/explain.ts';
import { latencyMs } from '../../../src/negotiation/compose/places.ts';
import { matchesPattern } from '../../../src/sla/place.ts';
import { anywhere, market, objective, proposal } from './market.ts';

const reasons = (input: ComposeInput): Readonly<Record<string, string>> => {
  const { composite, sla } = compose(input);
  const losers = explainLosers(sla, composite, input.records);
  return Object.fromEntries(losers.map(({ proposal: { id }, reason }) => [id, reason]));
};

const fast = { predicted: { cpuSpeed: 2, bindMs: 1 } };

test('a dearer and a slower proposal are told by how much', () => {
  const proposals = [
    proposal('won', { usd: 0.1, ...fast }),
    proposal('dear', { usd: 0.15, ...fast }),
    proposal('slow', { usd: 0.1, predicted: { cpuSpeed: 1.5, bindMs: 1 } }),
  ];
  expect(reasons(market([objective('web')], proposals))).toEqual({
    dear: 'dearer by 0.050 USD/h than kvm shape-won in eu-north at 0.100 USD/h',
    slow: 'slower, 1.5 against 2 than kvm shape-won in eu-north at 0.100 USD/h',
  });
});

test('of two equal proposals the first wins, and the other is outdone by it', () => {
  const proposals = [proposal('one'), proposal('two')];
  expect(reasons(market([objective('web')], proposals))['two']).toBe(
    'outdone by kvm shape-one in eu-north at 0.100 USD/h, which weighs no worse and takes no more',
  );
});

test('what would break the budget is told by how much', () => {
  const proposals = [
    proposal('won', { usd: 0.1 }),
    proposal('fast', { usd: 0.12, predicted: { cpuSpeed: 9, bindMs: 1 } }),
  ];
  const prefer = { price: 1, speed: 9, trust: 0 };
  const input = market([objective('web')], proposals, { budgetUsd: 0.11 });
  const eager = { ...input, template: { ...input.template, prefer } };
  expect(reasons(eager)['fast']).toBe('over the budget by 0.010 USD/h');
});

test('what finds no capacity is told what is left', () => {
  const cpu = { resource: 'cpu', amount: 2, available: 2 };
  const proposals = [
    proposal('web', { uses: [cpu], usd: 0.1 }),
    proposal('other', { vendor: 'aws', usd: 0.5 }),
    proposal('db', { objective: 'db', uses: [cpu], usd: 0.1 }),
    proposal('dear', { objective: 'db', vendor: 'aws', usd: 0.15 }),
  ];
  expect(reasons(market([objective('web'), objective('db')], proposals))['db']).toBe(
    'capacity: cpu of kvm has 0 left, one takes 2',
  );
});

test('apart, together and near are told as such', () => {
  const web = objective('web', { count: 2, place: { ...anywhere, apart: 'site' } });
  const sites = ['a', 'b'].map((site, n) => proposal(`${site}1`, { site, usd: 0.1 + n }));
  const cheaper = proposal('again', { site: 'a', usd: 0.3, units: 1 });
  expect(reasons(market([web], [...sites, cheaper]))['again']).toBe(
    'apart: another machine is at a',
  );

  const pair = objective('web', { count: 2, place: { ...anywhere, together: 'vendor' } });
  const single = proposal('single', { vendor: 'aws', usd: 0.01, units: 1 });
  expect(reasons(market([pair], [proposal('both'), single]))['single']).toBe(
    'together: the other machines are elsewhere',
  );

  const near = { objective: 'db', withinMs: 5 };
  const close = objective('web', { place: { ...anywhere, near } });
  const far = [
    proposal('far', { site: 'mars', usd: 0.01 }),
    proposal('here', { usd: 0.2 }),
    proposal('db', { objective: 'db' }),
  ];
  expect(reasons(market([close, objective('db')], far))['far']).toBe(
    'near: web would not be within 5 ms of db',
  );
});

test('an objective that is served by kept machines needs no proposal', () => {
  const kept = [{ machine: 'web-1', objective: 'web', proposal: proposal('old'), unit: 0 }];
  expect(reasons(market([objective('web')], [proposal('new')], { kept }))['new']).toBe(
    'not needed',
  );
});

test('a pattern matches with any characters for each star', () => {
  const cases: readonly [pattern: string, text: string, expected: boolean][] = [
    ['eu-north', 'eu-north', true],
    ['eu-north', 'eu-north-1', false],
    ['eu-*', 'eu-north', true],
    ['*-north', 'eu-north', true],
    ['*-north', 'eu-north-1', false],
    ['eu-*-1', 'eu-1', false],
    ['*or*', 'eu-north', true],
    ['e*o*h', 'eu-north', true],
    ['e*x*h', 'eu-north', false],
    ['*', '', true],
  ];
  for (const [pattern, text, expected] of cases) {
    expect([pattern, text, matchesPattern(pattern, text)]).toEqual([pattern, text, expected]);
  }
});

test('of two measured latencies the longer counts, and one is enough', () => {
  const kvm = { vendor: 'kvm', sites: [{ name: 'a', latencyMs: { b: 5 } }] };
  const aws = { vendor: 'aws', sites: [{ name: 'b', latencyMs: { a: 8 } }] };
  const [a, b] = [
    { vendor: 'kvm', site: 'a' },
    { vendor: 'aws', site: 'b' },
  ];
  expect(latencyMs([kvm, aws], a, b)).toBe(8);
  expect(latencyMs([kvm], a, b)).toBe(5);
  expect(latencyMs([aws], a, b)).toBe(8);
  expect(latencyMs([kvm, aws], a, a)).toBe(0);
  expect(latencyMs([kvm], a, { vendor: 'gce', site: 'c' })).toBeUndefined();
});
