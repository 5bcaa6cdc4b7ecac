/**
 * `sla list` is typed often and reads only: its plain forms run without loading oclif, which takes
 * several times as long as all the rest. Whatever is written otherwise goes to oclif's command.
 */
import { parseArgs } from 'node:util';
import { jsonText } from './json-text.ts';
import { listSlas, type SlaListOptions, slaListLimit, slaListText } from './sla-list.ts';

/** False when the words, those after `sla list`, are not of a form known here: nothing was done. */
export async function runSlaList(words: readonly string[]): Promise<boolean> {
  const asked = plainForm(words);
  if (asked === undefined) return false;
  const slas = await listSlas(asked);
  process.stdout.write(asked.json ? jsonText({ slas }) : slaListText(slas));
  return true;
}

function plainForm(words: readonly string[]): (SlaListOptions & { json: boolean }) | undefined {
  if (words.includes('--') || asksForJson(process.env)) return undefined;
  const given = parsed(words);
  if (given === undefined) return undefined;
  const { all = false, json = false, limit = String(slaListLimit.default) } = given;
  const number = /^[1-9]\d{0,5}$/.test(limit) ? Number(limit) : undefined;
  if (number === undefined || number > slaListLimit.most) return undefined;
  return { all, json, limit: number };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false }).values;
  } catch {
    return undefined;
  }
}

const options = {
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  limit: { type: 'string' },
} as const;

/** oclif's own way to ask for JSON; it knows the rules. */
function asksForJson(environment: NodeJS.ProcessEnv): boolean {
  return environment['SKYPACT_CONTENT_TYPE'] !== undefined;
}
