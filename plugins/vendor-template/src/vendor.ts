import { createHash } from 'node:crypto';
import {
  type Binding,
  type Call,
  type CallForProposals,
  type Contract,
  type ContractId,
  failure,
  type HeldContract,
  id,
  type Measurement,
  type Money,
  type Objective,
  type Proposal,
  placeObjection,
  type Refusal,
  throwIfAborted,
  type Vendor,
  type VendorDescription,
} from 'skypact/vendor';
import type { Deal, Folder } from './folder.ts';

const heldForMs = 120_000;

/** What it offers. A real vendor asks its provider, and keeps the answer while it is open (V2). */
const description: VendorDescription = {
  driver: 'template',
  version: '1',
  sites: [{ name: 'folder', latencyMs: {} }],
  images: ['debian-12'],
  currency: 'USD',
  largest: { cpus: 8, memoryMiB: 32_768, diskGiB: 500 },
  places: [],
  reserves: true,
};

/** A vendor whose contracts and machines are files: it keeps every rule, and runs nothing. */
export class TemplateVendor implements Vendor, AsyncDisposable {
  readonly api = 1;
  readonly name: string;
  readonly #folder: Folder;

  constructor(name: string, folder: Folder) {
    this.name = name;
    this.#folder = folder;
  }

  async describe(call: Call): Promise<VendorDescription> {
    throwIfAborted(call);
    return description;
  }

  async bid(cfp: CallForProposals, call: Call): Promise<readonly Proposal[] | Refusal> {
    throwIfAborted(call);
    const { objective } = cfp;
    const no = objection(cfp, this.name);
    if (no !== undefined) {
      return { kind: 'refusal', vendor: this.name, objective: objective.name, ...no };
    }
    const { name, count, cpus, memoryMiB, diskGiB, image, networkMbps } = objective;
    const offered = { cpus, memoryMiB, diskGiB, image };
    return [
      {
        kind: 'proposal',
        id: id(hash([call.conversation, name, cfp.round, offered])),
        vendor: this.name,
        objective: name,
        site: 'folder',
        shape: `${cpus}x${memoryMiB}x${diskGiB}`,
        pricePerHour: priceOf(offered),
        offered: networkMbps === undefined ? offered : { ...offered, networkMbps },
        units: count,
        uses: [],
        promises: [],
        predicted: { cpuSpeed: 1, bindMs: 1 },
        validUntilMs: Date.now() + heldForMs,
      },
    ];
  }

  async accept(proposal: Proposal, unit: number, call: Call): Promise<Contract> {
    throwIfAborted(call);
    // The id follows from what is accepted, so that accepting again finds what was signed (V5).
    const contract: Contract = { id: id(hash([proposal.id, unit])), proposal, unit };
    const signed = await this.#folder.find('contract', contract.id);
    if (signed !== undefined) return signed.contract;
    if (Date.now() > proposal.validUntilMs) {
      throw failure('VENDOR.PROPOSAL_EXPIRED', `proposal ${proposal.id} has expired`);
    }
    const price = priceOf(proposal.offered);
    if (price.micros !== proposal.pricePerHour.micros) {
      throw failure('VENDOR.PRICE_MOVED', 'the machine has another price now', {
        facts: { offeredMicros: proposal.pricePerHour.micros, nowMicros: price.micros },
      });
    }
    if (unit >= proposal.units) throw failure('VENDOR.CAPACITY_GONE', `there is no unit ${unit}`);
    throwIfAborted(call);
    await this.#folder.make('contract', { conversation: call.conversation, contract });
    return contract;
  }

  async bind({ id: contract }: Contract, call: Call): Promise<Binding> {
    const deal = await this.#signed(contract, call);
    call.progress('starting the machine');
    await this.#folder.make('machine', deal);
    // It may have been withdrawn in between: then nobody else would end this machine (V7).
    if ((await this.#folder.find('contract', contract)) === undefined) {
      await this.#folder.end('machine', contract);
    }
    await this.#signed(contract, call);
    return {
      contract,
      endpoint: 'ssh://root@192.0.2.1:22',
      credentialRef: 'agent',
      site: deal.contract.proposal.site,
      machine: `machine-${contract}`,
    };
  }

  async withdraw(contract: ContractId, call: Call): Promise<void> {
    throwIfAborted(call);
    await this.#folder.end('contract', contract);
    await this.#folder.end('machine', contract);
  }

  async *contracts(call: Call): AsyncIterable<HeldContract> {
    throwIfAborted(call);
    const held = new Map<ContractId, HeldContract>();
    for (const deal of await this.#folder.list('contract')) add(held, deal, 'signed');
    // A machine is held even if its contract is not: the host must see it to end it (V8).
    for (const deal of await this.#folder.list('machine')) add(held, deal, 'running');
    yield* held.values();
  }

  async *measure(
    bindings: readonly Binding[],
    metrics: readonly string[],
    call: Call,
  ): AsyncIterable<Measurement> {
    throwIfAborted(call);
    if (!metrics.includes('power')) return;
    for (const { contract } of bindings) {
      const runs = (await this.#folder.find('machine', contract)) !== undefined;
      if (runs) yield { contract, metric: 'power', value: 1, atMs: Date.now() };
    }
  }

  /** Close connections here. What the vendor must remember lies at the provider, not in it. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async #signed(contract: ContractId, call: Call): Promise<Deal> {
    throwIfAborted(call);
    const deal = await this.#folder.find('contract', contract);
    if (deal !== undefined) return deal;
    throw failure('VENDOR.CONTRACT_UNKNOWN', `contract ${contract} is not held here`);
  }
}

type No = Pick<Refusal, 'reason' | 'detail'>;

/** Why it must refuse, in words and numbers (V4). */
function objection({ objective, currency }: CallForProposals, vendor: string): No | undefined {
  const { cpus, memoryMiB, diskGiB, image, place, promises, count } = objective;
  const { largest, images } = description;
  if (currency !== description.currency) {
    return { reason: 'currency', detail: `${currency} asked, ${description.currency} taken` };
  }
  if (!images.includes(image)) {
    return { reason: 'image', detail: `${image} asked, there is ${images.join(', ')}` };
  }
  const elsewhere = placeObjection(place, vendor, 'folder');
  if (elsewhere !== undefined) return { reason: 'place', detail: elsewhere };
  if (place.apart !== undefined && place.apart !== 'vendor' && count > 1) {
    return { reason: 'place', detail: `apart: ${place.apart} asked, all is in one folder` };
  }
  if (promises.length > 0) {
    return { reason: 'promise', detail: `${promises.length} promises asked, none is made` };
  }
  if (cpus > largest.cpus || memoryMiB > largest.memoryMiB || diskGiB > largest.diskGiB) {
    return { reason: 'capacity', detail: `${cpus} vCPUs asked, ${largest.cpus} at most` };
  }
  return undefined;
}

function priceOf({ cpus, memoryMiB }: Pick<Objective, 'cpus' | 'memoryMiB'>): Money {
  return { micros: cpus * 8_000 + Math.ceil(memoryMiB) * 2, currency: description.currency };
}

function add(held: Map<ContractId, HeldContract>, deal: Deal, state: HeldContract['state']): void {
  const { conversation, contract } = deal;
  const { objective } = contract.proposal;
  held.set(contract.id, { id: contract.id, conversation, objective, state });
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
