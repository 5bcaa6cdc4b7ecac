import { expect, test } from 'vitest';
import { type ContractId, id } from '../../../src/sla/ids.ts';
import { addressOf } from '../../../src/vendors/perfcloud/address.ts';
import { contractIdOf } from '../../../src/vendors/perfcloud/seal.ts';
import type { Contract, Proposal } from '../../../src/vendors/vendor.ts';
import { anywhere, call, cfp, codeOf, held, Lab, proposals, sign, site } from './fixture.ts';

const large = cfp({ count: 2, cpus: 8, memoryMiB: 16_384 });

test('accepting holds room, and withdrawing frees it', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const [proposal] = await proposals(vendor, large);
  const contracts: Contract[] = [];
  for (const unit of [0, 1]) contracts.push(await vendor.accept(proposal, unit, call()));
  expect(await vendor.bid(large, call())).toMatchObject({ reason: 'capacity' });
  for (const contract of contracts) await vendor.withdraw(contract.id, call());
  expect((await proposals(vendor, large))[0].units).toBe(2);
});

test('a proposal whose room went to others meanwhile is VENDOR.CAPACITY_GONE', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const [late] = await proposals(vendor, large, call('late'));
  const [early] = await proposals(vendor, large, call('early'));
  for (const unit of [0, 1]) await vendor.accept(early, unit, call('early'));
  expect(await codeOf(vendor.accept(late, 0, call('late')))).toBe('VENDOR.CAPACITY_GONE');
  expect(await held(vendor)).toHaveLength(2);
});

test('units beyond the proposal are VENDOR.CAPACITY_GONE', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const [proposal] = await proposals(vendor);
  for (const unit of [1, -1, 0.5]) {
    expect(await codeOf(vendor.accept(proposal, unit, call()))).toBe('VENDOR.CAPACITY_GONE');
  }
});

test('machines apart by host are so across several proposals of the objective', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const ask = cfp({ count: 3, place: { ...anywhere, apart: 'host' } });
  const [small, large] = await proposals(vendor, ask);
  if (large === undefined) expect.fail('one shape only');
  const contracts = [await vendor.accept(small, 0, call()), await vendor.accept(large, 0, call())];
  const hosts = contracts.map(async (contract) => (await vendor.bind(contract, call())).host);
  expect(new Set(await Promise.all(hosts))).toEqual(new Set(['north-std-1', 'north-std-2']));
  expect(await codeOf(vendor.accept(small, 1, call()))).toBe('VENDOR.CAPACITY_GONE');
});

test('a machine goes where it leaves the least room, so that large ones still find some', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const hosts: (string | undefined)[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    const contract = await sign(vendor, cfp({ name }));
    hosts.push((await vendor.bind(contract, call())).host);
  }
  expect(hosts.map((host) => host?.at(-1)).join('')).toBe('11112');
});

test.each([
  ['the site', { site: 'south' }],
  ['the size', { offered: { cpus: 64, memoryMiB: 1, diskGiB: 1, image: 'debian-12' } }],
  ['the units', { units: 100 }],
  ['a promise', { promises: [] }],
  ['the objective', { objective: 'db' }],
] as const)('a proposal in which %s was changed is unknown', async (_, change) => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const [proposal] = await proposals(vendor);
  const changed: Proposal = { ...proposal, ...change };
  expect(await codeOf(vendor.accept(changed, 0, call()))).toBe('VENDOR.PROPOSAL_EXPIRED');
  expect(await held(vendor)).toEqual([]);
});

test('a changed price is VENDOR.PRICE_MOVED, with both prices', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const [proposal] = await proposals(vendor);
  const cheaper = { ...proposal, pricePerHour: { micros: 1_000, currency: 'USD' } };
  await expect(vendor.accept(cheaper, 0, call())).rejects.toMatchObject({
    code: 'VENDOR.PRICE_MOVED',
    message: '0.001 USD/h was accepted, the price is 0.062 USD/h',
    facts: { acceptedMicros: 1_000, nowMicros: 62_000 },
  });
});

test('proposals of another state are unknown: its secret is another', async () => {
  await using lab = new Lab();
  await using other = new Lab();
  const [proposal] = await proposals(await other.open());
  const work = (await lab.open()).accept(proposal, 0, call());
  expect(await codeOf(work)).toBe('VENDOR.PROPOSAL_EXPIRED');
});

test('a proposal is held to its last millisecond, whatever its copy says', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ proposalValidMs: 1_000 });
  const [proposal] = await proposals(vendor);
  lab.nowMs += 1_000;
  const contract = await vendor.accept(proposal, 0, call());
  lab.nowMs += 1;
  expect((await vendor.accept(proposal, 0, call())).id).toBe(contract.id);
  const longer = { ...proposal, validUntilMs: lab.nowMs + 1_000_000 };
  await vendor.withdraw(contract.id, call());
  expect(await codeOf(vendor.accept(longer, 0, call()))).toBe('VENDOR.CONTRACT_UNKNOWN');
  const [second] = await proposals(vendor);
  lab.nowMs += 1_001;
  const late = { ...second, validUntilMs: lab.nowMs + 1_000_000 };
  expect(await codeOf(vendor.accept(late, 0, call()))).toBe('VENDOR.PROPOSAL_EXPIRED');
});

test('what was withdrawn is neither signed nor started by a process that comes late', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const contract = await sign(vendor);
  await (await lab.open()).withdraw(contract.id, call());
  const { proposal } = contract;
  expect(await codeOf(vendor.accept(proposal, 0, call()))).toBe('VENDOR.CONTRACT_UNKNOWN');
  expect(await codeOf(vendor.bind(contract, call()))).toBe('VENDOR.CONTRACT_UNKNOWN');
  expect(await held(vendor)).toEqual([]);
});

test('withdrawing an id that was never signed keeps its acceptance from coming late', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const [proposal] = await proposals(vendor);
  await vendor.withdraw(contractIdOf(proposal.id, 0), call());
  expect(await codeOf(vendor.accept(proposal, 0, call()))).toBe('VENDOR.CONTRACT_UNKNOWN');
});

test('what is proposed after a withdrawal can be signed, though no time has passed', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const first = await sign(vendor);
  await vendor.withdraw(first.id, call());
  const second = await sign(vendor);
  const third = await sign(vendor);
  expect(await held(vendor)).toEqual([second.id, third.id]);
});

test('a machine boots in the time that was predicted, faster on faster hosts', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ bindMs: 300, sites: [site('north', 1, { cpuSpeed: 1.5 })] });
  const contract = await sign(vendor);
  expect(contract.proposal.predicted.bindMs).toBe(200);
  const before = lab.nowMs;
  await vendor.bind(contract, call());
  expect(lab.nowMs - before).toBe(200);
  await vendor.bind(contract, call());
  expect(lab.nowMs - before).toBe(200);
});

test('every machine has an address of its own, of the lowest that is free', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const contracts: Contract[] = [];
  for (const name of ['a', 'b', 'c']) contracts.push(await sign(vendor, cfp({ name })));
  const addresses = contracts.map(async (one) => (await vendor.bind(one, call())).endpoint);
  expect(await Promise.all(addresses)).toEqual([
    'ssh://root@192.0.2.1:22',
    'ssh://root@192.0.2.2:22',
    'ssh://root@192.0.2.3:22',
  ]);
  await vendor.withdraw(contracts[1]?.id ?? id<ContractId>(''), call());
  const next = await sign(vendor, cfp({ name: 'd' }));
  expect((await vendor.bind(next, call())).endpoint).toBe('ssh://root@192.0.2.2:22');
});

test('addresses go on beyond the ranges for documentation', () =>
  expect([0, 253, 254, 761, 762, 762 + 65_536].map(addressOf)).toEqual([
    '192.0.2.1',
    '192.0.2.254',
    '198.51.100.1',
    '203.0.113.254',
    '198.18.0.0',
    '198.19.0.0',
  ]));

test('a host that the settings no longer name keeps its machines', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const contract = await sign(vendor);
  const before = await vendor.bind(contract, call());
  const without = await lab.open({ sites: [site('south', 1)] });
  expect(await without.bind(contract, call())).toEqual(before);
  expect(await held(without)).toEqual([contract.id]);
  const known = await Array.fromAsync(
    without.measure([before], ['power', 'host.cpu.used', 'cpu.steal'], call()),
  );
  expect(known.map(({ metric, value }) => [metric, value])).toEqual([['power', 1]]);
});
