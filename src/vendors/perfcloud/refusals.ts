import { formatGiB, formatMbps, formatMiB } from '../../base/units.ts';
import { placeObjection } from '../../sla/place.ts';
import type { CallForProposals, Objective, Refusal } from '../vendor.ts';
import type { Question } from './alternatives.ts';
import { type Pool, shapesOf } from './market.ts';
import { brokenPromise } from './promises.ts';
import type { Settings } from './settings.ts';
import { freeOn, hostsOpenTo } from './standing.ts';

/** Why not, in words and numbers; the vendor's and the objective's names are still missing. */
export type No = Pick<Refusal, 'reason' | 'detail'>;

/** What rules every site out: the currency or the image. */
export function notOurs(
  { objective, currency }: CallForProposals,
  settings: Pick<Settings, 'currency' | 'images'>,
): No | undefined {
  if (currency !== settings.currency) {
    return { reason: 'currency', detail: `${currency} asked, prices are in ${settings.currency}` };
  }
  if (!settings.images.includes(objective.image)) {
    return { reason: 'image', detail: `${objective.image} asked, has ${inWords(settings.images)}` };
  }
  return undefined;
}

/** Every site is ruled out by the objective's place. */
export function noSite({ place }: Objective, pools: readonly Pool[], vendor: string): No {
  const sites = [...new Set(pools.map(({ site }) => site.name))];
  const objections = sites.map((site) => placeObjection(place, vendor, site) ?? site);
  return { reason: 'place', detail: inWords([...new Set(objections)]) };
}

/** Whether an empty host of the pool holds one machine of the objective. */
export function holdsOne({ class: hostClass }: Pool, objective: Objective): boolean {
  return (
    objective.diskGiB <= hostClass.diskGiB &&
    (objective.networkMbps ?? 0) <= hostClass.networkMbps &&
    shapesOf(hostClass).some(
      ({ cpus, memoryMiB }) => cpus >= objective.cpus && memoryMiB >= objective.memoryMiB,
    )
  );
}

export function tooLarge(objective: Objective, pools: readonly Pool[]): No {
  const most = (what: (pool: Pool) => number): number => Math.max(...pools.map(what));
  const shapes = pools.flatMap((pool) => shapesOf(pool.class));
  const cpus = Math.max(0, ...shapes.map((shape) => shape.cpus));
  const memoryMiB = Math.max(0, ...shapes.map((shape) => shape.memoryMiB));
  const diskGiB = most((pool) => pool.class.diskGiB);
  const networkMbps = most((pool) => pool.class.networkMbps);
  const over = [
    [objective.cpus > cpus, `${objective.cpus} vCPUs asked, at most ${cpus}`],
    [
      objective.memoryMiB > memoryMiB,
      `${formatMiB(objective.memoryMiB)} of memory asked, at most ${formatMiB(memoryMiB)}`,
    ],
    [
      objective.diskGiB > diskGiB,
      `${formatGiB(objective.diskGiB)} of disk asked, at most ${formatGiB(diskGiB)}`,
    ],
    [
      (objective.networkMbps ?? 0) > networkMbps,
      `${formatMbps(objective.networkMbps ?? 0)} asked, at most ${formatMbps(networkMbps)}`,
    ],
  ] as const;
  const exceeded = over.filter(([exceeds]) => exceeds).map(([, words]) => words);
  const together = `no host holds ${sizeOf(objective)} together`;
  return { reason: 'capacity', detail: exceeded.length > 0 ? exceeded.join('; ') : together };
}

export function noPromise({ promises }: Objective, pools: readonly Pool[]): No {
  return { reason: 'promise', detail: brokenPromise(promises, pools) };
}

/** It could, but not now. */
export function full(
  { objective, apart, siblings, standing }: Question,
  pools: readonly Pool[],
): No {
  const all = pools.flatMap((pool) => pool.hosts);
  const hosts = hostsOpenTo(all, apart, siblings);
  if (hosts.length === 0) {
    const detail = `apart by host asked; each of the hosts (${all.length}) has a machine of it`;
    return { reason: 'place', detail };
  }
  const free = hosts.map((host) => freeOn(host, standing));
  const cpus = Math.max(...free.map((room) => room.cpus));
  const memoryMiB = Math.max(...free.map((room) => room.memoryMiB));
  const diskGiB = Math.max(...free.map((room) => room.diskGiB));
  const most = `${cpus} vCPUs, ${formatMiB(memoryMiB)}, ${formatGiB(diskGiB)} of disk`;
  return {
    reason: 'capacity',
    detail: `${sizeOf(objective)} asked; most free on one of ${hosts.length} hosts: ${most}`,
  };
}

function sizeOf({ cpus, memoryMiB, diskGiB }: Objective): string {
  return `${cpus} vCPUs, ${formatMiB(memoryMiB)}, ${formatGiB(diskGiB)} of disk`;
}

/** As many names as a reader takes in; the rest as a number. */
function inWords(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
