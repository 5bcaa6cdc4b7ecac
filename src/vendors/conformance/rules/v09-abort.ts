import assert from 'node:assert/strict';
import type { Call } from '../../vendor.ts';
import { abortMoments } from '../abort.ts';
import { stored } from '../bench.ts';
import type { RuleChecks } from '../check.ts';

export const v9: RuleChecks = [
  {
    claim: 'a call that was aborted before it began does nothing',
    run: async (bench) => {
      const call = bench.call();
      const proposal = await bench.proposal(call);
      const accepted = await bench.cut('before', call, (stop) =>
        bench.sign({ proposal, call: stop }),
      );
      assert.ok('thrown' in accepted, 'accept succeeded');
      await bench.holds([]);
      const contract = await bench.sign({ proposal, call });
      const bound = await bench.cut('before', call, (stop) => bench.vendor.bind(contract, stop));
      assert.ok('thrown' in bound, 'bind succeeded');
      assert.deepEqual(
        (await bench.held()).map(({ state }) => state),
        ['signed'],
      );
    },
  },
  {
    claim: 'an aborted accept settles, and signs nothing unless it succeeds',
    run: async (bench) => {
      for (const moment of abortMoments) {
        const call = bench.call();
        const proposal = await bench.proposal(call);
        const outcome = await bench.cut(moment, call, (stop) =>
          bench.sign({ proposal, call: stop }),
        );
        const signed = 'value' in outcome ? [outcome.value] : [];
        await bench.holds(signed, bench.settleWithinMs);
        for (const { id } of signed) await bench.vendor.withdraw(id, call);
      }
    },
  },
  {
    claim: 'an aborted repetition undoes nothing that was signed or started before',
    run: async (bench) => {
      const { contract, binding, call } = await bench.machine();
      const { proposal } = contract;
      for (const moment of abortMoments) {
        await bench.cut(moment, call, (stop) => bench.sign({ proposal, call: stop }));
        await bench.cut(moment, call, (stop) => bench.vendor.bind(contract, stop));
        await bench.holds([contract]);
      }
      assert.deepEqual(stored(await bench.vendor.bind(contract, call)), binding);
    },
  },
  {
    claim: 'an aborted bind settles, and what it began can be withdrawn',
    run: async (bench) => {
      for (const moment of abortMoments) {
        const { contract, call } = await bench.deal();
        await bench.cut(moment, call, (stop) => bench.vendor.bind(contract, stop));
        await bench.holds([contract], bench.settleWithinMs);
        await bench.vendor.withdraw(contract.id, call);
        await bench.holds([]);
      }
    },
  },
  {
    claim: 'an aborted withdraw settles, and repeating it frees everything',
    run: async (bench) => {
      for (const moment of abortMoments) {
        const { contract, call } = await bench.machine();
        await bench.cut(moment, call, (stop) => bench.vendor.withdraw(contract.id, stop));
        await bench.vendor.withdraw(contract.id, call);
        await bench.holds([]);
      }
    },
  },
  {
    claim: 'an aborted question settles, and changes nothing',
    run: async (bench) => {
      const { contract, binding } = await bench.machine();
      const { vendor } = bench;
      const { moveSource, moveTarget, hosts } = vendor;
      const questions: ((stop: Call) => Promise<unknown>)[] = [
        (stop) => vendor.describe(stop),
        (stop) => vendor.bid(bench.possible(), stop),
        (stop) => Array.fromAsync(vendor.contracts(stop)),
        (stop) => Array.fromAsync(vendor.measure([binding], ['power', 'cpu.used'], stop)),
        async (stop) => Array.fromAsync(hosts?.list(stop) ?? []),
        async (stop) => moveSource?.offers(contract, stop),
        async (stop) => moveTarget?.offers(bench.possible().objective, stop),
      ];
      const before = await bench.world();
      for (const question of questions) {
        for (const moment of abortMoments) await bench.cut(moment, bench.call(), question);
      }
      await bench.eventually(async () => assert.deepEqual(await bench.world(), before));
    },
  },
];
