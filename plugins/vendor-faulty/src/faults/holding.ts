import { type Contract, type ContractId, failure, id, isVendorFailure } from 'skypact/vendor';
import { type Cloud, machineOf, work } from '../cloud.ts';
import type { Faults } from './fault.ts';

/** Starts one more machine of a contract at the provider. */
function startAnother(contract: ContractId, cloud: Cloud): string {
  const machine = `${machineOf(contract)}/${cloud.copies.size}`;
  cloud.copies.add({ machine, contract, host: 'host-3', running: true });
  return machine;
}

/** Signs under an id of its own. */
function signAnew(contract: Contract, cloud: Cloud): Contract {
  const signed = cloud.deals.get(contract.id);
  const anew = { ...contract, id: id<ContractId>(`${contract.id}/${cloud.deals.size}`) };
  if (signed !== undefined) cloud.deals.set(anew.id, { ...signed, contract: anew });
  return anew;
}

/** Breaks V5 to V8: signing, binding, withdrawing and listing. */
export const holdingFaults: Faults = {
  'V5 signs a new contract every time': ({ accept }, cloud) => ({
    accept: async (proposal, unit, call) => {
      const known = cloud.deals.has(id(`c/${proposal.id}/${unit}`));
      const contract = await accept(proposal, unit, call);
      return known ? signAnew(contract, cloud) : contract;
    },
  }),
  'V5 signs twice when two processes accept at once': ({ accept }, cloud) => ({
    accept: async (proposal, unit, call) => {
      const known = cloud.deals.has(id(`c/${proposal.id}/${unit}`));
      const contract = await accept(proposal, unit, call);
      return known || cloud.count(contract.id) === 1 ? contract : signAnew(contract, cloud);
    },
  }),
  'V5 signs what has expired': ({ accept }) => ({
    accept: async (proposal, unit, call) => {
      const contract = await accept({ ...proposal, validUntilMs: Date.now() + 1 }, unit, call);
      return { ...contract, proposal };
    },
  }),
  'V5 forgets after the expiry what it signed in time': ({ accept }) => ({
    accept: async (proposal, unit, call) => {
      if (Date.now() > proposal.validUntilMs) throw failure('VENDOR.PROPOSAL_EXPIRED', 'too late');
      return accept(proposal, unit, call);
    },
  }),
  'V5 signs anew when the answer about the first was lost': ({ accept }, cloud) => ({
    accept: async (proposal, unit, call) => {
      try {
        return await accept(proposal, unit, call);
      } catch (thrown) {
        if (isVendorFailure(thrown) && thrown.code === 'VENDOR.UNREACHABLE') {
          signAnew(await accept(proposal, unit, call), cloud);
        }
        throw thrown;
      }
    },
  }),
  'V5 signs one contract for all units': ({ accept }) => ({
    accept: async (proposal, unit, call) => ({ ...(await accept(proposal, 0, call)), unit }),
  }),
  'V6 starts a second machine and binds to it': ({ bind }, cloud) => ({
    bind: async (contract, call) => {
      const known = cloud.copiesOf(contract.id).length > 0;
      const binding = await bind(contract, call);
      return known ? { ...binding, machine: startAnother(contract.id, cloud) } : binding;
    },
  }),
  'V6 starts a second machine and hides it': ({ bind }, cloud) => ({
    bind: async (contract, call) => {
      const known = cloud.copiesOf(contract.id).length > 0;
      const binding = await bind(contract, call);
      if (known) startAnother(contract.id, cloud);
      return binding;
    },
  }),
  'V6 starts two machines when two processes bind at once': ({ bind }, cloud) => ({
    bind: async (contract, call) => {
      const isFirst = cloud.copiesOf(contract.id).length === 0;
      const binding = await bind(contract, call);
      if (isFirst && cloud.count(`bind ${contract.id}`) > 1) startAnother(contract.id, cloud);
      return binding;
    },
  }),
  'V6 starts another machine when the answer about the first was lost': ({ bind }, cloud) => ({
    bind: async (contract, call) => {
      try {
        return await bind(contract, call);
      } catch (thrown) {
        if (isVendorFailure(thrown) && thrown.code === 'VENDOR.UNREACHABLE') {
          startAnother(contract.id, cloud);
        }
        throw thrown;
      }
    },
  }),
  'V6 binds another address in every process': ({ bind }, cloud) => {
    const port = 10_000 + cloud.count('opened');
    return {
      bind: async (contract, call) => ({
        ...(await bind(contract, call)),
        endpoint: `ssh://root@192.0.2.1:${port}`,
      }),
    };
  },
  'V6 starts anew after a crash in the middle': ({ bind }, cloud) => ({
    bind: async (contract, call) => {
      if (cloud.deals.get(contract.id)?.state === 'starting') startAnother(contract.id, cloud);
      return bind(contract, call);
    },
  }),
  'V7 leaves the machine running': (_correct, cloud) => ({
    withdraw: async (contract, call) => {
      await work(1, call);
      cloud.deals.delete(contract);
    },
  }),
  'V7 returns before the machine is gone': ({ withdraw }) => ({
    withdraw: async (contract, call) => {
      setTimeout(
        () => void withdraw(contract, { ...call, signal: new AbortController().signal }),
        200,
      );
    },
  }),
  'V7 fails for what is gone': ({ withdraw }, cloud) => ({
    withdraw: async (contract, call) => {
      if (!cloud.deals.has(contract)) throw failure('VENDOR.CONTRACT_UNKNOWN', 'no such contract');
      return withdraw(contract, call);
    },
  }),
  'V7 fails for what was never bound': ({ withdraw }, cloud) => ({
    withdraw: async (contract, call) => {
      if (cloud.deals.get(contract)?.state === 'signed') {
        throw failure('VENDOR.CONTRACT_UNKNOWN', 'there is no machine');
      }
      return withdraw(contract, call);
    },
  }),
  'V7 withdraws everything': (_correct, cloud) => ({
    withdraw: async (_contract, call) => {
      await work(1, call);
      for (const held of [...cloud.deals.keys()]) cloud.forget(held);
    },
  }),
  'V7 binds what was withdrawn': ({ accept, bind }, cloud) => ({
    bind: async (contract, call) => {
      if (!cloud.deals.has(contract.id)) await accept(contract.proposal, contract.unit, call);
      return bind(contract, call);
    },
  }),
  'V7 lets a bind under way finish after it was withdrawn': ({ bind }, cloud) => ({
    bind: async (contract, call) => {
      const deal = cloud.deals.get(contract.id);
      try {
        return await bind(contract, call);
      } catch (thrown) {
        if (deal === undefined || call.signal.aborted) throw thrown;
        startAnother(contract.id, cloud);
        return cloud.bindingOf(deal);
      }
    },
  }),
  'V8 lists nothing': () => ({ contracts: async function* () {} }),
  'V8 forgets when it is reopened': ({ contracts, accept }) => {
    const mine = new Set<ContractId>();
    return {
      accept: async (proposal, unit, call) => {
        const contract = await accept(proposal, unit, call);
        mine.add(contract.id);
        return contract;
      },
      contracts: async function* (call) {
        for await (const held of contracts(call)) if (mine.has(held.id)) yield held;
      },
    };
  },
  'V8 lists every contract twice': ({ contracts }) => ({
    contracts: async function* (call) {
      for await (const held of contracts(call)) {
        yield held;
        yield held;
      }
    },
  }),
  'V8 lists what is not ours': ({ contracts }, cloud) => ({
    contracts: async function* (call) {
      yield* contracts(call);
      for (const { contract, machine } of cloud.copies) {
        if (contract !== 'foreign') continue;
        const conversation = id<typeof call.conversation>('somebody');
        yield { id: id<ContractId>(machine), conversation, objective: 'web', state: 'running' };
      }
    },
  }),
  'V8 says that everything runs': ({ contracts }) => ({
    contracts: async function* (call) {
      for await (const held of contracts(call)) yield { ...held, state: 'running' };
    },
  }),
  'V8 names another transaction': ({ contracts }) => ({
    contracts: async function* (call) {
      for await (const held of contracts(call)) yield { ...held, conversation: id('another') };
    },
  }),
};
