/**
 * Compares what every vendor holds for us with what we hold: the reconciler of last resort. Nothing
 * is decided by names or ages; a contract is ours when the vendor says so, and is forgotten only
 * when it was seen gone.
 */
import { type Failure, isFailure } from '../base/failure.ts';
import { type ContractId, type ConversationId, id } from '../sla/ids.ts';
import type { Machine, Sla, SlaState } from '../sla/sla.ts';
import type { Store } from '../store/store.ts';
import type { Call, HeldContract } from '../vendors/vendor.ts';
import type { VendorPool } from './vendors.ts';

export type Difference =
  /** A vendor holds it, and no SLA of ours has it. */
  | { readonly kind: 'leaked'; readonly vendor: string; readonly held: HeldContract }
  /** An SLA has it, and its vendor does not hold it any more. */
  | { readonly kind: 'lost'; readonly vendor: string; readonly sla: Sla; readonly machine: Machine }
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

interface Ports {
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

export async function examine(ports: Ports, signal: AbortSignal): Promise<Findings> {
  const slas = await livingSlas(ports.store);
  const busy = new Set(
    (await ports.store.unfinished()).flatMap((each) => transactionOf(slas, each)),
  );
  const held: Record<string, number> = {};
  const differences: Difference[] = [];
  for (const vendor of ports.vendors.names) {
    const found = await heldBy(ports.vendors, vendor, signal);
    if (isFailure(found)) {
      differences.push({ kind: 'unknown', vendor, failure: found });
      continue;
    }
    held[vendor] = found.length;
    differences.push(...compared({ vendor, found, slas, busy }));
  }
  const configured = new Set(ports.vendors.names);
  for (const { sla, machine } of machinesOf(slas)) {
    const { vendor } = machine;
    if (!configured.has(vendor)) differences.push({ kind: 'unconfigured', vendor, sla, machine });
  }
  return { held, differences };
}

/** Ends what leaked, and forgets what was seen gone; returns what is still different. */
export async function repair(
  ports: Ports,
  differences: readonly Difference[],
  { signal, nowMs }: { readonly signal: AbortSignal; readonly nowMs: number },
): Promise<readonly Difference[]> {
  const left: Difference[] = [];
  const lost = new Map<Sla, Set<ContractId>>();
  for (const difference of differences) {
    if (difference.kind === 'leaked') {
      const reaped = await reap(ports.vendors, difference, signal);
      if (isFailure(reaped))
        left.push({ kind: 'unknown', vendor: difference.vendor, failure: reaped });
    } else if (difference.kind === 'lost') {
      const gone = lost.get(difference.sla) ?? new Set();
      lost.set(difference.sla, gone.add(difference.machine.contract));
    } else left.push(difference);
  }
  await ports.store.record(
    [...lost].map(([sla, gone]) => ({ kind: 'sla', sla: withoutLost(sla, gone, nowMs) })),
  );
  return left;
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

function compared({
  vendor,
  found,
  slas,
  busy,
}: {
  readonly vendor: string;
  readonly found: readonly HeldContract[];
  readonly slas: readonly Sla[];
  readonly busy: ReadonlySet<ConversationId>;
}): readonly Difference[] {
  const ours = machinesOf(slas).filter(({ machine }) => machine.vendor === vendor);
  const known = new Set(ours.map(({ machine }) => machine.contract));
  const there = new Set(found.map((held) => held.id));
  return [
    ...found
      .filter((held) => !known.has(held.id) && !busy.has(held.conversation))
      .map((held) => ({ kind: 'leaked', vendor, held }) as const),
    ...ours
      .filter(({ sla, machine }) => !there.has(machine.contract) && !busy.has(sla.transaction))
      .map(({ sla, machine }) => ({ kind: 'lost', vendor, sla, machine }) as const),
  ];
}

function machinesOf(
  slas: readonly Sla[],
): readonly { readonly sla: Sla; readonly machine: Machine }[] {
  return slas.flatMap((sla) =>
    sla.machines
      .filter((machine) => machine.state !== 'ended')
      .map((machine) => ({ sla, machine })),
  );
}

async function reap(
  vendors: VendorPool,
  { vendor, held }: Extract<Difference, { kind: 'leaked' }>,
  signal: AbortSignal,
): Promise<undefined | Failure> {
  const call: Call = { conversation: held.conversation, signal, progress: () => undefined };
  try {
    await (await vendors.open(vendor, call)).withdraw(held.id, call);
    return undefined;
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
}

function withoutLost(sla: Sla, gone: ReadonlySet<ContractId>, nowMs: number): Sla {
  const machines = sla.machines.filter((machine) => !gone.has(machine.contract));
  const over = machines.length === 0;
  return {
    ...sla,
    machines,
    state: over ? 'ended' : sla.state === 'ready' ? 'partial' : sla.state,
    reason: `${gone.size} of its machines are gone at their vendor`,
    updatedMs: nowMs,
  };
}
