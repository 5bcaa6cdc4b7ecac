import assert from 'node:assert/strict';
import type { RuleChecks } from '../check.ts';

export const v1: RuleChecks = [
  {
    claim: 'name and version stay the same through the life of a contract',
    run: async (bench) => {
      const call = bench.call();
      const isSame = async (after: string): Promise<void> => {
        const { api, name } = bench.vendor;
        const { driver, version } = await bench.vendor.describe(call);
        assert.deepEqual(
          { api, name, driver, version },
          { ...first, api: 1, name: bench.name },
          after,
        );
      };
      const { driver, version } = await bench.vendor.describe(call);
      const first = { driver, version };
      assert.ok(driver !== '' && version !== '', 'driver and version have no name');
      await isSame('after describe');
      const { contract, binding } = await bench.machine();
      await isSame('after bind');
      await Array.fromAsync(bench.vendor.measure([binding], ['power'], call));
      await isSame('after measure');
      await bench.vendor.withdraw(contract.id, call);
      await isSame('after withdraw');
    },
  },
  {
    claim: 'name and version are the same for every instance opened in a process',
    run: async (bench) => {
      const call = bench.call();
      const { driver, version } = await bench.vendor.describe(call);
      const again = await bench.process();
      assert.equal(again.name, bench.name);
      const described = await again.describe(call);
      assert.deepEqual([described.driver, described.version], [driver, version]);
    },
  },
];
