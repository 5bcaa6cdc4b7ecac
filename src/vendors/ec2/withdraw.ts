import { failure } from '../../base/failure.ts';
import type { Call, ContractId } from '../vendor.ts';
import { throwIfAborted } from '../vendor-failure.ts';
import type { Account } from './account.ts';
import { deleteEmptyGroup } from './groups.ts';
import { isLiving, type Machine, machinesOf, terminate, unknownMachine } from './machines.ts';
import { providerError } from './provider-error.ts';
import { deleteTemplate, templateOf } from './templates.ts';

/**
 * Ends the contract's machines, sees them ended, and deletes its template last: until then the
 * contract is listed and a repeated withdrawal goes on where this one stopped (V7).
 */
export async function withdraw(contract: ContractId, account: Account, call: Call): Promise<void> {
  const template = await templateOf(contract, account, call);
  const machines = await endMachines(contract, account, {
    call,
    // A machine started a moment ago by somebody who was killed may not be listed yet.
    absentForMs: template === undefined ? 0 : account.settings.timeouts.graceMs,
  });
  const spread = template?.spread ?? machines.find(({ tags }) => tags.spread)?.tags.spread;
  if (spread !== undefined) await deleteEmptyGroup(spread, account, call);
  await deleteTemplate(contract, account, call);
  // From here on nobody can start one; whoever did so meanwhile is seen now, or sees to it (V6).
  const late = await endMachines(contract, account, { call, absentForMs: 0 });
  if (spread !== undefined && late.length > machines.length) {
    await deleteEmptyGroup(spread, account, call);
  }
}

interface Ending {
  readonly call: Call;
  /** How long no machine must be seen before there is none. */
  readonly absentForMs: number;
}

/** Returns when every machine that is or was seen has ended; with all that were seen last. */
async function endMachines(
  contract: ContractId,
  account: Account,
  { call, absentForMs }: Ending,
): Promise<readonly Machine[]> {
  const { clock, settings } = account;
  const { withdrawMs, pollMs } = settings.timeouts;
  const beganMs = clock.nowMs();
  let seen: readonly Machine[] = [];
  for (let looks = 0; ; looks += 1) {
    const machines = await machinesOf(contract, account, call);
    if (machines.length > 0) seen = machines;
    const left = machines.filter(({ state }) => state !== 'terminated');
    const nowMs = clock.nowMs();
    const absent = seen.length === 0 && nowMs < beganMs + absentForMs;
    if (left.length === 0 && !absent) return seen;
    if (nowMs >= beganMs + withdrawMs) throw tooLate(contract, left, account);
    await requestEnd(left.filter(isLiving), account, call);
    // Some endpoints end machines at once, so the second look follows the first.
    await clock.sleep(looks === 0 ? 0 : pollMs, call.signal).catch(() => throwIfAborted(call));
  }
}

async function requestEnd(living: readonly Machine[], account: Account, call: Call): Promise<void> {
  const ids = living.map(({ id }) => id);
  if (ids.length > 0) call.progress(`ending ${ids.join(', ')}`);
  await terminate(ids, account, call).catch((thrown) => {
    // Listed, and not yet known where it is ended: the next look finds it again.
    if (providerError(thrown) !== unknownMachine) throw thrown;
  });
}

function tooLate(contract: ContractId, left: readonly Machine[], { name }: Account): Error {
  const machines = left.map(({ id, state }) => `${id} (${state})`).join(', ');
  return failure('VENDOR.TIMEOUT', `machines of ${contract} have not ended: ${machines}`, {
    retry: 'later',
    facts: { vendor: name, contract },
    leftBehind: `machine ${machines} of contract ${contract}`,
    next: 'repeat the command; it goes on waiting for them',
  });
}
