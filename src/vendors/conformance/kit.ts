/**
 * The conformance kit, published as `skypact/conformance`: checks a vendor against rules V1 to V14
 * of docs/vendor-contract.md, with the caller's own test runner or with none.
 */
import type { Vendor } from '../vendor.ts';
import { Bench } from './bench.ts';
import { type Check, type Rule, ruleNames, rules } from './check.ts';
import { inWords, within } from './outcome.ts';
import { checksOf } from './rules/all.ts';
import type { Role, Subject } from './subject.ts';

export { type Calls, callsFor } from './calls.ts';
export { type Rule, ruleNames, rules } from './check.ts';
export type { Fault, MachineSeen, Role, Subject } from './subject.ts';

/** The runner's own test function: vitest's `test`, or node:test's. */
export interface TestFunction {
  (name: string, body: () => Promise<void>): unknown;
  /** Shows a test as skipped: a rule that does not apply is never shown as passed. */
  readonly skip: (name: string, body: () => Promise<void>) => unknown;
}

/**
 * Registers at least one test for each rule. The name of a test, and its message when it fails,
 * begin with the rule's number. Whatever a test signs it withdraws, also when it fails.
 */
export function vendorConformance({
  test,
  ...subject
}: Subject & { readonly test: TestFunction }): void {
  for (const rule of ruleNames) {
    for (const check of checksOf[rule]) {
      const name = `${rule} ${check.claim}`;
      const why = check.unless?.(subject);
      if (why === undefined) test(name, () => run(rule, check, subject));
      else test.skip(`${name} (not applicable: ${why})`, () => Promise.resolve());
    }
  }
}

/** What became of one rule; `not applicable` when none of its checks applies. */
export interface RuleResult {
  readonly rule: Rule;
  /** The rule in one line. */
  readonly statement: string;
  readonly verdict: Verdict;
  readonly checks: readonly CheckResult[];
}

export interface CheckResult {
  readonly rule: Rule;
  readonly claim: string;
  readonly verdict: Verdict;
  /** Why it is broken or not applicable; empty when it is kept. */
  readonly detail: string;
  readonly durationMs: number;
}

export type Verdict = 'kept' | 'broken' | 'not applicable';

/**
 * Checks every rule without a runner, in their order, as `skypact vendor check` does; `report`
 * hears of each check as it ends. Rejects when the vendor cannot be opened, and with the reason of
 * `subject.signal` when that fires.
 */
export async function runConformance(
  given: Omit<Subject, 'roles'>,
  report: (result: CheckResult) => void = () => undefined,
): Promise<readonly RuleResult[]> {
  const subject: Subject = { ...given, roles: await rolesOf(given) };
  const results: RuleResult[] = [];
  for (const rule of ruleNames) {
    const done: CheckResult[] = [];
    for (const check of checksOf[rule]) {
      const result = await resultOf(rule, check, subject);
      subject.signal?.throwIfAborted();
      report(result);
      done.push(result);
    }
    results.push({ rule, statement: rules[rule], verdict: verdictOf(done), checks: done });
  }
  return results;
}

const allRoles: readonly Role[] = ['moveSource', 'moveTarget', 'hosts'];

async function rolesOf({ open, name = 'under-test' }: Omit<Subject, 'roles'>): Promise<Role[]> {
  const vendor: Vendor & AsyncDisposable = await open(name);
  try {
    return allRoles.filter((role) => vendor[role] !== undefined);
  } finally {
    await vendor[Symbol.asyncDispose]();
  }
}

async function resultOf(rule: Rule, check: Check, subject: Subject): Promise<CheckResult> {
  const why = check.unless?.(subject);
  const { claim } = check;
  if (why !== undefined) {
    return { rule, claim, verdict: 'not applicable', detail: why, durationMs: 0 };
  }
  const startMs = performance.now();
  let detail = '';
  try {
    await run(rule, check, subject);
  } catch (thrown) {
    detail = thrown instanceof Error ? thrown.message : inWords(thrown);
  }
  const verdict = detail === '' ? 'kept' : 'broken';
  return { rule, claim, verdict, detail, durationMs: performance.now() - startMs };
}

function verdictOf(done: readonly CheckResult[]): Verdict {
  if (done.some(({ verdict }) => verdict === 'broken')) return 'broken';
  return done.some(({ verdict }) => verdict === 'kept') ? 'kept' : 'not applicable';
}

/** Runs one check on a bench of its own, which is cleared whatever comes of it. */
async function run(rule: Rule, check: Check, subject: Subject): Promise<void> {
  const failed = (thrown: unknown, where = ''): Error =>
    new Error(`${rule} ${check.claim}: ${where}${inWords(thrown)}`, { cause: thrown });
  const { checkTimeoutMs = 1_800_000 } = subject;
  let bench: Bench | undefined;
  let broken: Error | undefined;
  try {
    bench = await within(checkTimeoutMs, Bench.over(subject));
    await within(checkTimeoutMs, check.run(bench));
  } catch (thrown) {
    broken = failed(thrown);
  }
  try {
    if (bench !== undefined) await within(checkTimeoutMs, bench[Symbol.asyncDispose]());
  } catch (thrown) {
    broken ??= failed(thrown, 'clearing up: ');
  }
  if (broken !== undefined) throw broken;
}
