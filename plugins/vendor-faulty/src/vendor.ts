import {
  type Binding,
  type Call,
  type CallForProposals,
  type Contract,
  type ContractId,
  failure,
  id,
  type Measurement,
  type Metric,
  type Objective,
  type Proposal,
  placeObjection,
  type Refusal,
  type RefusalReason,
  throwIfAborted,
  type Vendor,
} from 'skypact/vendor';
import { type Cloud, machineOf, work } from './cloud.ts';
import { moveSource, moveTarget } from './moves.ts';

const largest = { cpus: 16, memoryMiB: 65_536, diskGiB: 1_000 };
const images = ['debian-12'];
const apartMark = 'apart';

/** A vendor with every optional role. */
export type CompleteVendor = AsyncDisposable &
  Vendor &
  Required<Pick<Vendor, 'moveSource' | 'moveTarget' | 'hosts'>>;

/** A vendor that keeps all fourteen rules, over a cloud in memory. */
export function correctVendor(name: string, cloud: Cloud): CompleteVendor {
  return {
    api: 1,
    name,
    async describe(call) {
      throwIfAborted(call);
      return {
        driver: 'faulty',
        version: '1',
        sites: [{ name: 'lab', latencyMs: {} }],
        images,
        currency: 'USD',
        largest,
        places: ['apart:host'],
        reserves: true,
      };
    },
    bid: (cfp, call) => bid(cfp, call, name),
    accept: (proposal, unit, call) => accept({ proposal, unit }, call, cloud),
    bind: (contract, call) => bind(contract, call, cloud),
    async withdraw(contract, call) {
      await work(1, call);
      cloud.forget(contract);
    },
    async *contracts(call) {
      await work(1, call);
      for (const { contract, conversation, state } of [...cloud.deals.values()]) {
        yield { id: contract.id, conversation, objective: contract.proposal.objective, state };
      }
    },
    async *measure(bindings, metrics, call) {
      await work(1, call);
      for (const { contract } of bindings) yield* samples(contract, metrics, cloud);
    },
    moveSource: moveSource(cloud),
    moveTarget: moveTarget(cloud),
    hosts: {
      async *list(call) {
        await work(1, call);
        yield* cloud.hostsNow();
      },
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function bid(
  { objective, currency }: CallForProposals,
  call: Call,
  vendor: string,
): Promise<readonly Proposal[] | Refusal> {
  await work(1, call);
  const no = objection(objective, currency, vendor);
  if (no !== undefined) return { kind: 'refusal', vendor, objective: objective.name, ...no };
  const { cpus, memoryMiB, diskGiB, image, place, networkMbps } = objective;
  const apart = place.apart === 'host' ? `${apartMark}/` : '';
  return [
    {
      kind: 'proposal',
      id: id(`${apart}${call.conversation}/${objective.name}`),
      vendor,
      objective: objective.name,
      site: 'lab',
      shape: shapeOf(objective),
      pricePerHour: priceOf(objective),
      offered: {
        cpus,
        memoryMiB,
        diskGiB,
        image,
        ...(networkMbps === undefined ? {} : { networkMbps }),
      },
      units: Math.min(objective.count, 3),
      uses: [{ resource: 'lab cpus', amount: cpus, available: 192 }],
      promises: objective.promises.map(({ metric, bound, value, windowMs }) => ({
        metric,
        bound,
        value,
        windowMs,
      })),
      predicted: { cpuSpeed: 1, bindMs: 10 },
      validUntilMs: Date.now() + 60_000,
    },
  ];
}

type No = { readonly reason: RefusalReason; readonly detail: string };

function objection(objective: Objective, currency: string, vendor: string): No | undefined {
  const { cpus, memoryMiB, diskGiB, image, place, promises } = objective;
  if (currency !== 'USD') return { reason: 'currency', detail: `${currency} asked, USD paid` };
  if (!images.includes(image)) return { reason: 'image', detail: `there is no ${image}` };
  const elsewhere = placeObjection(place, vendor, 'lab');
  if (elsewhere !== undefined) return { reason: 'place', detail: elsewhere };
  if (promises.some(({ metric, value }) => metric !== 'availability' || value > 99.9)) {
    return { reason: 'promise', detail: 'availability up to 99.9 % can be promised' };
  }
  if (cpus > largest.cpus || memoryMiB > largest.memoryMiB || diskGiB > largest.diskGiB) {
    return { reason: 'capacity', detail: `${cpus} vCPUs asked, ${largest.cpus} at most` };
  }
  return undefined;
}

interface Part {
  readonly proposal: Proposal;
  readonly unit: number;
}

async function accept({ proposal, unit }: Part, call: Call, cloud: Cloud): Promise<Contract> {
  await work(1, call);
  const contract: Contract = { id: id(`c/${proposal.id}/${unit}`), proposal, unit };
  const signed = cloud.deals.get(contract.id);
  if (signed !== undefined) return signed.contract;
  if (Date.now() > proposal.validUntilMs) {
    throw failure('VENDOR.PROPOSAL_EXPIRED', `proposal ${proposal.id} has expired`);
  }
  if (proposal.pricePerHour.micros !== priceOf(proposal.offered).micros) {
    throw failure('VENDOR.PRICE_MOVED', 'this is not the price of that machine');
  }
  const isOurs = proposal.shape === shapeOf(proposal.offered) && proposal.site === 'lab';
  const host = isOurs && unit < proposal.units ? hostFor(proposal, call, cloud) : undefined;
  if (host === undefined) throw failure('VENDOR.CAPACITY_GONE', 'no host has room for it');
  cloud.deals.set(contract.id, {
    contract,
    conversation: call.conversation,
    host,
    state: 'signed',
  });
  cloud.answer();
  return contract;
}

function hostFor(proposal: Proposal, { conversation }: Call, cloud: Cloud): string | undefined {
  const siblings = [...cloud.deals.values()].filter(
    (deal) =>
      deal.conversation === conversation && deal.contract.proposal.objective === proposal.objective,
  );
  const apartFrom = proposal.id.startsWith(apartMark) ? siblings.map(({ host }) => host) : [];
  return cloud.roomFor(proposal.offered, apartFrom)?.name;
}

async function bind({ id: contract }: Contract, call: Call, cloud: Cloud): Promise<Binding> {
  const held = (): NonNullable<ReturnType<typeof cloud.deals.get>> => {
    const deal = cloud.deals.get(contract);
    if (deal !== undefined) return deal;
    throw failure('VENDOR.CONTRACT_UNKNOWN', `no contract ${contract} is held`);
  };
  await work(1, call);
  const deal = held();
  if (deal.state === 'running') return cloud.bindingOf(deal);
  call.progress('starting the machine');
  deal.state = 'starting';
  if (cloud.copiesOf(contract).length === 0) {
    const machine = machineOf(contract);
    cloud.copies.add({ machine, contract, host: deal.host, running: true });
  }
  await work(8, call);
  const started = held();
  started.state = 'running';
  cloud.answer();
  return cloud.bindingOf(started);
}

function* samples(
  contract: ContractId,
  metrics: readonly Metric[],
  cloud: Cloud,
): Iterable<Measurement> {
  const deal = cloud.deals.get(contract);
  const [copy] = cloud.copiesOf(contract).toSorted((a, b) => Number(b.running) - Number(a.running));
  if (deal === undefined || copy === undefined) return;
  const values: Partial<Record<Metric, number>> = {
    power: copy.running ? 1 : 0.5,
    'cpu.used': 12.5,
    'memory.used': deal.contract.proposal.offered.memoryMiB / 2,
  };
  for (const metric of metrics) {
    const value = values[metric];
    if (value !== undefined) yield { contract, metric, value, atMs: Date.now() };
  }
}

type Size = Pick<Objective, 'cpus' | 'memoryMiB' | 'diskGiB'>;

function shapeOf({ cpus, memoryMiB, diskGiB }: Size): string {
  return `${cpus}x${memoryMiB}x${diskGiB}`;
}

function priceOf({ cpus, memoryMiB }: Size): Proposal['pricePerHour'] {
  return { micros: cpus * 10_000 + Math.ceil(memoryMiB * 2.5), currency: 'USD' };
}
