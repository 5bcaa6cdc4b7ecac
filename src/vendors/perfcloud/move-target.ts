import { failure } from '../../base/failure.ts';
import { formatMiB } from '../../base/units.ts';
import { type Cloud, standingOf } from './cloud.ts';
import type { MarketHost } from './market.ts';
import type { Held } from './rows.ts';
import { hostsOpenTo, tightest } from './standing.ts';

/**
 * The host to move to: the one that is wanted, or the fullest that has room. A machine stays in its
 * site, apart from its siblings, and on hosts that keep what its class was sold with. To be called
 * inside a transaction; fails with VENDOR.MOVE_ABORTED or VENDOR.CAPACITY_GONE.
 */
export function moveTargetOf(cloud: Cloud, held: Held, wanted: string | undefined): string {
  const named = wanted === undefined ? undefined : cloud.market.hosts.get(wanted);
  if (wanted !== undefined && named === undefined) {
    throw moveAborted(`${cloud.name} has no host ${wanted}`);
  }
  const objection = named && objectionTo(cloud, held, named);
  if (objection !== undefined) throw moveAborted(`${held.id} cannot move: ${objection}`);
  const hosts = named === undefined ? [...cloud.market.hosts.values()] : [named];
  const open = hosts.filter((host) => objectionTo(cloud, held, host) === undefined);
  const target = tightest(open, held, standingOf(cloud));
  if (target !== undefined) return target.name;
  const size = `${held.cpus} vCPUs and ${formatMiB(held.memoryMiB)}`;
  const where = wanted ?? `any of the ${open.length} other hosts that keep its promises`;
  throw failure('VENDOR.CAPACITY_GONE', `no room for ${size} on ${where}`, {
    facts: { contract: held.id, site: held.site },
    next: 'choose another host, or move something else first',
  });
}

export function moveAborted(why: string): Error {
  return failure('VENDOR.MOVE_ABORTED', why);
}

/** Why the machine may not be on the host, whatever room it has; `undefined` when it may. */
function objectionTo({ market, ledger }: Cloud, held: Held, host: MarketHost): string | undefined {
  const { name, site, class: offered } = host;
  if (name === held.host) return `it is on ${name}`;
  if (site.name !== held.site) return `${name} is in ${site.name}, ${held.site} was promised`;
  const sold = market.pools.find(
    (pool) => pool.site.name === held.site && pool.class.class === held.class,
  )?.class;
  if (sold !== undefined && offered.cpuSpeed < sold.cpuSpeed) {
    return `${name} has the speed ${offered.cpuSpeed}, ${sold.cpuSpeed} was promised`;
  }
  if (sold !== undefined && offered.stealPercent > sold.stealPercent) {
    return `${name} may steal ${offered.stealPercent} %, at most ${sold.stealPercent} % was promised`;
  }
  if (offered.networkMbps < held.networkMbps) {
    return `${name} has ${offered.networkMbps} Mbit/s, ${held.networkMbps} were promised`;
  }
  const siblings = ledger
    .siblings(held.conversation, held.objective)
    .filter(({ contract }) => contract !== held.id);
  const apart = hostsOpenTo([host], held.apart, siblings).length === 0;
  return apart
    ? `another machine of ${held.objective} is on ${name}, apart was promised`
    : undefined;
}
