import assert from 'node:assert/strict';
import { unreachable } from '../../../base/failure.ts';
import type { Binding, Measurement, Metric, Offered } from '../../vendor.ts';
import type { Bench } from '../bench.ts';
import type { RuleChecks } from '../check.ts';

export const v10: RuleChecks = [
  {
    claim: 'a running machine is measured as on, and every figure is in its unit',
    run: async (bench) => {
      const { contract, binding } = await bench.machine();
      const samples = await measured([binding], allMetrics, bench);
      for (const { metric, value } of samples) {
        isInUnit(metric, value, contract.proposal.offered);
      }
      const power = samples.filter(({ metric }) => metric === 'power');
      assert.deepEqual(
        power.map(({ value }) => value),
        [1],
        'power of a running machine',
      );
    },
  },
  {
    claim: 'only the metrics that were asked for are given',
    run: async (bench) => {
      const { binding } = await bench.machine();
      for (const asked of [['power'], ['cpu.used', 'memory.used'], []] as const) {
        await measured([binding], asked, bench);
      }
    },
  },
  {
    claim: 'machines are measured together, and only those that were asked for',
    run: async (bench) => {
      const [first, second, other] = [
        await bench.machine(),
        await bench.machine(),
        await bench.machine(),
      ];
      const both = await measured([first.binding, second.binding], ['power'], bench);
      const seen = new Set(both.map(({ contract }) => contract));
      assert.deepEqual(seen, new Set([first.contract.id, second.contract.id]));
      assert.ok(!seen.has(other.contract.id));
      assert.deepEqual(await measured([], allMetrics, bench), []);
    },
  },
];

const allMetrics: readonly Metric[] = [
  'cpu.used',
  'cpu.steal',
  'memory.used',
  'disk.read',
  'disk.write',
  'net.in',
  'net.out',
  'power',
  'reachable',
  'host.cpu.used',
  'host.memory.used',
  'bench.cpu',
  'bench.disk',
  'bench.net',
  'ssh.latency',
];

/** Samples, each of them asked for, once, finite and stamped within the call. */
async function measured(
  bindings: readonly Binding[],
  metrics: readonly Metric[],
  bench: Bench,
): Promise<readonly Measurement[]> {
  const startMs = Math.floor(bench.nowMs());
  const samples = await Array.fromAsync(bench.vendor.measure(bindings, metrics, bench.call()));
  const endMs = Math.ceil(bench.nowMs());
  const asked = new Set<string>(bindings.map(({ contract }) => contract));
  const seen = new Set<string>();
  for (const { contract, metric, value, atMs } of samples) {
    const what = `${metric} of ${contract}`;
    assert.ok(asked.has(contract), `${what}: the machine was not asked for`);
    assert.ok(metrics.includes(metric), `${what}: the metric was not asked for`);
    assert.ok(!seen.has(what), `${what} comes twice`);
    assert.ok(Number.isFinite(value), `${what} is ${value}`);
    assert.ok(atMs >= startMs && atMs <= endMs, `${what} at ${atMs}, asked ${startMs} to ${endMs}`);
    seen.add(what);
  }
  return samples;
}

const percent: Range = { least: 0, most: 100 };
/** Above every rate of one machine; a figure in bytes or bits is a thousand times higher. */
const rate: Range = { least: 0, most: 1_000_000 };
const yesOrNo: readonly number[] = [0, 1];

interface Range {
  readonly least: number;
  readonly most: number;
}

function isInUnit(metric: Metric, value: number, { memoryMiB }: Offered): void {
  const unit = unitOf(metric, memoryMiB);
  const fits =
    'least' in unit ? value >= unit.least && value <= unit.most : unit.some((one) => one === value);
  assert.ok(fits, `${metric} is ${value}, which is not in its unit`);
}

function unitOf(metric: Metric, memoryMiB: number): Range | readonly number[] {
  switch (metric) {
    case 'cpu.used':
    case 'cpu.steal':
    case 'host.cpu.used':
      return percent;
    case 'memory.used':
      // The hypervisor's own share counts at some providers; KiB would be a thousand times more.
      return { least: 0, most: 2 * memoryMiB };
    case 'power':
      return [0, 0.5, 1];
    case 'reachable':
      return yesOrNo;
    case 'disk.read':
    case 'disk.write':
    case 'net.in':
    case 'net.out':
    case 'bench.disk':
    case 'bench.net':
      return rate;
    case 'host.memory.used':
    case 'bench.cpu':
    case 'ssh.latency':
      return { least: 0, most: Number.MAX_SAFE_INTEGER };
    default:
      return unreachable(metric);
  }
}
