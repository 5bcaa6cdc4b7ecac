/** What doctor does about the differences it found. */
import { type Failure, isFailure } from '../base/failure.ts';
import type { ContractId, SlaId } from '../sla/ids.ts';
import type { Machine } from '../sla/sla.ts';
import type { Call } from '../vendors/vendor.ts';
import type { Agency } from './agency.ts';
import type { Difference, DoctorPorts } from './doctor.ts';
import type { VendorPool } from './vendors.ts';

interface RepairPorts extends DoctorPorts {
  readonly agency: Pick<Agency, 'abandon' | 'withdraw'>;
}

export interface Repaired {
  readonly mended: readonly Difference[];
  /** What is still different; what could not be ended is `unknown`, with why. */
  readonly left: readonly Difference[];
}

/**
 * Ends what leaked, what is stuck and what was to end before, and forgets what was seen gone. What a
 * stuck conversation has signed may be a difference only afterwards.
 */
export async function repair(
  ports: RepairPorts,
  differences: readonly Difference[],
  { signal, nowMs }: { readonly signal: AbortSignal; readonly nowMs: number },
): Promise<Repaired> {
  const mended: Difference[] = [];
  const left: Difference[] = [];
  for (const difference of differences) {
    if (difference.kind === 'leaked') {
      const trouble = await reap(ports.vendors, difference, signal);
      if (trouble === undefined) mended.push(difference);
      else left.push({ kind: 'unknown', vendor: difference.vendor, failure: trouble });
    } else if (difference.kind === 'stuck') {
      const isEnded = await ports.agency.abandon(difference.conversation);
      (isEnded ? mended : left).push(difference);
    } else if (difference.kind !== 'lost' && difference.kind !== 'unended') left.push(difference);
  }
  const unended = differences.filter((difference) => difference.kind === 'unended');
  for (const [sla, some] of Map.groupBy(unended, (difference) => difference.sla.id)) {
    const held = await stillHeld(ports, sla, signal);
    for (const each of some) (held.has(each.machine.contract) ? left : mended).push(each);
  }
  const lost = differences.filter((difference) => difference.kind === 'lost');
  for (const [sla, gone] of Map.groupBy(lost, (difference) => difference.sla.id)) {
    await forget(ports.store, { sla, gone: gone.map(({ machine }) => machine) }, nowMs);
  }
  return { mended: [...mended, ...lost], left };
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

/** Ends what of the SLA was to end before; the contracts that it has afterwards all the same. */
async function stillHeld(
  { store, agency }: RepairPorts,
  sla: SlaId,
  signal: AbortSignal,
): Promise<ReadonlySet<ContractId>> {
  const now = (await store.findSla(sla)).find((each) => each.id === sla);
  if (now === undefined) return new Set();
  const after = await agency.withdraw(now, { state: 'withdrawing' }, signal);
  return new Set(after.machines.map(({ contract }) => contract));
}

/** From the SLA as it is now: it may have changed since it was examined. */
async function forget(
  store: DoctorPorts['store'],
  { sla, gone }: { readonly sla: SlaId; readonly gone: readonly Machine[] },
  nowMs: number,
): Promise<void> {
  const now = (await store.findSla(sla)).find((each) => each.id === sla);
  if (now === undefined) return;
  const contracts = new Set(gone.map(({ contract }) => contract));
  const machines = now.machines.filter(({ contract }) => !contracts.has(contract));
  const isLess = gone.some((machine) => machine.state !== 'withdrawing');
  const some = now.state === 'ready' && isLess ? 'partial' : now.state;
  const state = machines.length === 0 ? 'ended' : some;
  const reason = `gone at their vendor: ${gone.map(({ name }) => name).join(', ')}`;
  const changed = { ...now, machines, state, reason, updatedMs: nowMs };
  await store.record([{ kind: 'sla', sla: changed }]);
}
