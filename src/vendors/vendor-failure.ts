import { failure, isFailure } from '../base/failure.ts';
import { type Call, type VendorCode, type VendorFailure, vendorCodes } from './vendor.ts';

/** True for what a vendor may throw: a Failure, by shape, with one of the {@link vendorCodes} (V13). */
export function isVendorFailure(thrown: unknown): thrown is VendorFailure {
  return isFailure(thrown) && vendorCodes.some((code) => code === thrown.code);
}

/**
 * Ends a call that the host stopped waiting for. Fails with VENDOR.ABORTED, or with VENDOR.TIMEOUT
 * when a deadline stopped it; `signal.throwIfAborted()` would throw a bare DOMException (V13).
 */
export function throwIfAborted(call: Pick<Call, 'signal'>): void {
  if (!call.signal.aborted) return;
  const code = abortCode(call.signal);
  throw failure(code, code === 'VENDOR.TIMEOUT' ? 'the deadline passed' : 'the call was aborted', {
    retry: 'later',
  });
}

/** Why a signal fired: AbortSignal.timeout gives a TimeoutError as its reason. */
export function abortCode(
  signal: AbortSignal,
): Extract<VendorCode, `VENDOR.${'TIMEOUT' | 'ABORTED'}`> {
  const { reason }: { readonly reason: unknown } = signal;
  return reason instanceof Error && reason.name === 'TimeoutError'
    ? 'VENDOR.TIMEOUT'
    : 'VENDOR.ABORTED';
}
