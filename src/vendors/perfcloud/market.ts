import { draw } from './draw.ts';
import type { Room } from './room.ts';
import type { Settings } from './settings.ts';
import type { HostClass, SiteSettings } from './sites.ts';

/** The hosts of one class in one site: alternatives differ by pool and shape. */
export interface Pool {
  readonly site: SiteSettings;
  readonly class: HostClass;
  readonly hosts: readonly MarketHost[];
}

export interface MarketHost {
  readonly name: string;
  readonly site: SiteSettings;
  readonly class: HostClass;
  /** What belongs to other tenants, for good; disks do not. */
  readonly others: Room;
}

export interface Market {
  readonly pools: readonly Pool[];
  readonly hosts: ReadonlyMap<string, MarketHost>;
}

/** A size of machine, such as `std-4`; its disk is of any size. */
export interface Shape {
  readonly name: string;
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** GiB of memory for each vCPU. */
const families: Readonly<Record<string, number>> = { cpu: 2, std: 4, mem: 8 };

/** Powers of two, so that machines of different sizes fill a host without gaps. */
const sizes = [1, 2, 4, 8, 16, 32, 64, 128];

/** USD per hour in millionths, for a host and a site with the price factor 1. */
const microsPerCpu = 20_000;
const microsPerGiB = 5_000;
const microsPerDiskGiB = 100;

/** How much dearer a pool is that is full. */
const demandShare = 0.1;

export function openMarket({ sites, seed }: Pick<Settings, 'sites' | 'seed'>): Market {
  const pools = sites.flatMap((site) =>
    site.hosts.map((hostClass) => ({
      site,
      class: hostClass,
      hosts: Array.from({ length: hostClass.count }, (_, index) => {
        const name = `${site.name}-${hostClass.class}-${index + 1}`;
        return { name, site, class: hostClass, others: othersOn(name, hostClass, seed) };
      }),
    })),
  );
  return { pools, hosts: new Map(pools.flatMap(({ hosts }) => hosts).map((at) => [at.name, at])) };
}

/** Between none and twice the mean load of the class, in whole vCPUs. */
function othersOn(host: string, hostClass: HostClass, seed: number): Room {
  const share = (what: string): number =>
    Math.min(1, (hostClass.loadPercent / 100) * 2 * draw(seed, host, what));
  return {
    cpus: Math.floor(hostClass.cpus * share('cpus')),
    memoryMiB: Math.floor((hostClass.memoryMiB / 1024) * share('memory')) * 1024,
    diskGiB: 0,
  };
}

/** Every shape that an empty host of the class can hold, cheapest first. */
export function shapesOf(hostClass: HostClass): readonly Shape[] {
  return sizes
    .flatMap((cpus) =>
      Object.entries(families).map(([family, gibPerCpu]) => ({
        name: `${family}-${cpus}`,
        cpus,
        memoryMiB: cpus * gibPerCpu * 1024,
      })),
    )
    .filter(({ cpus, memoryMiB }) => cpus <= hostClass.cpus && memoryMiB <= hostClass.memoryMiB)
    .sort((a, b) => microsOf(a) - microsOf(b) || a.cpus - b.cpus);
}

/** The list price of one machine in millionths per hour; `load` is the pool's, from 0 to 1. */
export function listMicros(shape: Shape, diskGiB: number, at: Pool & { load: number }): number {
  const factor = at.site.priceFactor * at.class.priceFactor * (1 + demandShare * at.load);
  return Math.ceil((microsOf(shape) + diskGiB * microsPerDiskGiB) * factor);
}

function microsOf({ cpus, memoryMiB }: Shape): number {
  return cpus * microsPerCpu + (memoryMiB / 1024) * microsPerGiB;
}

/** Milliseconds from bind to a machine that answers. */
export function bootMs(settings: Pick<Settings, 'bindMs'>, hostClass: HostClass): number {
  return Math.round(settings.bindMs / hostClass.cpuSpeed);
}
