import { expect, test } from 'vitest';
import type { Binding, Metric, Vendor } from '../../../src/vendors/vendor.ts';
import { call, cfp, Lab, sign } from './fixture.ts';

const metrics: readonly Metric[] = [
  'cpu.used',
  'cpu.steal',
  'memory.used',
  'power',
  'reachable',
  'host.cpu.used',
  'host.memory.used',
];

async function running(vendor: Vendor, names: readonly string[]): Promise<readonly Binding[]> {
  const bindings: Binding[] = [];
  for (const name of names)
    bindings.push(await vendor.bind(await sign(vendor, cfp({ name })), call()));
  return bindings;
}

async function sampled(vendor: Vendor, bindings: readonly Binding[]): Promise<readonly object[]> {
  const samples = await Array.fromAsync(vendor.measure(bindings, metrics, call()));
  return samples.map(({ contract, metric, value }) => ({ contract, metric, value }));
}

test('the load depends on the seed and the time alone, in whatever process', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const bindings = await running(vendor, ['a', 'b']);
  const now = await sampled(vendor, bindings);
  expect(now).toHaveLength(14);
  expect(await sampled(await lab.open(), bindings)).toEqual(now);
  expect(await sampled(await lab.open({ seed: 9 }), bindings)).not.toEqual(now);
  lab.nowMs += 3_600_000;
  expect(await sampled(vendor, bindings)).not.toEqual(now);
});

test('every figure stays in its bounds, and steal within the promise, over a day', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({ sites: undefined });
  const bindings = await running(vendor, ['a', 'b', 'c', 'd', 'e', 'f']);
  for (let hour = 0; hour < 24; hour += 1) {
    lab.nowMs += 3_600_000;
    for await (const { metric, value } of vendor.measure(bindings, metrics, call())) {
      const most = metric === 'memory.used' ? 4_096 : metric === 'host.memory.used' ? 131_072 : 100;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(metric === 'cpu.steal' ? 15 : most);
    }
  }
});

test('a machine that was signed but not started is off, and uses nothing that is known', async () => {
  await using lab = new Lab();
  const vendor = await lab.open();
  const contract = await sign(vendor);
  const [binding] = await running(await lab.open(), []);
  expect(binding).toBeUndefined();
  const unbound = { contract: contract.id, endpoint: '', credentialRef: '', site: '', machine: '' };
  const known = await Array.fromAsync(vendor.measure([unbound], ['power', 'cpu.used'], call()));
  expect(known.map(({ metric, value }) => [metric, value])).toEqual([['power', 0]]);
});

test('hosts show what other tenants, our machines and our moves take', async () => {
  await using lab = new Lab();
  const vendor = await lab.open({
    sites: [
      {
        name: 'north',
        hosts: [
          { class: 'std', count: 3, cpus: 16, memoryMiB: 65_536, diskGiB: 100, loadPercent: 40 },
        ],
      },
    ],
  });
  const before = await Array.fromAsync(vendor.hosts?.list(call()) ?? []);
  expect(new Set(before.map(({ cpusUsed }) => cpusUsed)).size).toBeGreaterThan(1);
  const [binding] = await running(vendor, ['a']);
  const after = await Array.fromAsync(vendor.hosts?.list(call()) ?? []);
  const at = after.find(({ name }) => name === binding?.host);
  expect(at?.contracts).toEqual([binding?.contract]);
  expect(at?.cpusUsed).toBe((before.find(({ name }) => name === at?.name)?.cpusUsed ?? 0) + 2);
});
