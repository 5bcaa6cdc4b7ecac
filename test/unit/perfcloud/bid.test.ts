import { expect, test } from 'vitest';
import type { Objective } from '../../../src/vendors/vendor.ts';
import { anywhere, call, cfp, Lab, proposals, sign, site } from './fixture.ts';

const monthMs = 30 * 86_400_000;

async function refusal(ask: Partial<Objective>, more = {}): Promise<string> {
  await using lab = new Lab();
  const vendor = await lab.open({ sites: [site('north', 2), site('south', 1)], ...more });
  const answer = await vendor.bid(cfp(ask), call());
  return 'kind' in answer ? `${answer.reason}: ${answer.detail}` : 'no refusal';
}

test('the smallest shape that is large enough is offered, and the next with more vCPUs', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const answer = await proposals(vendor, cfp({ cpus: 2, memoryMiB: 8_192, count: 2 }));
  expect(answer.map(({ shape, pricePerHour }) => [shape, pricePerHour.micros])).toEqual([
    ['std-2.std', 82_000],
    ['cpu-4.std', 122_000],
  ]);
});

test('a proposal names what one machine really has, and how many there can be', async () => {
  await using lab = new Lab();
  const [proposal] = await proposals(await lab.open(), cfp({ memoryMiB: 5_000, count: 20 }));
  expect(proposal.offered).toEqual({
    cpus: 2,
    memoryMiB: 8_192,
    diskGiB: 20,
    networkMbps: 1_000,
    image: 'debian-12',
  });
  expect(proposal.units).toBe(8);
});

test('alternatives name the room that they share, in whole machines', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ sites: [site('north', 2, { cpus: 7 })] });
  const [proposal] = await proposals(vendor, cfp({ place: { ...anywhere, apart: 'host' } }));
  expect(proposal.uses).toEqual([
    { resource: 'north/std vCPUs', amount: 2, available: 12 },
    { resource: 'north/std MiB of memory', amount: 4_096, available: 65_536 },
    { resource: 'north/std GiB of disk', amount: 20, available: 1_000 },
    { resource: 'north/std hosts for web', amount: 1, available: 2 },
  ]);
});

test('the default market answers the shop from four pools, within its budget', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ sites: undefined });
  const availability = {
    metric: 'availability',
    bound: 'atLeast',
    value: 99.9,
    windowMs: monthMs,
  } as const;
  const shop = [
    cfp({ name: 'web', count: 3, networkMbps: 1_000, place: { ...anywhere, apart: 'host' } }),
    cfp({ name: 'db', cpus: 4, memoryMiB: 16_384, diskGiB: 100, promises: [availability] }),
    cfp({ name: 'cache', memoryMiB: 8_192, image: 'ubuntu-24.04' }),
  ];
  let micros = 0;
  for (const ask of shop) {
    const answer = await proposals(vendor, ask);
    expect(answer).toHaveLength(8);
    expect(new Set(answer.map((one) => `${one.site} ${one.predicted.cpuSpeed}`)).size).toBe(4);
    expect(answer.every(({ units }) => units >= ask.objective.count)).toBe(true);
    micros += answer[0].pricePerHour.micros * ask.objective.count;
  }
  expect(micros).toBeLessThan(600_000);
});

test('two clouds of one seed bid alike, and of another seed otherwise', async () => {
  await using lab = new Lab();
  await using other = new Lab();
  const strip = async (vendor: Awaited<ReturnType<Lab['open']>>): Promise<unknown> =>
    (await proposals(vendor, cfp({ count: 9 }))).map(({ id: _, ...rest }) => rest);
  const first = await strip(await lab.open({ sites: undefined }));
  expect(await strip(await other.open({ sites: undefined }))).toEqual(first);
  expect(await strip(await other.open({ sites: undefined, seed: 2 }))).not.toEqual(first);
});

test('a fuller pool is dearer and predicted slower', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const [before] = await proposals(vendor);
  await sign(vendor, cfp({ cpus: 8, memoryMiB: 16_384 }));
  const [after] = await proposals(vendor);
  expect(after.pricePerHour.micros).toBeGreaterThan(before.pricePerHour.micros);
  expect(after.predicted.cpuSpeed).toBeLessThan(before.predicted.cpuSpeed);
});

test('machines apart by host are as many as there are hosts without one of them', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const ask = cfp({ count: 3, place: { ...anywhere, apart: 'host' } });
  const [proposal] = await proposals(vendor, ask);
  expect(proposal.units).toBe(2);
  await vendor.accept(proposal, 0, call());
  const [next] = await proposals(vendor, ask);
  expect(next.units).toBe(1);
  const [elsewhere] = await proposals(vendor, ask, call('other'));
  expect(elsewhere.units).toBe(2);
});

test('machines apart by site or vendor are one in each', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ sites: [site('north', 2), site('south', 2)] });
  for (const apart of ['site', 'vendor'] as const) {
    const answer = await proposals(vendor, cfp({ count: 3, place: { ...anywhere, apart } }));
    expect(new Set(answer.map(({ units }) => units))).toEqual(new Set([1]));
    const shared = new Set(answer.map(({ uses }) => uses.at(-1)?.resource));
    expect(shared.size).toBe(apart === 'site' ? 2 : 1);
  }
});

test('promises are made at the level that the pool keeps, asked or not', async () => {
  await using lab = new Lab();
  const asked = { metric: 'cpu.steal', bound: 'atMost', value: 9, windowMs: 60_000 } as const;
  const [proposal] = await proposals(await lab.open(), cfp({ promises: [asked] }));
  expect(proposal.promises).toEqual([
    { metric: 'cpu.steal', bound: 'atMost', value: 5, windowMs: 60_000 },
    { metric: 'availability', bound: 'atLeast', value: 99.9, windowMs: monthMs },
  ]);
});

test('refusals say in words and numbers what was asked and what there is', async () => {
  const promise = (one: object): Partial<Objective> => ({
    promises: [{ windowMs: monthMs, bound: 'atLeast', value: 1, metric: 'availability', ...one }],
  });
  expect(await refusal({ image: 'beos' })).toBe(
    'image: beos asked, has debian-12, debian-13, ubuntu-24.04',
  );
  expect(await refusal({ place: { ...anywhere, sites: ['us-*'] } })).toBe(
    'place: site north is none of us-*, site south is none of us-*',
  );
  expect(await refusal({ place: { ...anywhere, vendors: ['q'] } })).toBe(
    'place: vendor p is none of q',
  );
  expect(await refusal({ cpus: 64, diskGiB: 900 })).toBe(
    'capacity: 64 vCPUs asked, at most 8; 900 GiB of disk asked, at most 500 GiB',
  );
  expect(await refusal({ networkMbps: 40_000 })).toBe(
    'capacity: 40 Gbit/s asked, at most 1 Gbit/s',
  );
  expect(await refusal(promise({ value: 99.99 }))).toBe(
    'promise: availability at least 99.99 % asked, at best 99.9 %',
  );
  expect(await refusal(promise({ metric: 'ssh.latency', bound: 'atMost' }))).toBe(
    'promise: ssh.latency at most 1 ms asked; only availability and cpu.steal are promised',
  );
});

test('another currency is refused as that', async () => {
  await using lab = new Lab();
  const answer = await (await lab.open()).bid(cfp({}, { currency: 'EUR' }), call());
  expect(answer).toMatchObject({ reason: 'currency', detail: 'EUR asked, prices are in USD' });
});

test('what is merely full is refused with what is free', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const ask = cfp({ cpus: 8, memoryMiB: 32_768 });
  await sign(vendor, ask);
  await sign(vendor, ask, call('other'));
  expect(await vendor.bid(cfp(), call())).toMatchObject({
    reason: 'capacity',
    detail:
      '2 vCPUs, 4 GiB, 20 GiB of disk asked; ' +
      'most free on one of 2 hosts: 0 vCPUs, 0 MiB, 480 GiB of disk',
  });
});

test('no further host to stand apart on is a matter of place', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ sites: [site('north', 1)] });
  const ask = cfp({ place: { ...anywhere, apart: 'host' } });
  await sign(vendor, ask);
  expect(await vendor.bid(ask, call())).toMatchObject({
    reason: 'place',
    detail: 'apart by host asked; each of the hosts (1) has a machine of it',
  });
});

test.each(['boulware', 'conceder', 'tit-for-tat', 'micro'] as const)(
  'by %s the price falls from the list price to no less than the reservation price',
  async (concedes) => {
    await using lab = new Lab();
    const vendor = await lab.open({ concedes, reservationPercent: 75 });
    const prices: number[] = [];
    for (const round of [0, 1, 2, 3]) {
      const counter = { micros: 31_000 + 4_000 * round, currency: 'USD' };
      const more = { round, rounds: 4, ...(round > 0 ? { counterPricePerHour: counter } : {}) };
      const [proposal] = await proposals(vendor, cfp({}, more));
      prices.push(proposal.pricePerHour.micros);
    }
    expect(prices[0]).toBe(62_000);
    expect(prices.toSorted((a, b) => b - a)).toEqual(prices);
    expect(prices.at(-1)).toBeLessThan(62_000);
    expect(prices.at(-1)).toBeGreaterThanOrEqual(46_500);
  },
);

test('who concedes nothing says so, and holds its list price', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  expect(await vendor.describe(call())).not.toHaveProperty('concedes');
  const [proposal] = await proposals(vendor, cfp({}, { round: 3, rounds: 4 }));
  expect(proposal.pricePerHour.micros).toBe(62_000);
});

test('tit-for-tat and micro answer a client that does not move by not moving', async () => {
  await using lab = new Lab();
  for (const concedes of ['tit-for-tat', 'micro']) {
    const vendor = await lab.open({ concedes });
    const counterPricePerHour = { micros: 1_000, currency: 'USD' };
    const [held] = await proposals(vendor, cfp({}, { round: 3, rounds: 4, counterPricePerHour }));
    expect(held.pricePerHour.micros).toBe(62_000);
  }
});
