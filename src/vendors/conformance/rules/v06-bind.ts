import assert from 'node:assert/strict';
import type { Binding, Contract } from '../../vendor.ts';
import { abortMoments } from '../abort.ts';
import { type Bench, repeats, stored } from '../bench.ts';
import type { RuleChecks } from '../check.ts';
import { isFailureOfVendor, settled } from '../outcome.ts';

export const v6: RuleChecks = [
  {
    claim: 'binding many times gives one binding and one machine',
    run: async (bench) => {
      const { contract, binding, call } = await bench.machine();
      isBindingOf(binding, contract);
      for (let n = 1; n < repeats; n += 1) await bindsTo(binding, contract, bench);
      assert.deepEqual(stored(await bench.vendor.bind(contract, call)), binding);
      await hasOneMachine(contract, binding, bench);
    },
  },
  {
    claim: 'binding from a new process gives the same binding',
    run: async (bench) => {
      const { contract, binding } = await bench.machine();
      await bench.process();
      await bindsTo(binding, contract, bench);
      await bench.reopen();
      await bindsTo(binding, contract, bench);
      await hasOneMachine(contract, binding, bench);
    },
  },
  {
    claim: 'binding from two processes at once starts one machine',
    run: async (bench) => {
      const { contract, call } = await bench.deal();
      const processes = [bench.vendor, await bench.process()];
      const bound = await Promise.all(
        Array.from({ length: repeats }, (_, n) =>
          (processes[n % 2] ?? bench.vendor).bind(contract, call),
        ),
      );
      const [first] = stored(bound);
      assert.ok(first);
      for (const binding of stored(bound)) assert.deepEqual(binding, first);
      await hasOneMachine(contract, first, bench);
    },
  },
  {
    claim: 'a bind that was cut off in the middle is finished by a new process',
    run: async (bench) => {
      for (const moment of abortMoments) {
        const { contract, call } = await bench.deal();
        await bench.cut(moment, call, (stop) => bench.vendor.bind(contract, stop));
        await bench.reopen();
        const binding = stored(await bench.vendor.bind(contract, call));
        await bindsTo(binding, contract, bench);
        await hasOneMachine(contract, binding, bench);
        await bench.vendor.withdraw(contract.id, call);
      }
    },
  },
  {
    claim: 'a bind that a fault of the provider hits starts one machine when repeated',
    unless: ({ faults = [] }) => (faults.length > 0 ? undefined : 'the subject gives no faults'),
    run: async (bench) => {
      for (const { name, arm, disarm } of bench.subject.faults ?? []) {
        const { contract, call } = await bench.deal();
        await arm();
        const first = await settled(bench.vendor.bind(contract, call));
        await disarm();
        if ('thrown' in first) isFailureOfVendor(first.thrown, name);
        await bench.reopen();
        const binding = stored(await bench.vendor.bind(contract, call));
        await hasOneMachine(contract, binding, bench);
        await bench.vendor.withdraw(contract.id, call);
      }
    },
  },
];

function isBindingOf(binding: Binding, { id, proposal }: Contract): void {
  assert.equal(binding.contract, id, 'the binding is of another contract');
  assert.equal(binding.site, proposal.site, 'the machine is at another site');
  assert.match(binding.endpoint, /^[a-z][a-z0-9+.-]*:\/\/\S+$/, 'the endpoint is no URL');
  assert.ok(URL.canParse(binding.endpoint), `the endpoint is no URL: ${binding.endpoint}`);
  assert.ok(binding.machine !== '', 'the machine has no id');
}

async function bindsTo(binding: Binding, contract: Contract, bench: Bench): Promise<void> {
  assert.deepEqual(stored(await bench.vendor.bind(contract, bench.call())), binding);
}

/** One contract, one machine: in the list, at the provider, and on the hosts, where they show it. */
async function hasOneMachine(contract: Contract, binding: Binding, bench: Bench): Promise<void> {
  await bench.holds([contract]);
  const seen = await bench.machines();
  const { machine, host } = binding;
  if (bench.subject.machines !== undefined) {
    assert.deepEqual(
      seen.map((one) => one.machine),
      [machine],
      'machines at the provider',
    );
  }
  if (!bench.subject.roles.includes('hosts')) return;
  const carriers = (await bench.hosts()).flatMap(({ name, contracts }) =>
    contracts.filter((carried) => carried === contract.id).map(() => name),
  );
  assert.deepEqual(carriers, [host], 'hosts that carry the machine');
}
