import type { Clock } from '../../base/clock.ts';
import { failure } from '../../base/failure.ts';
import type { Call, ContractId } from '../vendor.ts';
import { throwIfAborted } from '../vendor-failure.ts';
import type { Guests } from './guests.ts';
import type { Ledger } from './ledger.ts';
import type { Market } from './market.ts';
import type { Settings } from './settings.ts';
import type { Standing } from './standing.ts';

/** One open instance: what every method of it works with. */
export interface Cloud {
  readonly name: string;
  readonly settings: Settings;
  readonly market: Market;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly secret: string;
  /** Absent: machines are addresses only. */
  readonly guests?: Guests;
}

/** Whole milliseconds, as the state file keeps them. */
export function nowMs({ clock }: Cloud): number {
  return Math.floor(clock.nowMs());
}

/** How things stand; to be called inside a transaction. */
export function standingOf({ market, ledger }: Cloud): Standing {
  return { market, taken: ledger.taken() };
}

/** Waits on the cloud's clock; fails with VENDOR.ABORTED or VENDOR.TIMEOUT as soon as aborted. */
export async function pause({ clock }: Cloud, delayMs: number, call: Call): Promise<void> {
  throwIfAborted(call);
  if (delayMs <= 0) return;
  try {
    await clock.sleep(delayMs, call.signal);
  } catch (thrown) {
    throwIfAborted(call);
    throw thrown;
  }
}

export function unknownContract(contract: ContractId, name: string): Error {
  return failure('VENDOR.CONTRACT_UNKNOWN', `${name} holds no contract ${contract}`, {
    facts: { contract },
    next: 'negotiate again: a contract that was withdrawn does not come back',
  });
}
