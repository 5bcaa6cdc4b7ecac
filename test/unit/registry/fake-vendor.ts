import { type ContractId, type ConversationId, id, type ProposalId } from '../../../src/sla/ids.ts';
import type {
  Call,
  CallForProposals,
  Contract,
  Proposal,
  Vendor,
  VendorEntry,
} from '../../../src/vendors/vendor.ts';

export const cfp: CallForProposals = {
  objective: {
    name: 'web',
    count: 1,
    cpus: 2,
    memoryMiB: 4096,
    diskGiB: 20,
    image: 'debian-12',
    place: { sites: [], vendors: [], not: [] },
    promises: [],
    amend: [],
  },
  currency: 'USD',
  replyByMs: 2_000_000_000_000,
  round: 0,
  rounds: 1,
};

export const proposal: Proposal = {
  kind: 'proposal',
  id: id<ProposalId>('p1'),
  vendor: 'aws',
  objective: 'web',
  site: 'eu-north',
  shape: 'm1',
  pricePerHour: { micros: 20_000, currency: 'USD' },
  offered: { cpus: 2, memoryMiB: 4096, diskGiB: 20, image: 'debian-12' },
  units: 1,
  uses: [],
  promises: [],
  predicted: { cpuSpeed: 1, bindMs: 1_000 },
  validUntilMs: 2_000_000_000_000,
};

export const contract: Contract = { id: id<ContractId>('c1'), proposal, unit: 0 };

export function call(signal: AbortSignal = new AbortController().signal): Call {
  return { conversation: id<ConversationId>('t1'), signal, progress: () => undefined };
}

/** A vendor that answers well but for the methods given, whose answers may be anything. */
export function fake(methods: Readonly<Record<string, unknown>> = {}): Vendor & AsyncDisposable {
  const vendor: Vendor & AsyncDisposable = {
    api: 1,
    name: 'aws',
    describe: async () => ({
      driver: 'fake',
      version: '1',
      sites: [{ name: 'eu-north', latencyMs: {} }],
      images: ['debian-12'],
      currency: 'USD',
      largest: { cpus: 8, memoryMiB: 8192, diskGiB: 100 },
      places: [],
      reserves: true,
    }),
    bid: async () => [proposal],
    accept: async () => contract,
    bind: async () => ({
      contract: contract.id,
      endpoint: 'ssh://root@192.0.2.1:22',
      credentialRef: 'agent',
      site: 'eu-north',
      machine: 'i-1',
    }),
    withdraw: async () => undefined,
    async *contracts() {
      yield { id: contract.id, conversation: id('t1'), objective: 'web', state: 'signed' };
    },
    async *measure() {
      yield { contract: contract.id, metric: 'power', value: 1, atMs: 1 };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return Object.assign(vendor, methods);
}

export function entryOf(vendor: unknown, more: Partial<VendorEntry> = {}): VendorEntry {
  return {
    api: 1,
    name: 'fake',
    summary: 'answers what it is told',
    settings: { '~standard': { version: 1, vendor: 'fake', validate: (value) => ({ value }) } },
    open: async () => vendor as Vendor & AsyncDisposable,
    ...more,
  };
}
