import { expect, test } from 'vitest';
import { failure } from '../../../src/base/failure.ts';
import type { GuardOptions } from '../../../src/vendors/edge.ts';
import { guarded } from '../../../src/vendors/guard.ts';
import type { Vendor } from '../../../src/vendors/vendor.ts';
import { call, cfp, contract, fake, proposal } from './fake-vendor.ts';

const binding = await fake().bind(contract, call());

/** A listing whose every step is `next`'s. */
function listing(next: () => Promise<unknown>): unknown {
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

function guard(
  methods: Readonly<Record<string, unknown>>,
  patience: NonNullable<GuardOptions['patience']> = {},
): Vendor {
  return guarded(fake(methods), { plugin: 'skypact-fake', name: 'aws', patience });
}

test('what a correct vendor answers comes through unchanged', async () => {
  const vendor = guard({});
  expect(await vendor.bid(cfp, call())).toEqual([proposal]);
  expect(await vendor.accept(proposal, 0, call())).toEqual(contract);
  expect(await vendor.bind(contract, call())).toEqual(binding);
  expect(await vendor.describe(call())).toMatchObject({ driver: 'fake', currency: 'USD' });
  expect(await Array.fromAsync(vendor.contracts(call()))).toHaveLength(1);
  expect(await Array.fromAsync(vendor.measure([binding], ['power'], call()))).toHaveLength(1);
  await vendor.withdraw(contract.id, call());
});

test.each([
  [
    'a price that is no integer',
    [{ ...proposal, pricePerHour: { micros: 0.5, currency: 'USD' } }],
    '0.pricePerHour.micros',
  ],
  ['no alternatives at all', [], ''],
  [
    'an expiry that is not a number',
    [proposal, { ...proposal, validUntilMs: Number.NaN }],
    '1.validUntilMs',
  ],
  ['another vendor’s proposal', [{ ...proposal, vendor: 'other' }], 'vendor'],
  ['a proposal for another objective', [{ ...proposal, objective: 'db' }], 'objective'],
  [
    'a refusal without a reason',
    { kind: 'refusal', vendor: 'aws', objective: 'web', detail: '' },
    'reason',
  ],
  ['a shape name as long as a book', [{ ...proposal, shape: 'x'.repeat(100_000) }], '0.shape'],
  ['more alternatives than any catalogue', new Array(4_001).fill(proposal), ''],
  ['nothing', undefined, ''],
])(
  '%s is VENDOR.REPLY_MALFORMED, naming vendor, method and field',
  async (_what, answer, field) => {
    const vendor = guard({ bid: async () => answer });
    await expect(vendor.bid(cfp, call())).rejects.toMatchObject({
      code: 'VENDOR.REPLY_MALFORMED',
      facts: { vendor: 'aws', method: 'bid', field },
    });
  },
);

test('a binding or contract of something else is malformed', async () => {
  const other = { ...binding, contract: 'c2' };
  const vendor = guard({ bind: async () => other, accept: async () => ({ ...contract, unit: 1 }) });
  await expect(vendor.bind(contract, call())).rejects.toMatchObject({
    facts: { method: 'bind', field: 'contract' },
  });
  await expect(vendor.accept(proposal, 0, call())).rejects.toMatchObject({
    facts: { method: 'accept', field: 'unit' },
  });
});

test('a measurement that nobody asked for, or no number, is malformed', async () => {
  const measured = (sample: object): Promise<unknown> => {
    const vendor = guard({
      measure: async function* () {
        yield sample;
      },
    });
    return Array.fromAsync(vendor.measure([binding], ['power'], call()));
  };
  const sample = { contract: contract.id, metric: 'power', value: 1, atMs: 1 };
  await expect(measured({ ...sample, metric: 'net.in' })).rejects.toMatchObject({
    facts: { field: 'metric' },
  });
  await expect(measured({ ...sample, contract: 'c2' })).rejects.toMatchObject({
    facts: { field: 'contract' },
  });
  await expect(measured({ ...sample, value: Number.POSITIVE_INFINITY })).rejects.toMatchObject({
    facts: { field: 'value' },
  });
});

test('a vendor failure passes as it is', async () => {
  const gone = failure('VENDOR.CAPACITY_GONE', 'sold out', { leftBehind: 'nothing' });
  const vendor = guard({ bind: () => Promise.reject(gone) });
  await expect(vendor.bind(contract, call())).rejects.toBe(gone);
});

test.each([
  ['a TypeError', new TypeError('x is undefined')],
  ['a bare string', 'capacity'],
  ['a failure with a code that is not a vendor’s', failure('STORE.BUSY', 'no')],
])('%s thrown by a plugin is a bug that names the plugin and the rule', async (_what, thrown) => {
  const vendor = guard({
    withdraw: () => Promise.reject(thrown),
    contracts: () => listing(() => Promise.reject(thrown)),
  });
  const bug = { name: 'Bug', message: expect.stringMatching(/skypact-fake broke rule V13/) };
  await expect(vendor.withdraw(contract.id, call())).rejects.toMatchObject(bug);
  await expect(Array.fromAsync(vendor.contracts(call()))).rejects.toMatchObject(bug);
});

test('a vendor that never settles is not waited for: past the deadline it is VENDOR.TIMEOUT', async () => {
  const vendor = guard({ accept: () => new Promise(() => undefined) }, { call: 5, grace: 5 });
  await expect(vendor.accept(proposal, 0, call())).rejects.toMatchObject({
    code: 'VENDOR.TIMEOUT',
    retry: 'later',
    leftBehind: expect.stringContaining('under way'),
  });
});

test('an aborted call that never settles is VENDOR.ABORTED, listings too', async () => {
  const never = new Promise(() => undefined);
  const vendor = guard(
    {
      bind: () => never,
      contracts: () => listing(() => never),
    },
    { grace: 5 },
  );
  const aborted = AbortSignal.abort();
  await expect(vendor.bind(contract, call(aborted))).rejects.toMatchObject({
    code: 'VENDOR.ABORTED',
  });
  await expect(Array.fromAsync(vendor.contracts(call(aborted)))).rejects.toMatchObject({
    code: 'VENDOR.ABORTED',
  });
});

test('an SDK’s AbortError after our abort is VENDOR.ABORTED, and a TimeoutError without one a bug', async () => {
  const abort = new AbortController();
  const vendor = guard({
    bind: async () => {
      abort.abort();
      throw new DOMException('stopped', 'AbortError');
    },
    bid: async () => {
      throw new DOMException('socket', 'TimeoutError');
    },
  });
  await expect(vendor.bind(contract, call(abort.signal))).rejects.toMatchObject({
    code: 'VENDOR.ABORTED',
  });
  await expect(vendor.bid(cfp, call())).rejects.toMatchObject({ name: 'Bug' });
});

test('a vendor that says ABORTED when it was our deadline is reported as VENDOR.TIMEOUT', async () => {
  const vendor = guard(
    {
      bid: (_cfp: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(failure('VENDOR.ABORTED', 'stopped')));
        }),
    },
    { call: 5 },
  );
  await expect(vendor.bid(cfp, call())).rejects.toMatchObject({ code: 'VENDOR.TIMEOUT' });
});

test('what a vendor did in spite of an abort is not lost', async () => {
  const abort = new AbortController();
  const vendor = guard({
    accept: async () => {
      abort.abort();
      return contract;
    },
  });
  expect(await vendor.accept(proposal, 0, call(abort.signal))).toEqual(contract);
});

test('a listing that is left early is closed', async () => {
  let closed = false;
  const vendor = guard({
    contracts: async function* () {
      try {
        for (;;) yield { id: 'c1', conversation: 't1', objective: 'web', state: 'signed' };
      } finally {
        closed = true;
      }
    },
  });
  for await (const held of vendor.contracts(call())) {
    expect(held.id).toBe('c1');
    break;
  }
  expect(closed).toBe(true);
});

test('a transfer must end paused or arrived', async () => {
  const report = { bytesDone: 1, bytesTotal: 2, guest: 'running' };
  const vendor = guard({
    moveSource: {
      transfer: async function* () {
        yield report;
      },
    },
  });
  const offer = { protocol: 'fake/1', live: true, downtimeMsEstimate: 0 } as const;
  const move = { id: 'm1' as never, source: contract, target: contract, offer };
  const reports = vendor.moveSource?.transfer(move, new Uint8Array(), call());
  await expect(Array.fromAsync(reports ?? [])).rejects.toMatchObject({
    code: 'VENDOR.REPLY_MALFORMED',
    facts: { field: 'guest' },
  });
});

test('the optional roles of a vendor are those that it has', () => {
  expect(Object.keys(guard({})).sort()).not.toContain('hosts');
  expect(guard({ hosts: { list: async function* () {} } }).hosts).toBeDefined();
});

test('progress reaches the host cut to a length that a terminal can show', async () => {
  const steps: string[] = [];
  const vendor = guard({
    bind: async (_contract: unknown, { progress }: { progress: (step: string) => void }) => {
      progress('x'.repeat(1_000_000));
      return binding;
    },
  });
  await vendor.bind(contract, { ...call(), progress: (step) => steps.push(step) });
  expect(steps.map(({ length }) => length)).toEqual([2_000]);
});
