import { expect, test } from 'vitest';
import { id, type MoveId } from '../../../src/sla/ids.ts';
import type { Contract, Move, MoveProgress, Vendor } from '../../../src/vendors/vendor.ts';
import { anywhere, call, cfp, codeOf, Lab, sign, site } from './fixture.ts';

const offer = { protocol: 'perfcloud/1', live: true, downtimeMsEstimate: 50 } as const;

function moveOf(contract: Contract, to?: string, name = 'move'): Move {
  const target = to === undefined ? {} : { targetHost: to };
  return { id: id<MoveId>(name), source: contract, target: contract, offer, ...target };
}

async function running(vendor: Vendor, ask = cfp(), by = call()): Promise<Contract> {
  const contract = await sign(vendor, ask, by);
  await vendor.bind(contract, by);
  return contract;
}

function sides(vendor: Vendor): {
  source: NonNullable<Vendor['moveSource']>;
  target: NonNullable<Vendor['moveTarget']>;
} {
  const { moveSource: source, moveTarget: target } = vendor;
  if (!source || !target) expect.fail('it has no role in moving');
  return { source, target };
}

async function transfer(vendor: Vendor, move: Move): Promise<readonly MoveProgress[]> {
  const { source, target } = sides(vendor);
  const ticket = await target.prepare(move, call());
  return Array.fromAsync(source.transfer(move, ticket, call()));
}

async function cpusUsed(vendor: Vendor): Promise<readonly number[]> {
  return (await Array.fromAsync(vendor.hosts?.list(call()) ?? [])).map((host) => host.cpusUsed);
}

test('a move holds room on both sides until the source is released', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ moveMs: 400 });
  const { source, target } = sides(vendor);
  const move = moveOf(await running(vendor), 'north-std-2');
  const before = lab.nowMs;
  const reports = await transfer(vendor, move);
  expect(lab.nowMs - before).toBe(400);
  expect(reports.map(({ guest }) => guest)).toEqual(['running', 'running', 'running', 'paused']);
  expect(reports.map(({ bytesDone, bytesTotal }) => bytesDone / bytesTotal)).toEqual([
    0.25, 0.5, 0.75, 1,
  ]);
  expect(await cpusUsed(vendor)).toEqual([2, 2]);
  expect((await target.commit(move, call())).host).toBe('north-std-2');
  expect(await cpusUsed(vendor)).toEqual([2, 2]);
  await source.release(move, call());
  expect(await cpusUsed(vendor)).toEqual([0, 2]);
});

test('while it is paused its power is 0.5, and it does not answer', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const { source, target } = sides(vendor);
  const contract = await running(vendor);
  const move = moveOf(contract);
  await transfer(vendor, move);
  const binding = await vendor.bind(contract, call());
  const power = async (): Promise<readonly number[]> =>
    (await Array.fromAsync(vendor.measure([binding], ['power', 'reachable'], call()))).map(
      ({ value }) => value,
    );
  expect(await power()).toEqual([0.5, 0]);
  await target.discard(move, call());
  await source.resume(move, call());
  expect(await power()).toEqual([1, 1]);
});

test('resuming before discarding takes the pause back, so it cannot be committed', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const { source, target } = sides(vendor);
  const move = moveOf(await running(vendor));
  await transfer(vendor, move);
  await source.resume(move, call());
  expect(await codeOf(target.commit(move, call()))).toBe('VENDOR.MOVE_ABORTED');
  await target.discard(move, call());
  expect(await cpusUsed(vendor)).toEqual([2, 0]);
});

test('what was committed can neither be resumed nor discarded', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const { source, target } = sides(vendor);
  const move = moveOf(await running(vendor));
  await transfer(vendor, move);
  await target.commit(move, call());
  expect(await codeOf(source.resume(move, call()))).toBe('VENDOR.MOVE_ABORTED');
  expect(await codeOf(target.discard(move, call()))).toBe('VENDOR.MOVE_ABORTED');
});

test('what was not committed is not released: the machine is still there', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const move = moveOf(await running(vendor));
  await transfer(vendor, move);
  expect(await codeOf(sides(vendor).source.release(move, call()))).toBe('VENDOR.MOVE_ABORTED');
});

test('a move that was discarded is not prepared again by a process that comes late', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const { target } = sides(vendor);
  const move = moveOf(await running(vendor));
  await target.discard(move, call());
  expect(await codeOf(target.prepare(move, call()))).toBe('VENDOR.MOVE_ABORTED');
  expect(await cpusUsed(vendor)).toEqual([2, 0]);
});

test('a machine makes one move at a time', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ sites: [site('north', 3)] });
  const { target } = sides(vendor);
  const contract = await running(vendor);
  await target.prepare(moveOf(contract), call());
  const second = moveOf(contract, undefined, 'second');
  expect(await codeOf(target.prepare(second, call()))).toBe('VENDOR.MOVE_ABORTED');
});

test('a ticket of another move pauses nothing', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const { source, target } = sides(vendor);
  const move = moveOf(await running(vendor));
  const ticket = await target.prepare(move, call());
  const other = { ...move, id: id<MoveId>('other') };
  const work = Array.fromAsync(source.transfer(other, ticket, call()));
  expect(await codeOf(work)).toBe('VENDOR.MOVE_ABORTED');
});

test('a full host is VENDOR.CAPACITY_GONE, and a sibling keeps its distance', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const { target } = sides(vendor);
  const apart = cfp({ count: 2, place: { ...anywhere, apart: 'host' } });
  const first = await running(vendor, apart);
  await running(vendor, apart);
  const work = target.prepare(moveOf(first, 'north-std-2'), call());
  expect(await codeOf(work)).toBe('VENDOR.MOVE_ABORTED');
  const large = cfp({ name: 'db', cpus: 4, memoryMiB: 8_192 });
  await running(vendor, large, call('other'));
  const third = await running(vendor, large, call('third'));
  const full = target.prepare(moveOf(third, 'north-std-1', 'full'), call());
  expect(await codeOf(full)).toBe('VENDOR.CAPACITY_GONE');
});

test('a sibling that is on its way to a host keeps others from it', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ sites: [site('north', 3)] });
  const { target } = sides(vendor);
  const apart = cfp({ count: 2, place: { ...anywhere, apart: 'host' } });
  const [first, second] = [await running(vendor, apart), await running(vendor, apart)];
  await target.prepare(moveOf(first, 'north-std-3', 'first'), call());
  const work = target.prepare(moveOf(second, 'north-std-3', 'second'), call());
  await expect(work).rejects.toMatchObject({
    code: 'VENDOR.MOVE_ABORTED',
    message: `${second.id} cannot move: another machine of web is on north-std-3, apart was promised`,
  });
  expect(await vendor.bid(apart, call())).toMatchObject({ reason: 'place' });
});

test('a machine moves within its site, to hosts that keep what it was promised', async () => {
  await using lab = new Lab();
  const common = { count: 1, cpus: 8, memoryMiB: 32_768, diskGiB: 500 };
  const hosts = [
    { ...common, class: 'std' },
    { ...common, class: 'fast', cpuSpeed: 2, stealPercent: 1, priceFactor: 3 },
    { ...common, class: 'slow', cpuSpeed: 0.5, priceFactor: 3 },
    { ...common, class: 'noisy', stealPercent: 20, priceFactor: 3 },
  ];
  const sites = [{ name: 'north', hosts }, site('south', 1, { priceFactor: 3 })];
  const vendor = await lab.open({ sites });
  const { target } = sides(vendor);
  const contract = await running(vendor);
  for (const host of ['north-slow-1', 'north-noisy-1', 'south-std-1', 'north-std-1']) {
    const work = target.prepare(moveOf(contract, host, `to-${host}`), call());
    expect(await codeOf(work)).toBe('VENDOR.MOVE_ABORTED');
  }
  const move = moveOf(contract);
  await transfer(vendor, move);
  expect((await target.commit(move, call())).host).toBe('north-fast-1');
});

test('another contract as the target is no move of one instance', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const move = { ...moveOf(await running(vendor)), target: await sign(vendor, cfp({ name: 'b' })) };
  expect(await codeOf(sides(vendor).target.prepare(move, call()))).toBe('VENDOR.MOVE_ABORTED');
});

test('withdrawing in the middle of a move frees both sides', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const contract = await running(vendor);
  const move = moveOf(contract);
  await transfer(vendor, move);
  await vendor.withdraw(contract.id, call());
  expect(await cpusUsed(vendor)).toEqual([0, 0]);
  expect(await codeOf(sides(vendor).target.commit(move, call()))).toBe('VENDOR.MOVE_ABORTED');
});

test('a machine that does not run, and a call for too much room, are offered no move', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const { source, target } = sides(vendor);
  expect(await source.offers(await sign(vendor), call())).toEqual([]);
  expect(await target.offers(cfp({ cpus: 9 }).objective, call())).toEqual([]);
  expect(await target.offers(cfp().objective, call())).toEqual([offer]);
});
