/** How a failure, wrong usage or a bug is told: words on stderr, or JSON on stdout. */
import { type Failure, failure, isFailure } from '../base/failure.ts';
import { didYouMean } from '../base/suggest.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface Told {
  readonly exit: ExitCode;
  readonly text: string;
  readonly json: object;
}

/** Codes that mean more than "could not". */
const exits: Readonly<Record<string, ExitCode>> = {
  'CLI.DECLINED': exitCodes.declined,
  'CLI.INTERRUPTED': exitCodes.interrupted,
  'VENDOR.PRICE_MOVED': exitCodes.noAgreement,
  'VENDOR.PROPOSAL_EXPIRED': exitCodes.noAgreement,
  'VENDOR.MOVE_ABORTED': exitCodes.moveAborted,
};

/** Of the command that was run, when it is known: for hints after wrong usage. */
export interface Usage {
  /** As it is typed: `skypact sla list`. */
  readonly command: string;
  /** Names of its flags, without dashes. */
  readonly flags: readonly string[];
}

export function tell(thrown: unknown, usage: Usage = { command: 'skypact', flags: [] }): Told {
  if (isFailure(thrown)) return toldFailure(thrown);
  if (isPromptLeft(thrown)) return toldFailure(failure('CLI.INTERRUPTED', 'interrupted'));
  if (isUsage(thrown)) return toldFailure(usageFailure(thrown, usage));
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
  return {
    exit: exits[code] ?? exitCodes.couldNot,
    text: `${lines.join('\n')}\n`,
    json: { error: { code, message, facts, leftBehind, next } },
  };
}

/** oclif's own errors: wrong flags, missing arguments. */
function isUsage(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'oclif' in thrown && thrown.oclif !== undefined;
}

function usageFailure(thrown: Error, { command, flags }: Usage): Failure {
  const said = thrown.message.replace(/\s*See more help with --help$/, '').replaceAll(/\s+/g, ' ');
  const [unknown] = 'flags' in thrown && Array.isArray(thrown.flags) ? thrown.flags : [];
  const meant = typeof unknown === 'string' ? didYouMean(unknown.replace(/^-+/, ''), flags) : '';
  return failure('CLI.USAGE', `${said}${meant}`, { next: `${command} --help` });
}

/** Ctrl-C at a question of @inquirer, which reads the key itself. */
function isPromptLeft(thrown: unknown): boolean {
  return thrown instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(thrown.name);
}
