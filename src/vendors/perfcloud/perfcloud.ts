import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { failure } from '../../base/failure.ts';
import type {
  Call,
  CallForProposals,
  MoveSource,
  MoveTarget,
  Proposal,
  Refusal,
  Vendor,
  VendorDescription,
} from '../vendor.ts';
import { bidFor } from './bid.ts';
import { type Cloud, nowMs, standingOf } from './cloud.ts';
import { Database } from './database.ts';
import { type Strikes, streamWithFaults, strikes, withFaults } from './faults.ts';
import { Guests } from './guests.ts';
import { Ledger } from './ledger.ts';
import { listContracts } from './listing.ts';
import { bind, withdraw } from './machines.ts';
import { openMarket, shapesOf } from './market.ts';
import { listHosts, measure } from './measure.ts';
import {
  commit,
  discard,
  offersFrom,
  offersTo,
  prepare,
  release,
  resume,
  transfer,
} from './moves.ts';
import { seal } from './seal.ts';
import type { Settings } from './settings.ts';
import { accept } from './signing.ts';

/** What an instance is opened with. */
export interface Opening {
  readonly name: string;
  readonly settings: Settings;
  readonly clock: Clock;
}

/**
 * A simulated provider in the manner of PerfCloud: sites, hosts with room and load, predicted
 * performance in every proposal. All it knows lies in one SQLite file of its own, so it survives
 * the process, and any number of processes may have it open at once.
 */
export async function openPerfcloud(
  { name, settings, clock }: Opening,
  call: Pick<Call, 'signal'>,
): Promise<Vendor & AsyncDisposable> {
  if (!/^[\w.-]{1,100}$/.test(name)) {
    throw failure('VENDOR.SETTINGS_INVALID', `${JSON.stringify(name)} cannot name a file`, {
      next: 'use letters, digits, dots, hyphens and underscores',
    });
  }
  const database = await Database.open(join(settings.folder, `perfcloud-${name}.sqlite`), call);
  try {
    const ledger = new Ledger(database);
    const secret =
      (await database.read(call, () => ledger.secret())) ??
      (await database.write(call, () => ledger.makeSecret()));
    const cloud = { name, settings, clock, ledger, secret, market: openMarket(settings) };
    if (settings.guests === 'none') return vendorOf(cloud, database);
    const folder = join(settings.folder, `guests-${name}`);
    return vendorOf({ ...cloud, guests: await Guests.open(folder, settings, ledger) }, database);
  } catch (thrown) {
    database[Symbol.dispose]();
    throw thrown;
  }
}

function vendorOf(cloud: Cloud, database: Database): Vendor & AsyncDisposable {
  const description = describe(cloud);
  return {
    api: 1,
    name: cloud.name,
    describe: (call) => withFaults(cloud, { on: 'describe', call }, async () => description),
    bid: (cfp, call) =>
      withFaults(cloud, { on: 'bid', call }, (met) => answer(cloud, { cfp, met }, call)),
    accept: (proposal, unit, call) =>
      withFaults(cloud, { on: 'accept', call }, (met) =>
        accept(cloud, { proposal, unit, met }, call),
      ),
    bind: (contract, call) =>
      withFaults(cloud, { on: 'bind', call }, (met) => bind(cloud, { contract, met }, call)),
    withdraw: (contract, call) =>
      withFaults(cloud, { on: 'withdraw', call }, () => withdraw(cloud, contract, call)),
    contracts: (call) =>
      streamWithFaults(cloud, { on: 'contracts', call }, () => listContracts(cloud, call)),
    measure: (bindings, metrics, call) =>
      streamWithFaults(cloud, { on: 'measure', call }, () =>
        measure(cloud, { bindings, metrics }, call),
      ),
    moveSource: leaving(cloud),
    moveTarget: arriving(cloud),
    hosts: {
      list: (call) => streamWithFaults(cloud, { on: 'hosts', call }, () => listHosts(cloud, call)),
    },
    [Symbol.asyncDispose]: async () => database[Symbol.dispose](),
  };
}

function leaving(cloud: Cloud): MoveSource {
  return {
    offers: (contract, call) =>
      withFaults(cloud, { on: 'offers', call }, () => offersFrom(cloud, contract, call)),
    transfer: (move, ticket, call) =>
      streamWithFaults(cloud, { on: 'transfer', call }, () =>
        transfer(cloud, { move, ticket }, call),
      ),
    release: (move, call) =>
      withFaults(cloud, { on: 'release', call }, () => release(cloud, move, call)),
    resume: (move, call) =>
      withFaults(cloud, { on: 'resume', call }, () => resume(cloud, move, call)),
  };
}

function arriving(cloud: Cloud): MoveTarget {
  return {
    offers: (objective, call) =>
      withFaults(cloud, { on: 'offers', call }, () => offersTo(cloud, objective, call)),
    prepare: (move, call) =>
      withFaults(cloud, { on: 'prepare', call }, () => prepare(cloud, move, call)),
    commit: (move, call) =>
      withFaults(cloud, { on: 'commit', call }, () => commit(cloud, move, call)),
    discard: (move, call) =>
      withFaults(cloud, { on: 'discard', call }, () => discard(cloud, move, call)),
  };
}

function describe({ settings, market }: Cloud): VendorDescription {
  const shapes = market.pools.flatMap((pool) => shapesOf(pool.class));
  const most = (amounts: readonly number[]): number => Math.max(...amounts);
  return {
    driver: 'perfcloud',
    version: '1',
    sites: settings.sites.map(({ name, latencyMs }) => ({ name, latencyMs })),
    images: settings.images,
    currency: settings.currency,
    largest: {
      cpus: most(shapes.map(({ cpus }) => cpus)),
      memoryMiB: most(shapes.map(({ memoryMiB }) => memoryMiB)),
      diskGiB: most(market.pools.map((pool) => pool.class.diskGiB)),
    },
    places: ['apart:host', 'apart:site', 'together:site'],
    reserves: true,
    ...(settings.concedes === 'none' ? {} : { concedes: settings.concedes }),
  };
}

/** Nothing is kept of a bid (V3): what accepting it needs to know lies in each proposal's id. */
async function answer(
  cloud: Cloud,
  { cfp, met }: { readonly cfp: CallForProposals; readonly met: Strikes },
  call: Call,
): Promise<readonly Proposal[] | Refusal> {
  const { name, settings, ledger, secret } = cloud;
  const { objective } = cfp;
  const refusal = { kind: 'refusal', vendor: name, objective: objective.name } as const;
  if (strikes(met, 'refuses')) {
    return { ...refusal, reason: 'policy', detail: 'told by its settings to refuse' };
  }
  const seen = await ledger.database.read(call, () => ({
    standing: standingOf(cloud),
    siblings: ledger.siblings(call.conversation, objective.name),
    generation: ledger.generation(),
  }));
  const { standing, siblings, generation } = seen;
  const bids = bidFor(cfp, { name, settings, standing, siblings });
  if ('reason' in bids) return { ...refusal, ...bids };
  const validUntilMs = nowMs(cloud) + settings.proposalValidMs;
  const proposals = bids.map(({ class: hostClass, listMicros: _, ...bid }) =>
    seal(
      { kind: 'proposal', vendor: name, objective: objective.name, ...bid, validUntilMs },
      { class: hostClass, apart: objective.place.apart ?? 'no' },
      { secret, conversation: call.conversation, generation },
    ),
  );
  return strikes(met, 'answers-twice') ? [...proposals, ...proposals] : proposals;
}
