import assert from 'node:assert/strict';
import type { VendorCode, VendorFailure } from '../vendor.ts';
import { isVendorFailure } from '../vendor-failure.ts';

/** How a call ended: with a value, or by throwing. */
export type Outcome<T> = { readonly value: T } | { readonly thrown: unknown };

/** Waits for a call without failing when it throws. */
export async function settled<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work };
  } catch (thrown) {
    return { thrown };
  }
}

/** Fails when the work is not done in time; a vendor that hangs must not hang the kit. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const overdue = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    overdue.reject(new assert.AssertionError({ message: `not done after ${timeoutMs} ms` }));
  }, timeoutMs);
  try {
    return await Promise.race([work, overdue.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Fails unless the call throws a failure with this code. */
export async function failsWith(code: VendorCode, work: () => Promise<unknown>): Promise<void> {
  const outcome = await settled(work());
  if ('value' in outcome) assert.fail(`it succeeded, and should fail with ${code}`);
  isFailureOfVendor(outcome.thrown, `instead of ${code}`);
  assert.equal(outcome.thrown.code, code);
}

/** Fails, saying what was thrown, unless it is a Failure with a VendorCode (V13). */
export function isFailureOfVendor(thrown: unknown, where: string): asserts thrown is VendorFailure {
  assert.ok(isVendorFailure(thrown), `${where}: threw ${inWords(thrown)}, no Failure of a vendor`);
}

/** What was thrown, for a message: with its code, where it has one. */
export function inWords(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${String(thrown)}, which is no Error`;
  if (thrown instanceof assert.AssertionError) return thrown.message;
  const isCoded = 'code' in thrown && typeof thrown.code === 'string';
  return `${isCoded ? String(thrown.code) : thrown.name}: ${thrown.message}`;
}
