import { expect, test } from 'vitest';
import { can } from '../../../src/vendors/ec2/catalogue.ts';
import { type Market, offersFor } from '../../../src/vendors/ec2/offers.ts';
import type { CallForProposals, Place, Proposal, Refusal } from '../../../src/vendors/vendor.ts';
import { catalogue, cfpOf, marketOf, shape } from './fixture.ts';

const anywhere: Place = { sites: [], vendors: [], not: [] };

function offers(cfp: CallForProposals, market: Market = marketOf()): readonly Proposal[] {
  const answer = offersFor(cfp, market);
  if ('kind' in answer) throw new Error(`${answer.reason}: ${answer.detail}`);
  return answer;
}

function refusal(cfp: CallForProposals, market: Market = marketOf()): Refusal {
  const answer = offersFor(cfp, market);
  if ('kind' in answer) return answer;
  throw new Error('it proposed something');
}

function shapesIn(site: string, all: readonly Proposal[]): readonly string[] {
  return all.filter((one) => one.site === site).map((one) => one.shape);
}

test('each zone has its undominated shapes, cheapest first over all', () => {
  const all = offers(cfpOf());
  expect(shapesIn('us-east-1a', all)).toEqual(['t3.large', 'm5.large', 'c5.xlarge']);
  expect(shapesIn('us-east-1b', all)).toEqual(['t3.large', 'm5.large']);
  const prices = all.map(({ pricePerHour }) => pricePerHour.micros);
  expect(prices).toEqual(prices.toSorted((a, b) => a - b));
});

test('a shape that costs more and is no faster is dropped', () => {
  const slow = shape('m4.large', { cpuSpeed: 0.9 });
  const market = marketOf({ catalogue: { ...catalogue, shapes: [...catalogue.shapes, slow] } });
  const { prices } = market;
  if (prices === undefined) throw new Error('no prices');
  const microsPerHour = { ...prices.microsPerHour, 'm4.large': 100_000 };
  const all = offers(cfpOf(), { ...market, prices: { ...prices, microsPerHour } });
  expect(all.map((one) => one.shape)).not.toContain('m4.large');
});

test('a proposal names its price with disk and address, its place, promise and validity', () => {
  const [first] = offers(cfpOf(), marketOf({}, { proposalValidMs: 10_000 }));
  expect(first).toEqual({
    kind: 'proposal',
    id: expect.stringMatching(/^ec2[.]on-demand[.]any[.][0-9a-f]{32}$/),
    vendor: 'aws',
    objective: 'web',
    site: 'us-east-1a',
    shape: 't3.large',
    pricePerHour: { micros: 83_200 + 2_000 + 5_000, currency: 'USD' },
    offered: { cpus: 2, memoryMiB: 8_192, diskGiB: 20, networkMbps: 512, image: 'debian-12' },
    units: 2,
    uses: [],
    promises: [
      { metric: 'availability', bound: 'atLeast', value: 99.5, windowMs: 30 * 86_400_000 },
    ],
    predicted: { cpuSpeed: 0.25, bindMs: 45_000 },
    validUntilMs: 71_000,
  });
});

test('a disk is never smaller than its image', () => {
  const [first] = offers(cfpOf({ diskGiB: 1 }));
  expect(first?.offered.diskGiB).toBe(8);
});

test('a network is asked for by what a shape sustains, not by what it can burst to', () => {
  const all = offers(cfpOf({ networkMbps: 1_000 }));
  expect(all.map((one) => one.shape)).toEqual(['c5.xlarge']);
  const burst = shape('x.large', { networkMbps: 0 });
  const market = marketOf({ catalogue: { ...catalogue, shapes: [burst] } });
  expect(refusal(cfpOf({ networkMbps: 1 }), market).reason).toBe('capacity');
});

test('shapes of another architecture than the image, or that cannot boot it, are left out', () => {
  expect(offers(cfpOf()).map((one) => one.shape)).not.toContain('m7g.large');
  const old = shape('t1.micro', { can: can.paravirtual | can.onDemand });
  const market = marketOf({ catalogue: { ...catalogue, shapes: [old] } });
  expect(refusal(cfpOf(), market).reason).toBe('capacity');
});

test('an image of two architectures opens both', () => {
  const [image] = catalogue.images['debian-12'] ?? [];
  if (image === undefined) throw new Error('no image');
  const images = { 'debian-12': [image, { ...image, arch: 'arm64' as const }] };
  const all = offers(cfpOf(), marketOf({ catalogue: { ...catalogue, images } }));
  expect(all.map((one) => one.shape)).toContain('m7g.large');
});

test('the settings narrow types and zones', () => {
  const market = marketOf({}, { types: 'm5.*, c5.*', zones: ['us-east-1b'] });
  expect(offers(cfpOf(), market).map((one) => `${one.site} ${one.shape}`)).toEqual([
    'us-east-1b m5.large',
  ]);
  const nowhere = marketOf({}, { zones: ['us-east-1z'] });
  expect(refusal(cfpOf(), nowhere).reason).toBe('place');
});

test('with subnets in the settings only their zones are open', () => {
  const market = marketOf({ subnets: { 'us-east-1c': 'subnet-1' } }, { subnet: 'subnet-1' });
  expect(new Set(offers(cfpOf(), market).map((one) => one.site))).toEqual(new Set(['us-east-1c']));
});

test('machines apart by host share a spread group of at most seven per zone', () => {
  const [first] = offers(cfpOf({ count: 9, place: { ...anywhere, apart: 'host' } }));
  expect(first?.units).toBe(7);
  expect(first?.uses).toEqual([
    {
      resource: expect.stringMatching(/^spread [0-9a-f]{32} us-east-1a$/),
      amount: 1,
      available: 7,
    },
  ]);
  expect(first?.id).toMatch(/^ec2[.]on-demand[.][0-9a-f]{32}[.]/);
});

test('one machine is apart from itself, without any group', () => {
  const market = marketOf({ catalogue: { ...catalogue, spread: false } });
  const [first] = offers(cfpOf({ count: 1, place: { ...anywhere, apart: 'host' } }), market);
  expect(first?.uses).toEqual([]);
  expect(refusal(cfpOf({ count: 2, place: { ...anywhere, apart: 'host' } }), market)).toMatchObject(
    {
      reason: 'place',
      detail: '2 machines on different hosts asked; EC2 has no placement groups',
    },
  );
});

test.each(['site', 'vendor'] as const)(
  'apart by %s leaves one machine to an alternative',
  (apart) => {
    const all = offers(cfpOf({ count: 3, place: { ...anywhere, apart } }));
    expect(new Set(all.map((one) => one.units))).toEqual(new Set([1]));
  },
);

test('what EC2 just had none of is not offered in that zone', () => {
  const market = marketOf({ isGone: (name, zone) => name === 'm5.large' && zone === 'us-east-1a' });
  const all = offers(cfpOf(), market);
  expect(shapesIn('us-east-1a', all)).not.toContain('m5.large');
  expect(shapesIn('us-east-1b', all)).toContain('m5.large');
  expect(refusal(cfpOf(), marketOf({ isGone: () => true })).reason).toBe('capacity');
});

test('no zone crowds out another when there are too many alternatives', () => {
  const all = offers(cfpOf(), marketOf({}, { alternatives: 3 }));
  expect(new Set(all.map((one) => one.site)).size).toBe(3);
});

test('spot asks for spot shapes, names its most in the id, and promises no availability', () => {
  const [first] = offers(cfpOf(), marketOf({}, { market: 'spot' }));
  expect(first?.id).toMatch(/^ec2[.]spot-83200[.]any[.]/);
  expect(first?.promises).toEqual([]);
});

test('another currency, image, place or size is refused with the first reason that holds', () => {
  expect(refusal(cfpOf({ image: 'plan9' }, { currency: 'EUR' })).reason).toBe('currency');
  expect(refusal(cfpOf({ image: 'plan9', cpus: 999 })).reason).toBe('image');
  expect(refusal(cfpOf({ place: { ...anywhere, vendors: ['kvm'] } })).reason).toBe('place');
  expect(refusal(cfpOf({ cpus: 999 }))).toMatchObject({
    reason: 'capacity',
    detail: expect.stringContaining('999 vCPUs, 4 GiB, 20 GiB of disk for debian-12 asked'),
  });
  expect(refusal(cfpOf({ diskGiB: 70_000 })).reason).toBe('capacity');
});

test('without a price a type is left out, and without any the call is refused', () => {
  const market = marketOf();
  if (market.prices === undefined) throw new Error('no prices');
  const only = { ...market.prices, microsPerHour: { 'm5.large': 96_000 } };
  expect(new Set(offers(cfpOf(), { ...market, prices: only }).map((one) => one.shape))).toEqual(
    new Set(['m5.large']),
  );
  const none = { ...market.prices, microsPerHour: {} };
  expect(refusal(cfpOf(), { ...market, prices: none }).reason).toBe('unsupported');
  expect(refusal(cfpOf(), { ...market, prices: undefined }).detail).toContain('us-east-1');
});

test('two calls never give one id, and the same call always gives the same', () => {
  const ids = (market: Market, cfp = cfpOf()): readonly string[] =>
    offers(cfp, market).map(({ id }) => id);
  const first = ids(marketOf());
  expect(new Set(first).size).toBe(first.length);
  expect(ids(marketOf())).toEqual(first);
  for (const other of [
    ids(marketOf({ name: 'aws-2' })),
    ids(marketOf({ nowMs: 100_000 })),
    ids(marketOf(), cfpOf({}, { round: 1 })),
    ids(marketOf(), cfpOf({ name: 'db' })),
  ]) {
    expect(other.some((one) => first.includes(one))).toBe(false);
  }
});
