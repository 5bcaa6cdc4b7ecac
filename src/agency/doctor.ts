/**
 * Compares what every vendor holds for us with what we hold: the reconciler of last resort. Nothing
 * is decided by names or ages; a contract is ours when the vendor says so, and is forgotten only
 * when it was seen gone.
 */
import type { Clock } from '../base/clock.ts';
import { type Failure, isFailure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { type ContractId, type ConversationId, id, type SlaId } from '../sla/ids.ts';
import type { Machine, Sla, SlaState } from '../sla/sla.ts';
import type { Store } from '../store/store.ts';
import type { Call, HeldContract } from '../vendors/vendor.ts';
import type { Agency, Stuck } from './agency.ts';
import { systemClock } from './clock.ts';
import type { VendorPool } from './vendors.ts';

export type Difference =
  /** A conversation that cannot go on; what it has signed is left to it until it is ended. */
  | ({ readonly kind: 'stuck' } & Stuck)
  /** A vendor holds it, and no SLA of ours has it. */
  | { readonly kind: 'leaked'; readonly vendor: string; readonly held: HeldContract }
  /** An SLA has it, and its vendor does not hold it any more. */
  | { readonly kind: 'lost'; readonly vendor: string; readonly sla: Sla; readonly machine: Machine }
  /** It was to end, as a part of its SLA or before another took its place, and did not. */
  | {
      readonly kind: 'unended';
      readonly vendor: string;
      readonly sla: Sla;
      readonly machine: Machine;
    }
  /** An SLA has it, its vendor not; but the SLA changed so lately that the vendor's list may lag behind. */
  | {
      readonly kind: 'unlisted';
      readonly vendor: string;
      readonly sla: Sla;
      readonly machine: Machine;
    }
  /** The vendor could not be asked: what it holds is unknown. */
  | { readonly kind: 'unknown'; readonly vendor: string; readonly failure: Failure }
  /** An SLA has machines at a vendor that is not configured any more. */
  | {
      readonly kind: 'unconfigured';
      readonly vendor: string;
      readonly sla: Sla;
      readonly machine: Machine;
    };

export interface Findings {
  /** By vendor: how many contracts it holds for us. */
  readonly held: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

export interface DoctorPorts {
  readonly store: Pick<Store, 'slas' | 'findSla' | 'unfinished' | 'record'>;
  readonly vendors: VendorPool;
}

/** States in which an SLA may have contracts. */
const living: readonly SlaState[] = [
  'signed',
  'starting',
  'ready',
  'partial',
  'violated',
  'withdrawing',
  'proposed',
  'failed-proposal',
];

/**
 * Reads the store once before the vendors and once after them. What a vendor held before the second
 * reading is in an SLA by then, or its conversation is still open; what it did not hold, and an SLA
 * had already at the first, is gone.
 */
export async function examine(
  ports: DoctorPorts,
  signal: AbortSignal,
  { nowMs }: Pick<Clock, 'nowMs'> = systemClock,
): Promise<Findings> {
  const before = machinesOf(await livingSlas(ports.store));
  const lists = await Promise.all(
    ports.vendors.names.map(async (vendor) => ({
      vendor,
      found: await heldBy(ports.vendors, vendor, signal),
    })),
  );
  const unfinished = await ports.store.unfinished();
  const slas = await livingSlas(ports.store);
  const known = machinesOf(slas);
  const had = new Set(before.map(({ machine }) => machine.contract));
  const busy = new Set(unfinished.flatMap((each) => transactionOf(slas, each)));
  const judged: Judged = { known, had, busy, nowMs: nowMs() };
  const held: Record<string, number> = {};
  const differences = lists.flatMap(({ vendor, found }): readonly Difference[] => {
    if (isFailure(found)) return [{ kind: 'unknown', vendor, failure: found }];
    held[vendor] = found.length;
    return compared({ vendor, found }, judged);
  });
  const configured = new Set(ports.vendors.names);
  const elsewhere = known.filter(({ machine }) => !configured.has(machine.vendor));
  return {
    held,
    differences: [
      ...differences,
      ...elsewhere.map(
        ({ sla, machine }) =>
          ({ kind: 'unconfigured', vendor: machine.vendor, sla, machine }) as const,
      ),
    ],
  };
}

/** Continues what was interrupted; what cannot go on is a difference. */
export async function resumeAll(
  agency: Pick<Agency, 'resume'>,
  signal: AbortSignal,
): Promise<{ readonly resumed: readonly SlaId[]; readonly stuck: readonly Difference[] }> {
  const stuck: Difference[] = [];
  const resumed = await agency.resume(signal, (each) => stuck.push({ kind: 'stuck', ...each }));
  return { resumed, stuck };
}

/** Machines that SLAs have at a vendor, as `machine of SLA`. */
export async function machinesAt(
  store: Pick<Store, 'slas' | 'findSla'>,
  vendor: string,
): Promise<readonly string[]> {
  return machinesOf(await livingSlas(store))
    .filter(({ machine }) => machine.vendor === vendor)
    .map(({ sla, machine }) => `${machine.name} of ${sla.name}`);
}

async function livingSlas(store: Pick<Store, 'slas' | 'findSla'>): Promise<readonly Sla[]> {
  const summaries = await store.slas({ states: living, limit: 100_000 });
  const found = await Promise.all(summaries.map(({ id: sla }) => store.findSla(sla)));
  return found.flat();
}

/** Contracts of a transaction that a conversation still works on are not judged. */
function transactionOf(
  slas: readonly Sla[],
  { id: conversation, sla }: { readonly id: ConversationId; readonly sla: string },
): readonly ConversationId[] {
  const own = slas.filter((each) => each.id === sla).map(({ transaction }) => transaction);
  return [conversation, ...own];
}

async function heldBy(
  vendors: VendorPool,
  vendor: string,
  signal: AbortSignal,
): Promise<readonly HeldContract[] | Failure> {
  const call: Call = {
    conversation: id<ConversationId>('doctor'),
    signal,
    progress: () => undefined,
  };
  try {
    return await Array.fromAsync((await vendors.open(vendor, call)).contracts(call));
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
}

interface Held {
  readonly vendor: string;
  readonly found: readonly HeldContract[];
}

/** What the store says, by which vendors are judged. */
interface Judged {
  readonly known: readonly Known[];
  /** Contracts that SLAs had already before the vendors were asked. */
  readonly had: ReadonlySet<ContractId>;
  /** Transactions that a conversation still works on: they are not judged. */
  readonly busy: ReadonlySet<ConversationId>;
  readonly nowMs: number;
}

function compared(
  { vendor, found }: Held,
  { known, had, busy, nowMs }: Judged,
): readonly Difference[] {
  const ours = known.filter(({ machine }) => machine.vendor === vendor);
  const signed = new Set(ours.map(({ machine }) => machine.contract));
  const there = new Set(found.map((held) => held.id));
  const missing = ours.filter(
    ({ sla, machine: { contract } }) =>
      !there.has(contract) && had.has(contract) && !busy.has(sla.transaction),
  );
  const unended = ours.filter(
    ({ sla, machine }) =>
      machine.state === 'withdrawing' && there.has(machine.contract) && !busy.has(sla.transaction),
  );
  return [
    ...unended.map((each) => ({ kind: 'unended', vendor, ...each }) as const),
    ...found
      .filter((held) => !signed.has(held.id) && !busy.has(held.conversation))
      .map((held) => ({ kind: 'leaked', vendor, held }) as const),
    ...missing.map(({ sla, machine }) => {
      const isFresh = nowMs - sla.updatedMs < limits.vendorListLagMs;
      return { kind: isFresh ? 'unlisted' : 'lost', vendor, sla, machine } as const;
    }),
  ];
}

/** A machine of an SLA. */
interface Known {
  readonly sla: Sla;
  readonly machine: Machine;
}

function machinesOf(slas: readonly Sla[]): readonly Known[] {
  return slas.flatMap((sla) =>
    sla.machines
      .filter((machine) => machine.state !== 'ended')
      .map((machine) => ({ sla, machine })),
  );
}
