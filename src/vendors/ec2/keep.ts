import { failure } from '../../base/failure.ts';
import type { Call, Contract } from '../vendor.ts';
import { throwIfAborted } from '../vendor-failure.ts';
import type { Account } from './account.ts';
import {
  earliest,
  isLiving,
  isRunning,
  type Machine,
  machinesOf,
  type RunningMachine,
  terminate,
  unknownMachine,
} from './machines.ts';
import { providerError } from './provider-error.ts';
import { type Asking, type Started, withdrawn } from './start.ts';
import { templateOf } from './templates.ts';

/**
 * Waits until the contract has exactly one machine and that one runs, and returns it. Other
 * processes may have created one at the same time: the earliest stays, then the lowest id.
 */
export async function awaitRunning(
  contract: Contract,
  started: Started | undefined,
  waiting: Waiting,
): Promise<RunningMachine> {
  const { account, call, untilMs, settled } = waiting;
  const { clock, settings } = account;
  const { settleMs, pollMs } = settings.timeouts;
  const settledMs = clock.nowMs() + settleMs;
  for (;;) {
    const machines = await machinesOf(contract.id, account, call);
    const living = machines.filter(isLiving);
    const kept = earliest(living);
    const nowMs = clock.nowMs();
    if (kept === undefined) {
      if (!isYoung(started, machines, account)) throw await ended(contract, machines, waiting);
    } else if (
      nowMs >= settledMs ||
      living.every((machine) => isSettled(machine, nowMs, waiting))
    ) {
      await endAll(
        living.filter(({ id }) => id !== kept.id),
        waiting,
      );
      settled.set(contract.id, kept.id);
      if (isRunning(kept)) return kept;
      if (kept.state === 'stopped') await restart(kept, account, call);
      call.progress(`${kept.id} is ${kept.state}`);
    }
    if (nowMs >= untilMs) throw tooLate(contract, living, account);
    // Before it has settled, what we see decides nothing.
    const restMs = kept === undefined || nowMs >= settledMs ? pollMs : settledMs - nowMs;
    await clock.sleep(restMs, call.signal).catch(() => throwIfAborted(call));
  }
}

/** Created a moment ago and not listed yet: unknown, not gone. */
function isYoung(
  started: Started | undefined,
  machines: readonly Machine[],
  { clock, settings }: Account,
): boolean {
  if (started === undefined || machines.some(({ id }) => id === started.id)) return false;
  return clock.nowMs() < started.atMs + settings.timeouts.graceMs;
}

interface Waiting extends Asking {
  readonly untilMs: number;
  /** By contract, the machine that this process has seen to be its only one. */
  readonly settled: Map<string, string>;
}

/** Found to be the one before, or so old that whoever created another then has long compared them. */
function isSettled(
  { id, launchedMs, tags }: Machine,
  nowMs: number,
  { account, settled }: Waiting,
): boolean {
  if (settled.get(tags.contract) === id) return true;
  return nowMs - launchedMs > account.settings.timeouts.settleMs + clockSkewMs;
}

/** How far the provider's clock and ours may be apart. */
const clockSkewMs = 10_000;

async function endAll(living: readonly Machine[], { account, call }: Waiting): Promise<void> {
  if (living.length === 0) return;
  call.progress(`ending ${living.length} machines too many`);
  const ids = living.map(({ id }) => id);
  await terminate(ids, account, call).catch((thrown) => {
    // Listed, and not yet known where it is ended: the next look finds it again.
    if (providerError(thrown) !== unknownMachine) throw thrown;
  });
}

/** Somebody stopped it; a contract's machine runs. */
async function restart({ id }: Machine, { ec2 }: Account, call: Call): Promise<void> {
  await ec2.repeat(
    ({ sdk, client }, options) =>
      client.send(new sdk.StartInstancesCommand({ InstanceIds: [id] }), options),
    call,
  );
}

/** Why there is no machine any more: withdrawn meanwhile, or ended by EC2 or by somebody. */
async function ended(
  contract: Contract,
  machines: readonly Machine[],
  { account, call }: Asking,
): Promise<Error> {
  const { name } = account;
  if ((await templateOf(contract.id, account, call)) === undefined)
    return withdrawn(contract, account);
  const reason = machines.map((machine) => machine.reason ?? machine.state).at(-1) ?? 'no trace';
  const what = `the machine of ${contract.id} ended before it could be reached: ${reason}`;
  return failure('VENDOR.CAPACITY_GONE', what, {
    retry: 'later',
    facts: { vendor: name, contract: contract.id, error: reason },
  });
}

function tooLate({ id }: Contract, living: readonly Machine[], { name }: Account): Error {
  const machines = living.map((machine) => `${machine.id} (${machine.state})`).join(', ');
  return failure('VENDOR.TIMEOUT', `the machine of ${id} does not run yet: ${machines}`, {
    retry: 'later',
    facts: { vendor: name, contract: id },
    leftBehind: `machine ${machines} of contract ${id}`,
    next: 'repeat the command; it goes on with this machine',
  });
}
