import { expect, test } from 'vitest';
import { Cloud } from '../../plugins/vendor-faulty/src/cloud.ts';
import { id } from '../../src/sla/ids.ts';
import {
  type CheckResult,
  callsFor,
  ruleNames,
  runConformance,
  type Subject,
  vendorConformance,
} from '../../src/vendors/conformance/kit.ts';
import type { Call, Contract, Vendor } from '../../src/vendors/vendor.ts';
import { faultySubject } from './faulty-subject.ts';

interface Registered {
  readonly name: string;
  readonly skipped: boolean;
  readonly body: () => Promise<void>;
}

/** A runner that only remembers what it was given. */
function registered(subject: Subject): readonly Registered[] {
  const all: Registered[] = [];
  const runner = (skipped: boolean) => (name: string, body: () => Promise<void>) => {
    all.push({ name, skipped, body });
  };
  vendorConformance({ test: Object.assign(runner(false), { skip: runner(true) }), ...subject });
  return all;
}

const call: Call = {
  conversation: id<Call['conversation']>('the-user'),
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** The subject with its vendor's optional roles taken away. */
function withoutRoles(subject: Subject): Subject {
  return {
    ...subject,
    roles: [],
    open: async (name) => {
      const vendor = await subject.open(name);
      return Object.defineProperties(vendor, {
        moveSource: { value: undefined },
        moveTarget: { value: undefined },
        hosts: { value: undefined },
      });
    },
  };
}

async function signed(vendor: Vendor, subject: Subject): Promise<Contract> {
  const answer = await vendor.bid(subject.possible, call);
  const [proposal] = 'kind' in answer ? [] : answer;
  if (proposal === undefined) throw new Error('no proposal');
  return vendor.accept(proposal, 0, call);
}

test('every rule has a test, and every test’s name begins with its rule', () => {
  const names = registered(faultySubject(new Cloud())).map(({ name }) => name);
  for (const name of names) expect(name).toMatch(/^V\d+ \S/);
  expect([...new Set(names.map((name) => name.split(' ')[0]))]).toEqual(ruleNames);
  expect(new Set(names).size).toBe(names.length);
});

test('a rule that does not apply is skipped under a runner, with the reason in its name', () => {
  const tests = registered(withoutRoles(faultySubject(new Cloud())));
  const moving = tests.filter(({ name }) => /^V1[12] /.test(name));
  expect(moving.length).toBeGreaterThan(1);
  for (const { name, skipped } of moving) {
    expect(skipped).toBe(true);
    expect(name).toMatch(/\(not applicable: /);
  }
});

test('without a runner a rule that does not apply is neither kept nor broken', async () => {
  const results = await runConformance(withoutRoles(faultySubject(new Cloud())));
  const verdicts = Object.fromEntries(results.map(({ rule, verdict }) => [rule, verdict]));
  expect(verdicts).toMatchObject({ V10: 'kept', V11: 'not applicable', V12: 'not applicable' });
  expect(Object.values(verdicts)).not.toContain('broken');
});

test('a test that fails says rule and claim first, and withdraws what it signed', async () => {
  const cloud = new Cloud();
  const tests = registered(faultySubject(cloud, 'V10 measures nothing'));
  const [first] = tests.filter(({ name }) => name.startsWith('V10 '));
  const message = await first?.body().catch((thrown: Error) => thrown.message);
  expect(message).toMatch(/^V10 a running machine is measured as on, .*: power of a running/);
  expect([cloud.deals.size, cloud.copies.size]).toEqual([0, 0]);
});

test('what a check cannot clear up breaks it, and is named', async () => {
  const subject = faultySubject(new Cloud(), 'V7 fails for what was never bound');
  const [first] = registered(subject).filter(({ name }) => name.includes('after its expiry gives'));
  const message = await first?.body().catch((thrown: Error) => thrown.message);
  expect(message).toMatch(/^V5 .*: clearing up: VENDOR\.CONTRACT_UNKNOWN/);
});

test('contracts that were there before are neither counted nor withdrawn', async () => {
  const cloud = new Cloud();
  const subject = faultySubject(cloud);
  const contract = await signed(await subject.open('under-test'), subject);
  const results = await runConformance(subject);
  expect(results.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
  expect([...cloud.deals.keys()]).toEqual([contract.id]);
});

test('a vendor that refuses the possible call passes nothing by being idle', async () => {
  const subject = faultySubject(new Cloud());
  const results = await runConformance({ ...subject, possible: subject.impossible });
  expect(results.filter(({ verdict }) => verdict !== 'broken')).toEqual([]);
});

test('a vendor that nobody described to the kit is checked with calls from its description', async () => {
  const subject = faultySubject(new Cloud());
  await using vendor = await subject.open('under-test');
  const calls = callsFor(await vendor.describe(call));
  const results = await runConformance({ ...subject, ...calls });
  expect(results.filter(({ verdict }) => verdict !== 'kept')).toEqual([]);
});

test('a vendor that never answers at all is given up on, not waited for', async () => {
  const subject = faultySubject(new Cloud());
  const results = await runConformance({
    ...subject,
    checkTimeoutMs: 20,
    open: async (name) => {
      const vendor = await subject.open(name);
      return Object.defineProperty(vendor, 'bid', { value: () => new Promise(() => undefined) });
    },
  });
  expect(results.find(({ rule }) => rule === 'V4')?.verdict).toBe('broken');
});

test('results are reported as they come, and stop when nobody waits any more', async () => {
  const stop = new AbortController();
  const cloud = new Cloud();
  const heard: CheckResult[] = [];
  const running = runConformance({ ...faultySubject(cloud), signal: stop.signal }, (result) => {
    heard.push(result);
    if (result.rule === 'V5') stop.abort();
  });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect(heard.at(-1)?.rule).toBe('V5');
  expect([cloud.deals.size, cloud.copies.size]).toEqual([0, 0]);
});
