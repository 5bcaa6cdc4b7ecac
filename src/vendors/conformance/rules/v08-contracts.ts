import assert from 'node:assert/strict';
import type { Bench, Deal } from '../bench.ts';
import type { RuleChecks } from '../check.ts';

export const v8: RuleChecks = [
  {
    claim: 'every contract is listed once, with its transaction, objective and state',
    run: async (bench) => {
      const signed = await bench.deal();
      const running = await bench.machine();
      await lists([entry(signed, 'signed', bench), entry(running, 'running', bench)], bench);
    },
  },
  {
    claim: 'the list is the same from another process, and survives reopening',
    run: async (bench) => {
      const deals = [await bench.deal(), await bench.machine()];
      const contracts = deals.map(({ contract }) => contract);
      const before = await bench.held();
      assert.deepEqual(ids(before), ids(contracts));
      await bench.process();
      assert.deepEqual(await bench.held(), before, 'in a second process');
      await bench.reopen();
      assert.deepEqual(await bench.held(), before, 'after reopening');
    },
  },
  {
    claim: 'what was withdrawn is listed no more, and the rest still is',
    run: async (bench) => {
      const [gone, kept] = [await bench.machine(), await bench.deal()];
      await bench.holds([gone.contract, kept.contract]);
      await bench.vendor.withdraw(gone.contract.id, gone.call);
      await bench.holds([kept.contract]);
    },
  },
  {
    claim: "other people's machines are left out, and left alone",
    unless: ({ foreign }) => (foreign ? undefined : 'the subject cannot make a foreign machine'),
    run: leavesOthersAlone,
  },
];

type State = 'signed' | 'starting' | 'running';

function entry({ contract, call }: Deal, state: State, bench: Bench): object {
  const objective = bench.subject.possible.objective.name;
  return { id: contract.id, conversation: call.conversation, objective, state };
}

async function leavesOthersAlone(bench: Bench): Promise<void> {
  const { foreign, machines } = bench.subject;
  const { contract, call } = await bench.machine();
  await using _theirs = await foreign?.();
  if (machines !== undefined) assert.equal((await bench.machines()).length, 2, 'both are seen');
  await bench.lists([contract]);
  await bench.vendor.withdraw(contract.id, call);
  await bench.lists([]);
  if (machines !== undefined) assert.equal((await bench.machines()).length, 1, 'theirs is left');
}

async function lists(expected: readonly object[], bench: Bench): Promise<void> {
  await bench.eventually(async () => {
    const held = await bench.held();
    assert.deepEqual(new Set(held), new Set(expected));
    assert.equal(held.length, expected.length, 'each once');
  });
}

function ids(all: readonly { readonly id: string }[]): readonly string[] {
  return all.map(({ id }) => id).toSorted();
}
