/** How a failure, wrong usage or a bug is told: words on stderr, or JSON on stdout. */
import { type Failure, isFailure } from '../base/failure.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface Told {
  readonly exit: ExitCode;
  readonly text: string;
  readonly json: object;
}

/** Codes that mean "no agreement" rather than "could not". */
const noAgreement = new Set(['VENDOR.PRICE_MOVED', 'VENDOR.PROPOSAL_EXPIRED']);

export function tell(thrown: unknown): Told {
  if (isFailure(thrown)) return toldFailure(thrown);
  if (isUsage(thrown)) {
    return {
      exit: exitCodes.couldNot,
      text: `error: ${thrown.message}\n`,
      json: { error: { code: 'CLI.USAGE', message: thrown.message } },
    };
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    exit: exitCodes.bug,
    text:
      `This is a bug in skypact: ${error.message}\n${error.stack ?? ''}\n` +
      'next: report it with the lines above; nothing is lost, `skypact doctor` shows what stands.\n',
    json: { error: { code: 'BUG', message: error.message, stack: error.stack } },
  };
}

function toldFailure(thrown: Failure): Told {
  const { code, message, facts, leftBehind, next } = thrown;
  const lines = [
    `error: ${message} [${code}]`,
    ...(leftBehind === undefined ? [] : [`left behind: ${leftBehind}`]),
    ...(next === undefined ? [] : [`next: ${next}`]),
  ];
  const exit = code === 'CLI.INTERRUPTED' ? exitCodes.interrupted : exitOf(code);
  return {
    exit,
    text: `${lines.join('\n')}\n`,
    json: { error: { code, message, facts, leftBehind, next } },
  };
}

function exitOf(code: string): ExitCode {
  if (code === 'CLI.DECLINED') return exitCodes.declined;
  return noAgreement.has(code) ? exitCodes.noAgreement : exitCodes.couldNot;
}

/** oclif's own errors: unknown commands, wrong flags, missing arguments. */
function isUsage(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'oclif' in thrown && thrown.oclif !== undefined;
}
