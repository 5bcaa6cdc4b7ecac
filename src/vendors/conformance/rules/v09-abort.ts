import assert from 'node:assert/strict';
import type { Call } from '../../vendor.ts';
import { type AbortMoment, aborted, abortMoments } from '../abort.ts';
import { type Bench, stored } from '../bench.ts';
import type { RuleChecks } from '../check.ts';
import { type Outcome, settled } from '../outcome.ts';

export const v9: RuleChecks = [
  {
    claim: 'a call that was aborted before it began does nothing',
    run: async (bench) => {
      const call = bench.call();
      const proposal = await bench.proposal(call);
      const stopped = { ...call, signal: AbortSignal.abort() };
      const accepted = await settled(bench.sign({ proposal, call: stopped }));
      assert.ok('thrown' in accepted, 'accept succeeded');
      await bench.holds([]);
      const contract = await bench.sign({ proposal, call });
      const bound = await settled(bench.vendor.bind(contract, stopped));
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
        const outcome = await cut(bench, { moment, call }, (stop) =>
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
        await cut(bench, { moment, call }, (stop) => bench.sign({ proposal, call: stop }));
        await cut(bench, { moment, call }, (stop) => bench.vendor.bind(contract, stop));
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
        await cut(bench, { moment, call }, (stop) => bench.vendor.bind(contract, stop));
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
        await cut(bench, { moment, call }, (stop) => bench.vendor.withdraw(contract.id, stop));
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
        for (const moment of abortMoments)
          await cut(bench, { moment, call: bench.call() }, question);
      }
      await bench.eventually(async () => assert.deepEqual(await bench.world(), before));
    },
  },
];

interface Moment {
  readonly moment: AbortMoment;
  readonly call: Call;
}

/** Aborts a call at that moment; whatever comes of it, it must settle in time. */
function cut<T>(
  { settleWithinMs }: Bench,
  { moment, call }: Moment,
  work: (stop: Call) => Promise<T>,
): Promise<Outcome<T>> {
  return aborted({ moment, withinMs: settleWithinMs }, call, work);
}
