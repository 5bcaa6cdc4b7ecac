import { expect, test } from 'vitest';
import type { Policy } from '../../../src/negotiation/compose/aim.ts';
import { compose } from '../../../src/negotiation/compose/compose.ts';
import { explainLosers } from '../../../src/negotiation/compose/explain.ts';
import type { Part, VendorRecord } from '../../../src/sla/sla.ts';
import { anywhere, market, objective, proposal } from './market.ts';

const usedBy = (parts: readonly Part[]): readonly string[] =>
  parts.map((part) => `${part.machine} ${part.proposal.id}/${part.unit}`);

test('one objective is won by several vendors when that is best', () => {
  const { composite } = compose(
    market(
      [objective('web', { count: 3 })],
      [
        proposal('a', { usd: 0.1, units: 2 }),
        proposal('b', { vendor: 'aws', usd: 0.2 }),
        proposal('c', { vendor: 'gce', usd: 0.3 }),
      ],
    ),
  );
  expect(usedBy(composite.parts)).toEqual(['web-1 a/0', 'web-2 a/1', 'web-3 b/0']);
  expect(composite).toMatchObject({
    status: 'OK',
    pricePerHour: { micros: 400_000, currency: 'USD' },
    proof: { kind: 'optimal', gapPercent: 0 },
    shortfalls: [],
    validUntilMs: 2_000,
  });
});

test('the budget holds over all objectives together', () => {
  const proposals = ['web', 'db'].flatMap((name) => [
    proposal(`${name}-slow`, { objective: name, usd: 0.1 }),
    proposal(`${name}-fast`, { objective: name, usd: 0.3, predicted: { cpuSpeed: 9, bindMs: 1 } }),
  ]);
  const input = market([objective('web'), objective('db')], proposals, {
    budgetUsd: 0.4,
    policy: 'fastest',
  });
  expect(compose(input).composite.pricePerHour.micros).toBe(400_000);
});

test('capacity that proposals share is not promised twice', () => {
  const uses = [{ resource: 'cpu', amount: 2, available: 5 }];
  const { composite } = compose(
    market(
      [objective('web', { count: 2 }), objective('db')],
      [
        proposal('w', { uses }),
        proposal('d', { objective: 'db', uses, usd: 0.1 }),
        proposal('e', { objective: 'db', vendor: 'aws', usd: 0.9 }),
      ],
    ),
  );
  expect(usedBy(composite.parts)).toEqual(['web-1 w/0', 'web-2 w/1', 'db-1 e/0']);
});

const twoSites = [
  proposal('n', { site: 'eu-north', usd: 0.1 }),
  proposal('s', { site: 'eu-south', usd: 0.2 }),
];

test('apart: site takes one machine from each site', () => {
  const web = objective('web', { count: 2, place: { ...anywhere, apart: 'site' } });
  const { composite } = compose(market([web], twoSites));
  expect(usedBy(composite.parts)).toEqual(['web-1 n/0', 'web-2 s/0']);
});

test('together: site keeps to one site even where two would be cheaper', () => {
  const web = objective('web', { count: 2, place: { ...anywhere, together: 'site' } });
  const scarce = [proposal('n', { usd: 0.1, units: 1 }), ...twoSites.slice(1)];
  expect(usedBy(compose(market([web], scarce)).composite.parts)).toEqual([
    'web-1 s/0',
    'web-2 s/1',
  ]);
});

const near = { ...anywhere, near: { objective: 'db', withinMs: 5 } };
const sites = [
  {
    vendor: 'kvm',
    sites: [
      { name: 'eu-north', latencyMs: { 'eu-south': 30 } },
      { name: 'eu-south', latencyMs: { 'eu-north': 25 } },
    ],
  },
];

test('near rules out pairs of sites that are too far apart, or of unknown latency', () => {
  const db = [
    proposal('d', { objective: 'db', site: 'eu-south' }),
    proposal('x', { objective: 'db', site: 'mars', usd: 0.01 }),
  ];
  const { composite } = compose(
    market([objective('web', { place: near }), objective('db')], [...twoSites, ...db], { sites }),
  );
  expect(usedBy(composite.parts)).toEqual(['web-1 s/0', 'db-1 d/0']);
});

test('sites, vendors and not rule proposals out, and the explanation says by what', () => {
  const place = { sites: ['eu-*'], vendors: ['kvm', 'aws'], not: ['*-south', 'aws'] };
  const input = market(
    [objective('web', { place })],
    [
      ...twoSites,
      proposal('u', { site: 'us-east', usd: 0.01 }),
      proposal('g', { vendor: 'gce', usd: 0.01 }),
      proposal('a', { vendor: 'aws', usd: 0.01 }),
    ],
  );
  const { composite, sla } = compose(input);
  expect(usedBy(composite.parts)).toEqual(['web-1 n/0']);
  expect(explainLosers(sla, composite, []).map((loser) => loser.reason)).toEqual([
    'kvm eu-south is excluded by not: *-south',
    'site us-east is none of eu-*',
    'vendor gce is none of kvm, aws',
    'aws eu-north is excluded by not: aws',
  ]);
});

test('what is expired, in another currency or less than asked is left out', () => {
  const { sla } = compose(
    market(
      [objective('web')],
      [
        proposal('ok'),
        proposal('old', { validUntilMs: 1_000 }),
        proposal('eur', { pricePerHour: { micros: 1, currency: 'EUR' } }),
        proposal('small', {
          offered: { cpus: 1, memoryMiB: 4096, diskGiB: 20, image: 'debian-12' },
        }),
      ],
    ),
  );
  expect(sla.excluded.map(({ proposal: { id }, reason }) => `${id}: ${reason}`)).toEqual([
    'old: expired',
    'eur: priced in EUR, the SLA is in USD',
    'small: offers 1 cpus, asked 2',
  ]);
});

test('a vendor that answers twice with one proposal does not double its units', () => {
  const web = objective('web', { count: 2 });
  const twice = [
    proposal('a', { units: 1 }),
    proposal('a', { units: 1 }),
    proposal('b', { usd: 0.5 }),
  ];
  expect(usedBy(compose(market([web], twice)).composite.parts)).toEqual(['web-1 a/0', 'web-2 b/0']);
});

const choices = [
  proposal('cheap', { usd: 0.1, predicted: { cpuSpeed: 0.5, bindMs: 1 } }),
  proposal('fair', { vendor: 'aws', usd: 0.11, predicted: { cpuSpeed: 1.6, bindMs: 1 } }),
  proposal('fast', { vendor: 'gce', usd: 0.9, predicted: { cpuSpeed: 2, bindMs: 1 } }),
];

test.each<[Policy, string]>([
  ['cheapest', 'cheap'],
  ['balanced', 'fair'],
  ['fastest', 'fast'],
  ['first', 'cheap'],
])('policy %s chooses %s', (policy, chosen) => {
  const { composite } = compose(market([objective('web')], choices, { policy }));
  expect(composite.parts.map((part) => part.proposal.id)).toEqual([chosen]);
});

test('cheapest and fastest are shown beside a balanced choice, where they differ', () => {
  const composed = compose(market([objective('web')], choices));
  expect(composed.cheapest?.parts[0]?.proposal.id).toBe('cheap');
  expect(composed.fastest?.parts[0]?.proposal.id).toBe('fast');
  expect(composed.composite.score).toBeGreaterThan(composed.cheapest?.score ?? 1);
  expect(composed.composite.score).toBeGreaterThan(composed.fastest?.score ?? 1);
  const alone = compose(market([objective('web')], choices.slice(0, 1)));
  expect([alone.cheapest, alone.fastest]).toEqual([undefined, undefined]);
});

test('policy first takes the first vendor that can serve the whole objective', () => {
  const web = objective('web', { count: 3 });
  const { composite } = compose(
    market(
      [web],
      [
        proposal('small', { units: 2, usd: 0.01 }),
        proposal('dear', { vendor: 'aws', units: 3, usd: 0.5 }),
        proposal('later', { vendor: 'gce', units: 3, usd: 0.1 }),
      ],
      { policy: 'first' },
    ),
  );
  expect(new Set(composite.parts.map((part) => part.proposal.vendor))).toEqual(new Set(['aws']));
  expect(composite.proof).toEqual({ kind: 'heuristic' });
});

const record = (vendor: string, given: Partial<VendorRecord>): VendorRecord => ({
  vendor,
  proposed: 0,
  refused: 0,
  late: 0,
  signed: 0,
  broken: 0,
  bound: 0,
  failed: 0,
  bindMsTotal: 0,
  ...given,
});

test('a vendor that breaks its word loses to one that keeps it', () => {
  const proposals = [proposal('a', { usd: 0.1 }), proposal('b', { vendor: 'aws', usd: 0.11 })];
  const records = [record('kvm', { broken: 40 }), record('aws', { signed: 20, bound: 20 })];
  const { composite, sla } = compose(market([objective('web')], proposals, { records }));
  expect(usedBy(composite.parts)).toEqual(['web-1 b/0']);
  expect(explainLosers(sla, composite, records)[0]?.reason).toBe(
    'less trusted, 0.089 against 0.978 than aws shape-b in eu-north at 0.110 USD/h',
  );
});

test('kept machines keep name, unit and cost, and new ones take the free numbers', () => {
  const old = proposal('old', { usd: 0.3, validUntilMs: 1 });
  const kept: Part[] = [{ machine: 'web-2', objective: 'web', proposal: old, unit: 0 }];
  const web = objective('web', { count: 3, place: { ...anywhere, apart: 'site' } });
  const proposals = [
    ...twoSites,
    proposal('w', { site: 'eu-west', usd: 0.3, validUntilMs: 1_500 }),
  ];
  const { composite } = compose(market([web], proposals, { kept, budgetUsd: 0.9 }));
  expect(usedBy(composite.parts)).toEqual(['web-1 s/0', 'web-2 old/0', 'web-3 w/0']);
  expect(composite.pricePerHour.micros).toBe(800_000);
  expect(composite.validUntilMs).toBe(1_500);
});

test('a unit that a kept machine holds is not given away again', () => {
  const a = proposal('a', { units: 3 });
  const kept: Part[] = [{ machine: 'web-1', objective: 'web', proposal: a, unit: 0 }];
  const { composite } = compose(market([objective('web', { count: 2 })], [a], { kept }));
  expect(usedBy(composite.parts)).toEqual(['web-1 a/0', 'web-2 a/1']);
});
