import type { Objective, Proposal, ResourceUse } from '../vendor.ts';
import { bootMs, listMicros, type Pool, type Shape, shapesOf } from './market.ts';
import { promisesOf } from './promises.ts';
import { fits, type Room } from './room.ts';
import type { Settings } from './settings.ts';
import {
  type Apart,
  freeOn,
  hostsOpenTo,
  loadOf,
  type Sibling,
  type Standing,
} from './standing.ts';

/** A proposal before it has its name, its price in this round and its id. */
export type Alternative = Pick<
  Proposal,
  'site' | 'shape' | 'offered' | 'units' | 'uses' | 'promises' | 'predicted'
> & {
  readonly class: string;
  /** The list price of one machine in millionths per hour. */
  readonly listMicros: number;
};

/** What is asked of a pool, and how things stand. */
export interface Question {
  readonly objective: Objective;
  readonly apart: Apart;
  readonly siblings: readonly Sibling[];
  readonly standing: Standing;
}

/** Bit rate of a machine for which none is asked. */
const usualMbps = 1_000;

/** The cheapest shape that is large enough, and the next that has more vCPUs, where they fit. */
export function alternativesIn(
  pool: Pool,
  question: Question,
  settings: Pick<Settings, 'bindMs'>,
): readonly Alternative[] {
  const { objective, standing } = question;
  const load = loadOf(pool, standing);
  return largeEnough(pool, objective)
    .map((shape) => ({ shape, units: unitsOf(pool, shape, question) }))
    .filter(({ units }) => units > 0)
    .map(({ shape, units }) => ({
      site: pool.site.name,
      class: pool.class.class,
      shape: `${shape.name}.${pool.class.class}`,
      listMicros: listMicros(shape, objective.diskGiB, { ...pool, load }),
      offered: {
        cpus: shape.cpus,
        memoryMiB: shape.memoryMiB,
        diskGiB: Math.ceil(objective.diskGiB),
        networkMbps: Math.ceil(
          objective.networkMbps ?? Math.min(usualMbps, pool.class.networkMbps),
        ),
        image: objective.image,
      },
      units,
      uses: usesOf(pool, shape, question),
      promises: promisesOf(pool, objective),
      predicted: {
        cpuSpeed: predictedSpeed(pool, load),
        bindMs: bootMs(settings, pool.class),
      },
    }));
}

function largeEnough(pool: Pool, objective: Objective): readonly Shape[] {
  const shapes = shapesOf(pool.class).filter(
    ({ cpus, memoryMiB }) => cpus >= objective.cpus && memoryMiB >= objective.memoryMiB,
  );
  const [smallest] = shapes;
  if (smallest === undefined) return [];
  const larger = shapes.find(({ cpus }) => cpus > smallest.cpus);
  return larger === undefined ? [smallest] : [smallest, larger];
}

function unitsOf(pool: Pool, shape: Shape, question: Question): number {
  const { objective, apart, siblings, standing } = question;
  const machine = roomOf(shape, objective);
  const open = hostsOpenTo(pool.hosts, apart, siblings);
  const each = open.map((host) => fits(machine, freeOn(host, standing)));
  const hosts = each.filter((number) => number > 0).length;
  const most = {
    host: hosts,
    site: Math.min(1, hosts),
    vendor: Math.min(1, hosts),
    no: each.reduce((sum, number) => sum + number, 0),
  };
  return Math.min(objective.count, most[apart]);
}

function roomOf({ cpus, memoryMiB }: Shape, { diskGiB }: Objective): Room {
  return { cpus, memoryMiB, diskGiB: Math.ceil(diskGiB) };
}

/**
 * What alternatives share. A rest of a host that is smaller than the machine is not counted, so
 * that a choice within all of these fits on whole hosts; hosts that cannot take it not at all.
 */
function usesOf(pool: Pool, shape: Shape, question: Question): readonly ResourceUse[] {
  const { objective, apart, siblings, standing } = question;
  const machine = roomOf(shape, objective);
  const taking = pool.hosts.filter((host) => fits(machine, freeOn(host, standing)) > 0);
  const where = `${pool.site.name}/${pool.class.class}`;
  const use = (resource: string, what: keyof Room): ResourceUse => ({
    resource: `${where} ${resource}`,
    amount: machine[what],
    available: taking
      .map((host) => freeOn(host, standing)[what])
      .reduce((sum, free) => sum + free - (free % machine[what]), 0),
  });
  const uses = [use('vCPUs', 'cpus'), use('MiB of memory', 'memoryMiB')];
  if (machine.diskGiB > 0) uses.push(use('GiB of disk', 'diskGiB'));
  if (apart === 'host') {
    const available = hostsOpenTo(taking, apart, siblings).length;
    uses.push({ resource: `${where} hosts for ${objective.name}`, amount: 1, available });
  }
  if (apart === 'site' || apart === 'vendor') {
    const one = apart === 'site' ? pool.site.name : 'all';
    uses.push({ resource: `${one}: a machine of ${objective.name}`, amount: 1, available: 1 });
  }
  return uses;
}

/** A full pool runs slower, by no more than the steal it allows. */
function predictedSpeed(pool: Pool, load: number): number {
  const speed = pool.class.cpuSpeed * (1 - (pool.class.stealPercent / 100) * load);
  return Math.round(speed * 1000) / 1000;
}
