import assert from 'node:assert/strict';
import { repeats } from '../bench.ts';
import type { RuleChecks } from '../check.ts';

export const v3: RuleChecks = [
  {
    claim: 'bidding and refusing change nothing at the provider',
    run: async (bench) => {
      const { impossible } = bench.subject;
      const before = await bench.world();
      for (let n = 0; n < repeats; n += 1) {
        await bench.proposals(bench.call());
        await bench.vendor.bid(impossible, bench.call());
      }
      assert.deepEqual(await bench.world(), before);
    },
  },
  {
    claim: 'bidding changes nothing for a contract that is held',
    run: async (bench) => {
      const { contract, binding, call } = await bench.machine();
      const before = await bench.world();
      assert.deepEqual(
        before.held.map(({ id }) => id),
        [contract.id],
        'contracts held',
      );
      for (let n = 0; n < repeats; n += 1) await bench.proposals(call);
      assert.deepEqual(await bench.world(), before);
      assert.deepEqual(await bench.vendor.bind(contract, call), binding);
    },
  },
];
