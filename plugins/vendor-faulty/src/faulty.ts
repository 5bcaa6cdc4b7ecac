import { failure, type Vendor } from 'skypact/vendor';
import type { Cloud } from './cloud.ts';
import { callingFaults } from './faults/calling.ts';
import type { Faults } from './faults/fault.ts';
import { holdingFaults } from './faults/holding.ts';
import { movingFaults } from './faults/moving.ts';
import { negotiatingFaults } from './faults/negotiating.ts';
import { correctVendor } from './vendor.ts';

/** Every mistake this vendor can make; its name begins with the rule that it breaks. */
export const faults: Faults = {
  ...negotiatingFaults,
  ...holdingFaults,
  ...movingFaults,
  ...callingFaults,
};

/** A correct vendor, or one that makes the named mistake; fails for a name that is none. */
export function faultyVendor(name: string, cloud: Cloud, fault?: string): Vendor & AsyncDisposable {
  const correct = correctVendor(name, cloud);
  if (fault === undefined) return correct;
  const mistake = faults[fault];
  if (mistake === undefined) throw failure('VENDOR.SETTINGS_INVALID', `no mistake ${fault}`);
  // Getters stay getters: a name that changes is one of the mistakes.
  return Object.defineProperties(
    correct,
    Object.getOwnPropertyDescriptors(mistake(correct, cloud)),
  );
}
