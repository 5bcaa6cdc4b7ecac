import assert from 'node:assert/strict';
import type { Vendor, VendorDescription } from '../../vendor.ts';
import { repeats, stored } from '../bench.ts';
import type { RuleChecks } from '../check.ts';
import type { Role } from '../subject.ts';

export const v2: RuleChecks = [
  {
    claim: 'what it describes stays the same while it is open',
    run: async (bench) => {
      const call = bench.call();
      const first = stored(await bench.vendor.describe(call));
      isComplete(first);
      const isSame = async (): Promise<void> =>
        assert.deepEqual(stored(await bench.vendor.describe(call)), first);
      for (let n = 0; n < repeats; n += 1) await isSame();
      const { contract } = await bench.machine();
      await isSame();
      await bench.vendor.withdraw(contract.id, call);
      await isSame();
    },
  },
  {
    claim: 'it has the optional roles that were declared, and keeps them',
    run: async (bench) => {
      const declared = bench.subject.roles.toSorted();
      assert.deepEqual(rolesOf(bench.vendor), declared, 'when opened');
      const { contract, call } = await bench.machine();
      assert.deepEqual(rolesOf(bench.vendor), declared, 'with a machine');
      await bench.vendor.withdraw(contract.id, call);
      assert.deepEqual(rolesOf(bench.vendor), declared, 'after withdrawing it');
    },
  },
];

function rolesOf(vendor: Vendor): readonly Role[] {
  const roles: readonly Role[] = ['hosts', 'moveSource', 'moveTarget'];
  return roles.filter((role) => vendor[role] !== undefined);
}

function isComplete({ sites, currency, largest }: VendorDescription): void {
  const names = sites.map(({ name }) => name);
  assert.ok(names.length > 0, 'it describes no site');
  assert.equal(new Set(names).size, names.length, `sites have one name: ${names.join(', ')}`);
  assert.match(currency, /^[A-Z]{3}$/, 'the currency is an ISO 4217 code');
  for (const [what, amount] of Object.entries(largest)) {
    assert.ok(Number.isFinite(amount) && amount > 0, `largest.${what} is ${amount}`);
  }
}
