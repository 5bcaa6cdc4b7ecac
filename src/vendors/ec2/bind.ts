import { type FailureCode, isFailure } from '../../base/failure.ts';
import type { Binding, Call, Contract } from '../vendor.ts';
import type { Account } from './account.ts';
import type { Catalogue } from './catalogue.ts';
import { guestAddress, waitForSsh } from './guests.ts';
import { awaitRunning } from './keep.ts';
import type { RunningMachine } from './machines.ts';
import type { Settings } from './settings.ts';
import { endIfWithdrawn, ensureStarted } from './start.ts';

export interface Binder {
  readonly account: Account;
  readonly images: Catalogue['images'];
  /** By contract, the machine that this process has seen to be its only one. */
  readonly settled: Map<string, string>;
}

/**
 * Starts the contract's machine, or finds it, and says how to reach it. When it fails and a machine
 * may exist, the failure says so: it is listed under its contract and ends with it.
 */
export async function bind(contract: Contract, binder: Binder, call: Call): Promise<Binding> {
  const { account, images } = binder;
  const { settings } = account;
  try {
    const machine = await running(contract, binder, call);
    const address = await reached(contract, machine, { account, call });
    const [image] = images[contract.proposal.offered.image] ?? [];
    const user = image?.user ?? settings.user;
    return {
      contract: contract.id,
      endpoint: `ssh://${user}@${address.host}:${address.port}`,
      credentialRef: credentialRef(settings),
      site: machine.zone,
      machine: machine.id,
    };
  } catch (thrown) {
    if (!isFailure(thrown) || !unclear.has(thrown.code) || thrown.leftBehind !== undefined) {
      throw thrown;
    }
    const leftBehind = `a machine of contract ${contract.id} may run; it ends with the contract`;
    throw Object.assign(thrown, { leftBehind });
  }
}

/** After these, nobody knows how far it came. */
const unclear: ReadonlySet<FailureCode> = new Set([
  'VENDOR.ABORTED',
  'VENDOR.TIMEOUT',
  'VENDOR.UNREACHABLE',
  'VENDOR.REPLY_MALFORMED',
] as const);

async function running(
  contract: Contract,
  { account, settled }: Binder,
  call: Call,
): Promise<RunningMachine> {
  const untilMs = account.clock.nowMs() + account.settings.timeouts.bindMs;
  const started = await ensureStarted(contract, { account, call });
  if (started !== undefined) await endIfWithdrawn(contract, started, { account, call });
  return awaitRunning(contract, started, { account, call, untilMs, settled });
}

async function reached(
  contract: Contract,
  machine: RunningMachine,
  { account, call }: { readonly account: Account; readonly call: Call },
): Promise<Awaited<ReturnType<typeof guestAddress>>> {
  const { clock, settings } = account;
  const { bindMs, pollMs } = settings.timeouts;
  const address = await guestAddress(machine, contract, account);
  const untilMs = clock.nowMs() + bindMs;
  if (settings.waitForSsh) await waitForSsh(address, { clock, untilMs, pollMs }, call);
  return address;
}

/** A reference, never the key itself (V14). */
function credentialRef({ identity, keyName }: Settings): string {
  if (identity !== undefined) return `key:${identity}`;
  return keyName === undefined ? 'agent' : `aws:keypair/${keyName}`;
}
