import { expect, test } from 'vitest';
import { checkProposal, compare, isExpired } from '../../../src/sla/compare.ts';
import { id } from '../../../src/sla/ids.ts';
import type { Objective } from '../../../src/sla/objective.ts';
import type { PromisedLevel, Proposal } from '../../../src/sla/proposal.ts';

const asked: Objective = {
  name: 'web',
  count: 3,
  cpus: 2,
  memoryMiB: 4096,
  diskGiB: 20,
  networkMbps: 1000,
  image: 'debian-12',
  place: { sites: ['eu-*'], vendors: ['aws', 'kvm'], not: ['*-west'] },
  promises: [{ metric: 'availability', bound: 'atLeast', value: 99.5, windowMs: 86_400_000 }],
  amend: [],
};

const availability: PromisedLevel = {
  metric: 'availability',
  bound: 'atLeast',
  value: 99.5,
  windowMs: 86_400_000,
};

const exact: Proposal = {
  kind: 'proposal',
  id: id('p1'),
  vendor: 'aws',
  objective: 'web',
  site: 'eu-north',
  shape: 't3.medium',
  pricePerHour: { micros: 41_600, currency: 'USD' },
  offered: { cpus: 2, memoryMiB: 4096, diskGiB: 20, networkMbps: 1000, image: 'debian-12' },
  units: 3,
  uses: [],
  promises: [availability],
  predicted: { cpuSpeed: 1, bindMs: 30_000 },
  validUntilMs: 1000,
};

const call = { currency: 'USD', nowMs: 0 };
const faults = (changes: Partial<Proposal>) => checkProposal(asked, { ...exact, ...changes }, call);
const offering = (changes: Partial<Proposal['offered']>): Partial<Proposal> => {
  return { offered: { ...exact.offered, ...changes } };
};

test('an offer of exactly what is asked is equal in every parameter', () => {
  expect(compare(asked, exact)).toEqual([
    row('cpus', '2', '2'),
    row('memory', '4 GiB', '4 GiB'),
    row('disk', '20 GiB', '20 GiB'),
    row('network', '1 Gbit/s', '1 Gbit/s'),
    row('image', 'debian-12', 'debian-12'),
    row('place', 'at aws or kvm, in eu-*, not *-west', 'aws eu-north'),
    row('availability', 'at least 99.5 % over 1 d', 'at least 99.5 % over 1 d'),
  ]);
  expect(faults({})).toEqual([]);
});

function row(parameter: string, ask: string, offer: string) {
  const words = `${parameter}: ${ask} asked, ${offer} offered`;
  return { parameter, asked: ask, offered: offer, verdict: 'equal', words };
}

test.each([
  [offering({ cpus: 1 }), 'cpus: 2 asked, 1 offered'],
  [offering({ cpus: Number.NaN }), 'cpus: 2 asked, NaN offered'],
  [offering({ memoryMiB: 2048 }), 'memory: 4 GiB asked, 2 GiB offered'],
  [offering({ diskGiB: 8 }), 'disk: 20 GiB asked, 8 GiB offered'],
  [offering({ networkMbps: 100 }), 'network: 1 Gbit/s asked, 100 Mbit/s offered'],
  [offering({ image: 'debian-13' }), 'image: debian-12 asked, debian-13 offered'],
  [{ site: 'us-east' }, 'place: at aws or kvm, in eu-*, not *-west asked, aws us-east offered'],
  [{ promises: [] }, 'availability: at least 99.5 % over 1 d asked, no promise offered'],
])('an offer of less is refused in words and numbers: %j', (changes, words) => {
  expect(faults(changes)).toEqual([words]);
});

test('a connection that is not stated does not meet one that is asked', () => {
  const { networkMbps: _, ...silent } = exact.offered;
  expect(faults({ offered: silent })).toEqual(['network: 1 Gbit/s asked, not stated offered']);
  const { networkMbps: __, ...any } = asked;
  expect(checkProposal(any, { ...exact, offered: silent }, call)).toEqual([]);
  const verdictOf = (proposal: Proposal) => compare(any, proposal)[3]?.verdict;
  expect([exact, { ...exact, offered: silent }].map(verdictOf)).toEqual(['more', 'equal']);
});

test('an offer of more is accepted, and shown as more', () => {
  const larger = { ...exact, offered: { ...exact.offered, cpus: 4, memoryMiB: 8192 } };
  const verdicts = compare(asked, larger).map(({ parameter, verdict }) => [parameter, verdict]);
  expect(verdicts.slice(0, 3)).toEqual([
    ['cpus', 'more'],
    ['memory', 'more'],
    ['disk', 'equal'],
  ]);
  expect(checkProposal(asked, larger, call)).toEqual([]);
});

test.each([
  [{ value: 99.4 }, 'less'],
  [{ value: 99.9 }, 'more'],
  [{ windowMs: 2_592_000_000 }, 'less'],
  [{ windowMs: 3_600_000 }, 'more'],
  [{ value: 99.9, windowMs: 2_592_000_000 }, 'less'],
  [{ bound: 'atMost' as const }, 'less'],
  [{ metric: 'power' as const }, 'less'],
  [{ value: Number.NaN }, 'less'],
])('a promise with %j is %s than asked: a shorter window is harder to keep', (changes, verdict) => {
  const offer = { ...exact, promises: [{ ...availability, ...changes }] };
  expect(compare(asked, offer).at(-1)?.verdict).toBe(verdict);
});

test('the strongest of several promises counts', () => {
  const weak = { ...availability, value: 90 };
  const strong = { ...availability, value: 99.99 };
  expect(compare(asked, { ...exact, promises: [weak, strong] }).at(-1)).toMatchObject({
    offered: 'at least 99.99 % over 1 d',
    verdict: 'more',
  });
});

test('a ceiling is met by a lower one', () => {
  const steal = { metric: 'cpu.steal', bound: 'atMost', value: 5, windowMs: 1000 } as const;
  const objective = { ...asked, promises: [steal] };
  const verdict = (value: number) =>
    compare(objective, { ...exact, promises: [{ ...steal, value }] }).at(-1)?.verdict;
  expect([4, 5, 6].map(verdict)).toEqual(['more', 'equal', 'less']);
});

test('a plain number is promised without a unit', () => {
  const speed = { metric: 'bench.cpu', bound: 'atLeast', value: 1.2, windowMs: 1000 } as const;
  expect(compare({ ...asked, promises: [speed] }, exact).at(-1)?.words).toBe(
    'bench.cpu: at least 1.2 over 1 s asked, no promise offered',
  );
});

test('an objective that may run anywhere says so', () => {
  const free = { ...asked, place: { sites: [], vendors: [], not: [] } };
  expect(compare(free, exact)[5]).toMatchObject({ asked: 'anywhere', verdict: 'equal' });
});

test('an offer in another currency or past its time is refused', () => {
  expect(faults({ pricePerHour: { micros: 1, currency: 'EUR' } })).toEqual([
    'currency: USD asked, EUR offered',
  ]);
  expect(checkProposal(asked, exact, { ...call, nowMs: 61_000 })).toEqual(['it expired 1 min ago']);
  expect([999, 1000, 1001].map((nowMs) => isExpired(exact, nowMs))).toEqual([false, true, true]);
});

test.each([
  [{ objective: 'db' }, 'it is for the objective db'],
  [{ pricePerHour: { micros: -1, currency: 'USD' } }, 'its price is -1 micros'],
  [{ pricePerHour: { micros: 0.5, currency: 'USD' } }, 'its price is 0.5 micros'],
  [{ units: 0 }, 'it serves 0 machines'],
  [{ predicted: { cpuSpeed: 0, bindMs: 1 } }, 'its predicted speed is 0'],
  [{ predicted: { cpuSpeed: 1, bindMs: Number.NaN } }, 'it predicts NaN ms to start'],
  [{ uses: [{ resource: 'vcpus', amount: 4, available: 3 }] }, 'vcpus: takes 4 of 3'],
])('an offer that makes no sense is refused: %j', (changes, words) => {
  expect(faults(changes)).toEqual([words]);
});
