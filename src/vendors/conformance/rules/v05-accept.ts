import assert from 'node:assert/strict';
import type { Contract, Proposal } from '../../vendor.ts';
import { repeats, stored } from '../bench.ts';
import type { RuleChecks } from '../check.ts';
import { failsWith, isFailureOfVendor, settled } from '../outcome.ts';

export const v5: RuleChecks = [
  {
    claim: 'accepting one proposal many times signs one contract',
    run: async (bench) => {
      const call = bench.call();
      const proposal = await bench.proposal(call);
      const first = await bench.sign({ proposal, call });
      isContractOf(first, proposal);
      for (let n = 1; n < repeats; n += 1) {
        assert.deepEqual(await bench.sign({ proposal, call }), first);
      }
      await bench.holds([first]);
    },
  },
  {
    claim: 'accepting from two processes at once signs one contract',
    run: async (bench) => {
      const call = bench.call();
      const proposal = await bench.proposal(call);
      const processes = [bench.vendor, await bench.process()];
      const signed = await Promise.all(
        Array.from({ length: repeats }, (_, n) =>
          bench.sign({ proposal, call, by: processes[n % 2] ?? bench.vendor }),
        ),
      );
      const [first] = signed;
      assert.ok(first);
      for (const contract of signed) assert.deepEqual(contract, first);
      await bench.holds([first]);
    },
  },
  {
    claim: 'accepting again in a new process gives the contract that was signed',
    run: async (bench) => {
      const call = bench.call();
      const proposal = await bench.proposal(call);
      const first = await bench.sign({ proposal, call });
      await bench.reopen();
      assert.deepEqual(await bench.sign({ proposal, call }), first);
      await bench.holds([first]);
    },
  },
  {
    claim: 'every unit, and every transaction, has a contract of its own',
    run: async (bench) => {
      const call = bench.call();
      const proposals = await bench.proposals(call, bench.possible({ count: 2 }));
      const proposal = proposals.find(({ units }) => units > 1) ?? proposals[0];
      assert.ok(proposal);
      const contracts: Contract[] = [];
      for (let unit = 0; unit < Math.min(2, proposal.units); unit += 1) {
        contracts.push(await bench.sign({ proposal, unit, call }));
      }
      contracts.push((await bench.deal()).contract);
      await bench.holds(contracts);
    },
  },
  {
    claim: 'after its expiry a proposal is VENDOR.PROPOSAL_EXPIRED, and nothing is signed',
    run: async (bench) => {
      const call = bench.call();
      const expired = await bench.expired(await bench.proposal(call));
      await failsWith('VENDOR.PROPOSAL_EXPIRED', () => bench.sign({ proposal: expired, call }));
      await bench.holds([]);
    },
  },
  {
    claim: 'what was signed in time stays signed: accepting it again after its expiry gives it',
    run: async (bench) => {
      const { call, contract } = await bench.deal();
      const proposal = await bench.expired(contract.proposal);
      assert.equal((await bench.sign({ proposal, call })).id, contract.id);
      await bench.holds([contract]);
    },
  },
  {
    claim: 'an accept that a fault of the provider hits signs one contract when repeated',
    unless: ({ faults = [] }) => (faults.length > 0 ? undefined : 'the subject gives no faults'),
    run: async (bench) => {
      for (const { name, arm, disarm } of bench.subject.faults ?? []) {
        const call = bench.call();
        const proposal = await bench.proposal(call);
        await arm();
        const first = await settled(bench.sign({ proposal, call }));
        await disarm();
        if ('thrown' in first) isFailureOfVendor(first.thrown, name);
        const contract = await bench.sign({ proposal, call });
        await bench.holds([contract]);
        await bench.vendor.withdraw(contract.id, call);
      }
    },
  },
];

function isContractOf(contract: Contract, proposal: Proposal): void {
  assert.ok(contract.id.length > 0 && contract.id.length <= 200, `contract id ${contract.id}`);
  assert.deepEqual(stored(contract.proposal), proposal, 'the contract is of another proposal');
  assert.equal(contract.unit, 0);
}
