import { unreachable } from '../../base/failure.ts';
import type { Binding, Call, Host, Measurement, Metric } from '../vendor.ts';
import { type Cloud, nowMs, standingOf } from './cloud.ts';
import { draw } from './draw.ts';
import { isListed } from './listing.ts';
import type { MarketHost } from './market.ts';
import type { Held } from './rows.ts';
import { freeOn } from './standing.ts';

/** What a machine does swings over this time; each has a mean, a phase and noise of its own. */
const periodMs = 3_600_000;
/** Noise holds for this long. */
const noiseMs = 10_000;

/** All samples are of one moment. A machine that is not held has none. */
export async function measure(
  cloud: Cloud,
  asked: { readonly bindings: readonly Binding[]; readonly metrics: readonly Metric[] },
  call: Call,
): Promise<readonly Measurement[]> {
  const ids = new Set(asked.bindings.map(({ contract }) => contract));
  const metrics = new Set(asked.metrics);
  if (ids.size === 0 || metrics.size === 0) return [];
  const { ledger } = cloud;
  const all = await ledger.database.read(call, () => ledger.all());
  const atMs = nowMs(cloud);
  const loadOf = loadsOf(cloud, all, atMs);
  const wanted = all.filter((held) => ids.has(held.id) && isListed(cloud, held));
  const samples = wanted.map(async (held) => {
    const seen = await lookAt(cloud, held);
    const at = { seen, atMs, host: loadOf(held.host) };
    return [...metrics].flatMap((metric) => {
      const value = sample(cloud, { ...at, held, metric });
      return value === undefined ? [] : [{ contract: held.id, metric, value, atMs }];
    });
  });
  return (await Promise.all(samples)).flat();
}

/** The physical machines, with what our contracts, our moves and other tenants use of them. */
export async function listHosts(cloud: Cloud, call: Call): Promise<readonly Host[]> {
  const { ledger, market } = cloud;
  const { all, standing } = await ledger.database.read(call, () => ({
    all: ledger.all(),
    standing: standingOf(cloud),
  }));
  const listed = all.filter((held) => isListed(cloud, held));
  const byHost = Map.groupBy(listed, ({ host }) => host);
  return [...market.hosts.values()].map((host) => {
    const { cpus, memoryMiB } = host.class;
    const free = freeOn(host, standing);
    return {
      name: host.name,
      site: host.site.name,
      cpus,
      cpusUsed: cpus - free.cpus,
      memoryMiB,
      memoryMiBUsed: memoryMiB - free.memoryMiB,
      contracts: (byHost.get(host.name) ?? []).map(({ id }) => id),
    };
  });
}

interface Seen {
  /** 1 on, 0 off, 0.5 paused. */
  readonly power: number;
  readonly reachable: number;
}

interface Sample {
  readonly held: Held;
  readonly metric: Metric;
  readonly seen: Seen;
  readonly atMs: number;
  /** Absent: the settings no longer have this host. */
  readonly host: HostLoad | undefined;
}

interface HostLoad {
  readonly cpuPercent: number;
  readonly memoryMiB: number;
  /** The most that the machines on it wait for it. */
  readonly stealPercent: number;
}

async function lookAt({ guests }: Cloud, held: Held): Promise<Seen> {
  if (held.state !== 'running') return { power: 0, reachable: 0 };
  if (held.paused) return { power: 0.5, reachable: 0 };
  if (guests === undefined) return { power: 1, reachable: 1 };
  const { on, reachable } = await guests.look(held);
  return { power: Number(on), reachable: Number(reachable) };
}

/** `undefined`: not known, and left out. What a machine uses is known while it is on. */
function sample(cloud: Cloud, { held, metric, seen, atMs, host }: Sample): number | undefined {
  const on = seen.power === 1;
  switch (metric) {
    case 'power':
      return seen.power;
    case 'reachable':
      return seen.reachable;
    case 'cpu.used':
      return on ? rounded(usedPercent(cloud, held, atMs)) : undefined;
    case 'memory.used':
      return on ? memoryUsedMiB(cloud, held, atMs) : undefined;
    case 'cpu.steal':
      return on && host ? rounded(host.stealPercent) : undefined;
    case 'host.cpu.used':
      return host && rounded(host.cpuPercent);
    case 'host.memory.used':
      return host?.memoryMiB;
    case 'disk.read':
    case 'disk.write':
    case 'net.in':
    case 'net.out':
    case 'bench.cpu':
    case 'bench.disk':
    case 'bench.net':
    case 'ssh.latency':
      return undefined;
    default:
      return unreachable(metric);
  }
}

/** The load of a host, worked out once. Steal grows with its square, up to the class's promise. */
function loadsOf(
  cloud: Cloud,
  all: readonly Held[],
  atMs: number,
): (host: string) => HostLoad | undefined {
  const byHost = Map.groupBy(all, ({ host }) => host);
  const known = new Map<string, HostLoad>();
  return (name) => {
    const host = cloud.market.hosts.get(name);
    if (host === undefined) return undefined;
    const load = known.get(name) ?? hostLoad(cloud, host, { ours: byHost.get(name) ?? [], atMs });
    known.set(name, load);
    return load;
  };
}

/** Other tenants use all of what is theirs. */
function hostLoad(
  cloud: Cloud,
  { class: hostClass, others }: MarketHost,
  { ours, atMs }: { readonly ours: readonly Held[]; readonly atMs: number },
): HostLoad {
  const cpus = ours
    .filter(({ state, paused }) => state === 'running' && !paused)
    .reduce((sum, one) => sum + (one.cpus * usedPercent(cloud, one, atMs)) / 100, others.cpus);
  const share = Math.min(1, cpus / hostClass.cpus);
  return {
    cpuPercent: 100 * share,
    memoryMiB: ours.reduce((sum, one) => sum + one.memoryMiB, others.memoryMiB),
    stealPercent: hostClass.stealPercent * share ** 2,
  };
}

function usedPercent({ settings }: Cloud, { id }: Held, atMs: number): number {
  const { seed } = settings;
  const mean = 15 + 45 * draw(seed, id, 'mean');
  const swing = 10 * Math.sin(2 * Math.PI * (atMs / periodMs + draw(seed, id, 'phase')));
  const noise = 10 * (draw(seed, id, Math.floor(atMs / noiseMs)) - 0.5);
  return Math.min(100, Math.max(0, mean + swing + noise));
}

function memoryUsedMiB({ settings }: Cloud, { id, memoryMiB }: Held, atMs: number): number {
  const share = 0.3 + 0.4 * draw(settings.seed, id, 'memory');
  const noise = 0.05 * draw(settings.seed, id, 'memory', Math.floor(atMs / noiseMs));
  return Math.round(memoryMiB * (share + noise));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
