import {
  formatMbps,
  formatMiB,
  formatPercent,
  type Parsed,
  parseLatencyMs,
  parseMbpsRate,
  parseMiBAmount,
  parseMiBps,
  parsePercent,
  patterns,
} from '../base/units.ts';
import type { PromiseMetric, ServicePromise } from './objective.ts';

/** How a metric's values are written, and which bounds on it can be promised. */
export interface MetricKind {
  readonly unit: MetricUnit;
  /** One bound where the other makes no sense: nobody asks for at most 99 % availability. */
  readonly bounds: readonly Bound[];
  readonly about: string;
}

/** A quantity, written as a text with its unit, or a plain number from 0 to `most`. */
export type MetricUnit = Quantity | PlainNumber;

interface Quantity {
  readonly example: string;
  readonly parse: (text: string) => Parsed<number>;
  /** Matches whatever `parse` accepts. */
  readonly pattern: RegExp;
  /** Writes what `parse` reads back to the same value. */
  readonly format: (value: number) => string;
}

interface PlainNumber {
  readonly example: string;
  readonly most: number;
}

type Bound = ServicePromise['bound'];

const percent: MetricUnit = {
  example: '99.5 %',
  pattern: patterns.percent,
  parse: parsePercent,
  format: formatPercent,
};
const amount: MetricUnit = {
  example: '512 MiB',
  pattern: patterns.size,
  parse: parseMiBAmount,
  format: formatMiB,
};
const rate: MetricUnit = {
  example: '100 Mbit/s',
  pattern: patterns.speed,
  parse: parseMbpsRate,
  format: formatMbps,
};
const throughput: MetricUnit = {
  example: '100 MiB/s',
  pattern: patterns.throughput,
  parse: parseMiBps,
  format: (value) => `${value} MiB/s`,
};
const latency: MetricUnit = {
  example: '50 ms',
  pattern: patterns.latency,
  parse: parseLatencyMs,
  format: (value) => `${value} ms`,
};
const share: MetricUnit = { example: '1', most: 1 };
const ratio: MetricUnit = { example: '1.2', most: 1000 };

const floor: readonly Bound[] = ['atLeast'];
const ceiling: readonly Bound[] = ['atMost'];
const either: readonly Bound[] = ['atLeast', 'atMost'];

/** Every metric that can be promised, in the order in which documents and tables name them. */
export const metricKinds: Readonly<Record<PromiseMetric, MetricKind>> = {
  availability: kind(percent, floor, 'Share of the window in which it is on and reachable'),
  reachable: kind(share, floor, 'Its ssh port answers: 1, or does not: 0'),
  power: kind(share, floor, 'On: 1, paused: 0.5, off: 0'),
  'cpu.steal': kind(percent, ceiling, 'Share of the time for which its vCPUs wait for the host'),
  'cpu.used': kind(percent, either, 'Share of its vCPUs in use'),
  'memory.used': kind(amount, either, 'Memory in use'),
  'disk.read': kind(throughput, either, 'Read from its disks'),
  'disk.write': kind(throughput, either, 'Written to its disks'),
  'net.in': kind(rate, either, 'Received'),
  'net.out': kind(rate, either, 'Sent'),
  'ssh.latency': kind(latency, ceiling, 'Time until its ssh port answers'),
  'bench.cpu': kind(ratio, floor, 'Measured speed of one vCPU against a reference of 1.0'),
  'bench.disk': kind(throughput, floor, 'Measured throughput of its disk'),
  'bench.net': kind(rate, floor, 'Measured throughput of its network'),
  'host.cpu.used': kind(percent, ceiling, "Share of its physical host's cores in use"),
  'host.memory.used': kind(amount, ceiling, 'Memory of its physical host in use'),
};

/** In the order of {@link metricKinds}. */
export const promiseMetrics: readonly PromiseMetric[] = Object.keys(metricKinds).filter(isMetric);

function isMetric(name: string): name is PromiseMetric {
  return Object.hasOwn(metricKinds, name);
}

/** A metric's value with its unit: `99.9 %`, `512 MiB`, `1`. */
export function formatMetric(metric: PromiseMetric, value: number): string {
  const { unit } = metricKinds[metric];
  return 'most' in unit ? `${value}` : unit.format(value);
}

/** `at least 99.9 %` */
export function formatBound(promise: Pick<ServicePromise, 'metric' | 'bound' | 'value'>): string {
  const relation = promise.bound === 'atLeast' ? 'at least' : 'at most';
  return `${relation} ${formatMetric(promise.metric, promise.value)}`;
}

function kind(unit: MetricUnit, bounds: readonly Bound[], about: string): MetricKind {
  return { unit, bounds, about };
}
