import { failure, isVendorFailure } from 'skypact/vendor';
import type { Faults } from './fault.ts';

const deaf = new AbortController().signal;

/** Breaks V9, V10, V13 and V14: aborting, measuring, failing and keeping secrets. */
export const callingFaults: Faults = {
  'V9 never ends a bind that was aborted': ({ bind }) => ({
    bind: async (contract, call) => {
      if (call.signal.aborted) return new Promise(() => undefined);
      return bind(contract, call);
    },
  }),
  'V9 never ends a listing that was aborted': ({ contracts }) => ({
    contracts: async function* (call) {
      if (call.signal.aborted) await new Promise(() => undefined);
      yield* contracts(call);
    },
  }),
  'V9 signs although the call was aborted': ({ accept }) => ({
    accept: async (proposal, unit, call) => {
      await accept(proposal, unit, { ...call, signal: deaf });
      return accept(proposal, unit, call);
    },
  }),
  'V9 undoes an earlier contract when a repetition is aborted': ({ accept, withdraw }) => ({
    accept: async (proposal, unit, call) => {
      try {
        return await accept(proposal, unit, call);
      } catch (thrown) {
        const { id } = await accept(proposal, unit, { ...call, signal: deaf });
        await withdraw(id, { ...call, signal: deaf });
        throw thrown;
      }
    },
  }),
  'V9 leaves a machine nobody knows when a bind is aborted': ({ bind }, cloud) => ({
    bind: async (contract, call) => {
      try {
        return await bind(contract, call);
      } catch (thrown) {
        if (call.signal.aborted) {
          cloud.copies.add({
            machine: `stray-${cloud.count('stray')}`,
            contract: 'foreign',
            host: 'host-3',
            running: true,
          });
        }
        throw thrown;
      }
    },
  }),
  'V10 measures more than it was asked': ({ measure }) => ({
    measure: (bindings, _metrics, call) => measure(bindings, ['power', 'cpu.used'], call),
  }),
  'V10 measures nothing': () => ({ measure: async function* () {} }),
  'V10 gives zero for what it does not know': () => ({
    measure: async function* (bindings, metrics) {
      for (const { contract } of bindings) {
        for (const metric of metrics) yield { contract, metric, value: 0, atMs: Date.now() };
      }
    },
  }),
  'V10 gives what is no number': ({ measure }) => ({
    measure: async function* (bindings, metrics, call) {
      for await (const one of measure(bindings, metrics, call)) yield { ...one, value: Number.NaN };
    },
  }),
  'V10 gives memory in KiB': ({ measure }) => ({
    measure: async function* (bindings, metrics, call) {
      for await (const one of measure(bindings, metrics, call)) {
        yield one.metric === 'memory.used' ? { ...one, value: one.value * 1024 } : one;
      }
    },
  }),
  'V10 gives figures of an hour ago': ({ measure }) => ({
    measure: async function* (bindings, metrics, call) {
      for await (const one of measure(bindings, metrics, call)) {
        yield { ...one, atMs: one.atMs - 3_600_000 };
      }
    },
  }),
  'V13 throws a TypeError for an unknown contract': ({ bind }, cloud) => ({
    bind: async (contract, call) => {
      if (!cloud.deals.has(contract.id)) throw new TypeError('deal is undefined');
      return bind(contract, call);
    },
  }),
  'V13 throws a failure with a code of its own': ({ bind }) => ({
    bind: async (contract, call) => {
      try {
        return await bind(contract, call);
      } catch (thrown) {
        throw failure('CLOUD.ERROR', String(thrown));
      }
    },
  }),
  'V13 throws a bare AbortError when it is aborted': ({ describe }) => ({
    describe: async (call) => {
      call.signal.throwIfAborted();
      return describe(call);
    },
  }),
  'V14 puts the password into the endpoint': ({ bind }, { secret }) => ({
    bind: async (contract, call) => {
      const binding = await bind(contract, call);
      return { ...binding, endpoint: binding.endpoint.replace('root@', `root:${secret}@`) };
    },
  }),
  'V14 says the secret when it fails': ({ bind }, { secret }) => ({
    bind: (contract, call) => telling(() => bind(contract, call), { message: secret }),
  }),
  'V14 puts the secret into the facts of a failure': ({ bind }, { secret }) => ({
    bind: (contract, call) => telling(() => bind(contract, call), { facts: { login: secret } }),
  }),
  'V14 says the secret while it works': ({ bind }, { secret }) => ({
    bind: async (contract, call) => {
      call.progress(`logging in with ${secret}`);
      return bind(contract, call);
    },
  }),
};

async function telling<T>(work: () => Promise<T>, what: object): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw isVendorFailure(thrown) ? Object.assign(thrown, what) : thrown;
  }
}
