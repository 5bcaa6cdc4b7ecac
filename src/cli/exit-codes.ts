/** What the process says by its exit code; documented in docs/error-reference.md. */
export const exitCodes = {
  done: 0,
  bug: 1,
  couldNot: 2,
  declined: 3,
  noAgreement: 4,
  promiseViolated: 5,
  moveAborted: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
