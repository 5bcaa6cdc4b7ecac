import { failure, isFailure } from '../../base/failure.ts';
import type { Binding, Call, Contract, ContractId } from '../vendor.ts';
import { addressOf } from './address.ts';
import { type Cloud, nowMs, pause, unknownContract } from './cloud.ts';
import { type Strikes, strikes } from './faults.ts';
import { bootMs } from './market.ts';
import type { Held } from './rows.ts';
import { machineOf } from './seal.ts';
import { longestValidMs } from './settings.ts';

/**
 * Starts the machine and waits until it has booted. Whoever binds again, in whatever process, waits
 * for the same boot and gets the same binding (V6). Aborted, the contract stays signed.
 */
export async function bind(
  cloud: Cloud,
  { contract, met }: { contract: Pick<Contract, 'id'>; met: Strikes },
  call: Call,
): Promise<Binding> {
  const { ledger, name } = cloud;
  const { id } = contract;
  const before = await ledger.database.write(call, () => {
    const held = alive(cloud, id);
    if (strikes(met, 'capacity-gone')) throw noCapacity(held);
    if (held.state === 'signed') ledger.start(id, nowMs(cloud) + bootMsOf(cloud, held));
    return alive(cloud, id);
  });
  if (before.state === 'starting') call.progress(`${before.objective}: booting on ${before.host}`);
  try {
    await pause(cloud, before.readyMs - nowMs(cloud), call);
    await cloud.guests?.start(before, call);
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.leftBehind !== undefined) throw thrown;
    const { retry, facts, next } = thrown;
    const leftBehind = `contract ${id} at ${name} is signed and its machine may be starting`;
    const more = next === undefined ? {} : { next };
    throw failure(thrown.code, thrown.message, {
      ...more,
      retry,
      facts,
      leftBehind,
      cause: thrown,
    });
  }
  const held = await ledger.database.write(call, () => {
    const now = alive(cloud, id);
    if (now.state === 'starting') ledger.setState(id, 'running');
    return alive(cloud, id);
  });
  const binding = bindingOf(cloud, held);
  if (strikes(met, 'forgets')) {
    await endGuest(cloud, id, call);
    await ledger.database.write(call, () => ledger.forget(id));
  }
  return binding;
}

export function bindingOf({ guests }: Cloud, held: Held): Binding {
  return {
    contract: held.id,
    endpoint: guests?.endpointOf(held) ?? `ssh://root@${addressOf(held.slot)}:22`,
    credentialRef: guests?.credentialRef ?? 'agent',
    site: held.site,
    host: held.host,
    machine: machineOf(held.id),
  };
}

/**
 * Ends a contract at any stage and any number of times (V7). An id that was never signed is noted
 * as well: its acceptance may still be under way in a process that was stopped.
 */
export async function withdraw(cloud: Cloud, id: ContractId, call: Call): Promise<void> {
  await endGuest(cloud, id, call);
  const { ledger } = cloud;
  await ledger.database.write(call, () => {
    const now = nowMs(cloud);
    ledger.forget(id);
    ledger.bury(id, now + longestValidMs, now);
  });
}

/** The guest is ended while the contract still stands, so that a crash in between leaks nothing. */
async function endGuest({ ledger, guests }: Cloud, id: ContractId, call: Call): Promise<void> {
  if (guests === undefined) return;
  const held = await ledger.database.write(call, () => {
    ledger.setState(id, 'ending');
    return ledger.held(id);
  });
  if (held !== undefined) await guests.end(held.id, call);
}

/** To be called inside a transaction; fails with VENDOR.CONTRACT_UNKNOWN. */
export function alive({ ledger, name }: Cloud, id: ContractId): Held {
  const held = ledger.held(id);
  if (held === undefined || held.state === 'ending') throw unknownContract(id, name);
  return held;
}

function noCapacity({ objective, site, host }: Held): Error {
  return failure('VENDOR.CAPACITY_GONE', `${host} has no room any more`, {
    facts: { objective, site, host },
    leftBehind: 'the contract is still signed',
    next: 'withdraw it and negotiate again',
  });
}

function bootMsOf({ settings, market }: Cloud, { host }: Held): number {
  const at = market.hosts.get(host);
  return at === undefined ? settings.bindMs : bootMs(settings, at.class);
}
