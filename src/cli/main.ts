/** The way in: a first sign of life, the commands that need no oclif, then oclif. */
import { type Failure, failure } from '../base/failure.ts';
import { type Told, tell } from './errors.ts';
import { jsonText } from './json-text.ts';
import type { Start } from './run-oclif.ts';

/** Commands that talk to vendors: they say at once that they have begun. */
const signsOfLife: Readonly<Record<string, string>> = {
  'sla negotiate': 'skypact: reading the template …',
  'sla accept': 'skypact: signing …',
  'sla renegotiate': 'skypact: reading the changes …',
  'sla withdraw': 'skypact: withdrawing …',
  doctor: 'skypact: comparing what vendors hold with what we hold …',
};

/** Runs the command that the words say, to its end; the outcome is `process.exitCode`. */
export async function start(words: readonly string[], from: Start): Promise<void> {
  guardStreams();
  const sign = signsOfLife[words.slice(0, 2).join(' ')] ?? signsOfLife[words[0] ?? ''];
  const quiet = words.includes('--help') || words.includes('-h');
  if (sign !== undefined && !quiet) process.stderr.write(`${sign}\n`);
  try {
    if (words[0] === 'sla' && words[1] === 'list') {
      const { runSlaList } = await import('./hot-list.ts');
      if (await runSlaList(words.slice(2))) return;
    }
    const { runOclif } = await import('./run-oclif.ts');
    await runOclif(words, from);
  } catch (thrown) {
    if (isExit(thrown)) process.exitCode = thrown.oclif.exit;
    else show(tell(thrown), words);
  }
}

/** What ended without a command of ours to tell it: unknown commands, plugins' commands, bugs. */
function show({ exit, text, json }: Told, words: readonly string[]): void {
  const end = words.indexOf('--');
  const flags = end === -1 ? words : words.slice(0, end);
  if (flags.includes('--json')) process.stdout.write(jsonText(json));
  process.stderr.write(text);
  process.exitCode = exit;
}

/**
 * A reader that has read enough, such as `head`, is no failure, and what was begun goes on to its
 * end. Output that cannot be written, to a full disk, is one, and is told once.
 */
function guardStreams(): void {
  let told: Error | undefined;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'EPIPE') return;
    if (told === undefined) {
      const { exit, text } = tell(unwritable(thrown));
      process.stderr.write(text);
      process.on('exit', () => {
        process.exitCode = exit;
      });
    }
    told = thrown;
  });
  process.on('uncaughtException', (thrown) => {
    // oclif throws in its own listener what was told here.
    if (thrown === told) return;
    const { exit, text } = tell(thrown);
    process.stderr.write(text);
    process.exit(exit);
  });
}

function unwritable({ message }: Error): Failure {
  return failure('CLI.OUTPUT', `standard output cannot be written: ${message}`, {
    next: 'send it elsewhere; `skypact sla list` shows what was done',
  });
}

/** oclif ends `--help` by throwing. */
function isExit(thrown: unknown): thrown is { readonly oclif: { readonly exit: number } } {
  return (
    thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIT' && 'oclif' in thrown
  );
}
