/** Samples in bulk: one listing of EC2's own checks, one query of CloudWatch for all machines. */
import type { InstanceStatus } from '@aws-sdk/client-ec2';
import { type FailureCode, isFailure } from '../../base/failure.ts';
import type { Binding, Call, ContractId, Measurement, Metric } from '../vendor.ts';
import { type Account, allPages } from './account.ts';
import { unknownMachine } from './machines.ts';
import { providerError } from './provider-error.ts';

export async function measure(
  bindings: readonly Binding[],
  metrics: readonly Metric[],
  { account, call }: { readonly account: Account; readonly call: Call },
): Promise<readonly Measurement[]> {
  const atMs = account.clock.nowMs();
  const contracts = new Map(
    bindings
      .filter(({ machine }) => MACHINE.test(machine))
      .map(({ machine, contract }) => [machine, contract]),
  );
  if (contracts.size === 0) return [];
  const [checked, counted] = await Promise.all([
    fromChecks(contracts, metrics, { account, call }),
    fromCloudWatch(contracts, metrics, { account, call }).catch((thrown) => {
      // Not every EC2-like endpoint has a CloudWatch, and not every account may ask it.
      if (!isFailure(thrown) || !withoutCloudWatch.has(thrown.code)) throw thrown;
      call.progress(`CloudWatch: ${thrown.message}`);
      return [];
    }),
  ]);
  return [...checked, ...counted].map((sample) => ({ ...sample, atMs }));
}

const MACHINE = /^i-[0-9a-f]{8,17}$/;

const withoutCloudWatch: ReadonlySet<FailureCode> = new Set([
  'VENDOR.UNAUTHORIZED',
  'VENDOR.SETTINGS_INVALID',
  'VENDOR.REPLY_MALFORMED',
] as const);

type Sample = Omit<Measurement, 'atMs'>;
type Machines = ReadonlyMap<string, ContractId>;
interface Asking {
  readonly account: Account;
  readonly call: Call;
}

async function fromChecks(
  contracts: Machines,
  metrics: readonly Metric[],
  asking: Asking,
): Promise<readonly Sample[]> {
  if (!metrics.includes('power') && !metrics.includes('reachable')) return [];
  const statuses = await statusesOf([...contracts.keys()], asking);
  return statuses.flatMap((status): Sample[] => {
    const contract = contracts.get(status.InstanceId ?? '');
    if (contract === undefined) return [];
    const values = { power: powerOf(status), reachable: reachableOf(status) };
    return (['power', 'reachable'] as const).flatMap((metric): Sample[] => {
      const value = values[metric];
      const asked = metrics.includes(metric) && value !== undefined;
      return asked ? [{ contract, metric, value }] : [];
    });
  });
}

/** EC2 lists at most 100 named machines at a time, and none when it does not know one of them. */
async function statusesOf(ids: readonly string[], asking: Asking): Promise<InstanceStatus[]> {
  const { ec2, asked } = asking.account;
  const statuses: InstanceStatus[] = [];
  for (let from = 0; from < ids.length; from += 100) {
    const InstanceIds = ids.slice(from, from + 100);
    const page = await allPages(
      (token) =>
        ec2.read(async ({ sdk, client }, options) => {
          const request = { ...token, InstanceIds, IncludeAllInstances: true };
          const answer = await client.send(new sdk.DescribeInstanceStatusCommand(request), options);
          return { items: answer.InstanceStatuses, nextToken: answer.NextToken };
        }, asking.call),
      asked,
    ).catch((thrown) => {
      if (providerError(thrown) === unknownMachine) return undefined;
      throw thrown;
    });
    statuses.push(...(page ?? (await knownAmong(InstanceIds, asking))));
  }
  return statuses;
}

/** The statuses of those that EC2 knows: the listing is halved until the unknown one stands alone. */
async function knownAmong(ids: readonly string[], asking: Asking): Promise<InstanceStatus[]> {
  if (ids.length < 2) return [];
  const half = Math.ceil(ids.length / 2);
  return [
    ...(await statusesOf(ids.slice(0, half), asking)),
    ...(await statusesOf(ids.slice(half), asking)),
  ];
}

/** `undefined` while it changes: unknown is left out, not zero (V10). */
function powerOf({ InstanceState }: InstanceStatus): number | undefined {
  const values: Readonly<Record<string, number>> = {
    running: 1,
    stopping: 1,
    stopped: 0,
    'shutting-down': 0,
    terminated: 0,
  };
  return values[InstanceState?.Name ?? ''];
}

/**
 * EC2's own reachability check of the instance, which is one bulk listing; our metric's definition,
 * an answering ssh port, would take a connection to each machine.
 */
function reachableOf({
  InstanceStatus: status,
  InstanceState,
}: InstanceStatus): number | undefined {
  if (powerOf({ InstanceState }) === 0) return 0;
  const detail = status?.Details?.find(({ Name }) => Name === 'reachability');
  if (detail?.Status === 'passed') return 1;
  return detail?.Status === 'failed' ? 0 : undefined;
}

/** EC2's metric, its statistic, and what one value comes to in our metric's unit. */
interface Watched {
  readonly name: string;
  readonly stat: 'Average' | 'Sum';
  readonly convert: (value: number) => number;
}

/** Without detailed monitoring EC2 reports every five minutes. */
const periodSeconds = 300;

const watched: Readonly<Partial<Record<Metric, Watched>>> = {
  'cpu.used': { name: 'CPUUtilization', stat: 'Average', convert: (percent) => percent },
  'net.in': { name: 'NetworkIn', stat: 'Sum', convert: mbps },
  'net.out': { name: 'NetworkOut', stat: 'Sum', convert: mbps },
  'disk.read': { name: 'EBSReadBytes', stat: 'Sum', convert: mibps },
  'disk.write': { name: 'EBSWriteBytes', stat: 'Sum', convert: mibps },
};

function mbps(bytes: number): number {
  return (bytes * 8) / periodSeconds / 1_000_000;
}

function mibps(bytes: number): number {
  return bytes / periodSeconds / 1_048_576;
}

/** CloudWatch takes 500 queries at a time. The newest whole period of the last 20 minutes counts. */
async function fromCloudWatch(
  contracts: Machines,
  metrics: readonly Metric[],
  { account, call }: Asking,
): Promise<readonly Sample[]> {
  const queries = [...contracts].flatMap(([machine, contract]) =>
    metrics.flatMap((metric) => {
      const source = watched[metric];
      return source === undefined ? [] : [{ machine, contract, metric, source }];
    }),
  );
  const samples: Sample[] = [];
  for (let from = 0; from < queries.length; from += 500) {
    const part = queries.slice(from, from + 500);
    const newest = await newestValues(part, { account, call });
    for (const [index, { contract, metric, source }] of part.entries()) {
      const value = newest.get(`q${index}`);
      if (value === undefined || !Number.isFinite(value)) continue;
      samples.push({ contract, metric, value: source.convert(value) });
    }
  }
  return samples;
}

async function newestValues(
  queries: readonly { readonly machine: string; readonly source: Watched }[],
  { account, call }: Asking,
): Promise<ReadonlyMap<string, number>> {
  const { clock, cloudWatch, asked } = account;
  const nowMs = clock.nowMs();
  const MetricDataQueries = queries.map(({ machine, source }, index) => ({
    Id: `q${index}`,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/EC2',
        MetricName: source.name,
        Dimensions: [{ Name: 'InstanceId', Value: machine }],
      },
      Period: periodSeconds,
      Stat: source.stat,
    },
  }));
  const results = await allPages(
    (token) =>
      cloudWatch.read(async ({ sdk, client }, options) => {
        const request = new sdk.GetMetricDataCommand({
          ...token,
          MetricDataQueries,
          StartTime: new Date(nowMs - 4 * periodSeconds * 1000),
          EndTime: new Date(nowMs),
          ScanBy: 'TimestampDescending',
        });
        const { MetricDataResults, NextToken } = await client.send(request, options);
        return { items: MetricDataResults, nextToken: NextToken };
      }, call),
    asked,
  );
  const newest = new Map<string, number>();
  for (const { Id = '', Values = [] } of results) {
    const [value] = Values;
    if (value !== undefined && !newest.has(Id)) newest.set(Id, value);
  }
  return newest;
}
