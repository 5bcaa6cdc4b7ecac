/**
 * An expected, explainable failure: something a caller or an operator can act on.
 *
 * Recognised by shape, never by `instanceof`: a vendor plugin may carry its own copy of this
 * module, and a failure may have crossed the wire. A domain "no" (a refusal, a rejected SLA) is a
 * value, not a Failure. A broken invariant is a {@link Bug}.
 */
export interface Failure extends Error {
  /** `OWNER.REASON`; the owning module declares its codes as a union. */
  readonly code: FailureCode;
  /** `later` means the same call may succeed if repeated after a pause. */
  readonly retry: 'never' | 'later';
  /** Redaction-safe facts for logs and `--json`. Never credentials. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** What exists in the world although this failed, in words. Absent: nothing was left behind. */
  readonly leftBehind?: string;
  /** What the user should type or change next. */
  readonly next?: string;
}

export type FailureCode = `${string}.${string}`;

export interface FailureOptions {
  readonly retry?: Failure['retry'];
  readonly facts?: Failure['facts'];
  readonly leftBehind?: string;
  readonly next?: string;
  readonly cause?: unknown;
}

const CODE = /^[A-Z][A-Z0-9]*\.[A-Z][A-Z0-9_]*$/;

export function failure(code: FailureCode, message: string, options: FailureOptions = {}): Failure {
  const error = new Error(message, options.cause === undefined ? {} : { cause: options.cause });
  error.name = 'Failure';
  return Object.assign(error, {
    code,
    retry: options.retry ?? 'never',
    facts: options.facts ?? {},
    ...(options.leftBehind === undefined ? {} : { leftBehind: options.leftBehind }),
    ...(options.next === undefined ? {} : { next: options.next }),
  });
}

export function isFailure(thrown: unknown): thrown is Failure {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    typeof thrown.code === 'string' &&
    CODE.test(thrown.code) &&
    'retry' in thrown
  );
}

/** A defect in our own code. Caught only at the process boundary, which exits 1. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** Compile-time exhaustiveness, run-time crash. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable: ${JSON.stringify(value)}`);
}
