import type { ContractId, Place } from '../vendor.ts';
import type { Market, MarketHost, Pool } from './market.ts';
import { fits, minus, noRoom, type Room } from './room.ts';

/** How full the market is, as one reading of the state shows it. */
export interface Standing {
  readonly market: Market;
  /** What our contracts and moves hold, by host; a host that is left out holds none. */
  readonly taken: ReadonlyMap<string, Room>;
}

/** A machine of the same objective in the same conversation. */
export interface Sibling {
  readonly contract: ContractId;
  readonly host: string;
}

/** How far the machines of one objective keep from each other. */
export type Apart = NonNullable<Place['apart']> | 'no';

export function freeOn(host: MarketHost, { taken }: Standing): Room {
  const { cpus, memoryMiB, diskGiB } = host.class;
  const ours = taken.get(host.name) ?? noRoom;
  return minus(minus({ cpus, memoryMiB, diskGiB }, host.others), ours);
}

/** The share of a pool's vCPUs that is in use, from 0 to 1, in whole per cent. */
export function loadOf(pool: Pool, standing: Standing): number {
  const total = pool.class.cpus * pool.hosts.length;
  const free = pool.hosts.reduce((sum, host) => sum + freeOn(host, standing).cpus, 0);
  return Math.round((1 - free / total) * 100) / 100;
}

/**
 * The hosts on which a further machine of the objective may be, whatever its size. Only hosts are
 * told apart here: a proposal names its site and its vendor, so whoever composes sees to those.
 */
export function hostsOpenTo(
  hosts: readonly MarketHost[],
  apart: Apart,
  siblings: readonly Sibling[],
): readonly MarketHost[] {
  if (apart !== 'host') return hosts;
  return hosts.filter(({ name }) => !siblings.some(({ host }) => host === name));
}

/**
 * The host that the machine leaves fullest, so that room for large ones stays whole; by name where
 * several are equal. `undefined` when it fits on none.
 */
export function tightest(
  hosts: readonly MarketHost[],
  machine: Room,
  standing: Standing,
): MarketHost | undefined {
  let best: { readonly host: MarketHost; readonly cpus: number } | undefined;
  for (const host of hosts) {
    const free = freeOn(host, standing);
    if (fits(machine, free) < 1) continue;
    if (best === undefined || free.cpus < best.cpus) best = { host, cpus: free.cpus };
  }
  return best?.host;
}
