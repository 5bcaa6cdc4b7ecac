/** The way in: a first sign of life, then oclif. */
import { fileURLToPath } from 'node:url';
import { tell } from './errors.ts';

/** Commands that talk to vendors: they say at once that they have begun. */
const signsOfLife: Readonly<Record<string, string>> = {
  'sla negotiate': 'skypact: reading the template …',
  'sla accept': 'skypact: signing …',
  'sla renegotiate': 'skypact: reading the changes …',
  'sla withdraw': 'skypact: withdrawing …',
  doctor: 'skypact: comparing what vendors hold with what we hold …',
};

export async function start(
  words: readonly string[],
  bin: string,
  { development }: { readonly development?: true } = {},
): Promise<void> {
  const sign = signsOfLife[words.slice(0, 2).join(' ')] ?? signsOfLife[words[0] ?? ''];
  const quiet = words.includes('--help') || words.includes('-h');
  if (sign !== undefined && !quiet) process.stderr.write(`${sign}\n`);
  const { flush, run, settings } = await import('@oclif/core');
  if (development === true) settings.debug = true;
  try {
    await run([...words], fileURLToPath(bin));
    await flush();
  } catch (thrown) {
    if (isExit(thrown)) {
      process.exitCode = thrown.oclif.exit;
      return;
    }
    const { exit, text } = tell(thrown);
    process.stderr.write(text);
    process.exitCode = exit;
  }
}

/** oclif ends `--help` by throwing. */
function isExit(thrown: unknown): thrown is { readonly oclif: { readonly exit: number } } {
  return (
    thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIT' && 'oclif' in thrown
  );
}
