import assert from 'node:assert/strict';
import { type ContractId, id } from '../../../sla/ids.ts';
import type { Contract } from '../../vendor.ts';
import { type Bench, repeats } from '../bench.ts';
import type { RuleChecks } from '../check.ts';
import { failsWith, isFailureOfVendor, settled } from '../outcome.ts';

export const v7: RuleChecks = [
  {
    claim: 'withdrawing a signed contract that was never bound frees it',
    run: async (bench) => {
      const { contract, call } = await bench.deal();
      await bench.holds([contract]);
      await bench.vendor.withdraw(contract.id, call);
      await isGone(contract, bench);
    },
  },
  {
    claim: 'withdrawing ends the machine, and returns when it is seen gone',
    run: async (bench) => {
      const { contract, binding, call } = await bench.machine();
      await bench.vendor.withdraw(contract.id, call);
      await isGone(contract, bench);
      for await (const { metric, value } of bench.vendor.measure([binding], ['power'], call)) {
        assert.equal(value, 0, `${metric} of a machine that was withdrawn`);
      }
    },
  },
  {
    claim: 'withdrawing what is gone succeeds, any number of times',
    run: async (bench) => {
      const { contract, call } = await bench.machine();
      for (let n = 0; n < repeats; n += 1) await bench.vendor.withdraw(contract.id, call);
      await isGone(contract, bench);
      await bench.reopen();
      await bench.vendor.withdraw(contract.id, call);
      await isGone(contract, bench);
    },
  },
  {
    claim: 'withdrawing from two processes at once succeeds in both',
    run: async (bench) => {
      const { contract, call } = await bench.machine();
      const first = bench.vendor;
      const second = await bench.process();
      await Promise.all([first.withdraw(contract.id, call), second.withdraw(contract.id, call)]);
      await isGone(contract, bench);
    },
  },
  {
    claim: 'withdrawing while it is being bound leaves no machine behind',
    run: async (bench) => {
      for (const afterMs of [0, 5, 50]) {
        const { contract, call } = await bench.deal();
        const second = await bench.process();
        const binding = settled(bench.vendor.bind(contract, call));
        await new Promise((resume) => setTimeout(resume, afterMs));
        await second.withdraw(contract.id, call);
        const outcome = await binding;
        if ('thrown' in outcome) isFailureOfVendor(outcome.thrown, 'bind, withdrawn in the middle');
        await isGone(contract, bench);
      }
    },
  },
  {
    claim: 'withdrawing one contract leaves the others alone',
    run: async (bench) => {
      const kept = await bench.machine();
      const { contract, call } = await bench.machine();
      await bench.vendor.withdraw(contract.id, call);
      await bench.vendor.withdraw(id<ContractId>(`never-signed-${crypto.randomUUID()}`), call);
      await bench.holds([kept.contract]);
      assert.deepEqual(await bench.vendor.bind(kept.contract, kept.call), kept.binding);
    },
  },
  {
    claim: 'binding what was withdrawn is VENDOR.CONTRACT_UNKNOWN, and starts nothing',
    run: async (bench) => {
      const { contract, call } = await bench.machine();
      await bench.vendor.withdraw(contract.id, call);
      await failsWith('VENDOR.CONTRACT_UNKNOWN', () => bench.vendor.bind(contract, call));
      await isGone(contract, bench);
    },
  },
  {
    claim: 'accepting again what was withdrawn leaves nothing that cannot be withdrawn',
    run: async (bench) => {
      const { contract, call } = await bench.deal();
      await bench.vendor.withdraw(contract.id, call);
      const again = await settled(bench.sign({ proposal: contract.proposal, call }));
      if ('value' in again) {
        await bench.holds([again.value]);
        await bench.vendor.withdraw(again.value.id, call);
      } else isFailureOfVendor(again.thrown, 'accept, after withdrawing');
      await isGone(contract, bench);
    },
  },
];

/** Neither the contract nor a machine of it is there any more. */
async function isGone({ id: contract }: Contract, bench: Bench): Promise<void> {
  await bench.holds([]);
  for (const { name, contracts } of await bench.hosts()) {
    assert.ok(!contracts.includes(contract), `host ${name} still carries ${contract}`);
  }
}
