/** Settings of a vendor from `--set key=value` and a file, before its driver's schema checks them. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { failure } from '../base/failure.ts';

/**
 * `--set a.b=1` sets a nested key; a value is read as YAML, so that numbers and lists are what
 * they look like. Fails with CONFIG.INVALID.
 */
export async function settingsFrom(
  assignments: readonly string[],
  file: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const settings: Record<string, unknown> = file === undefined ? {} : await fromFile(file);
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    if (at <= 0) throw invalid(`--set ${assignment} is not KEY=VALUE`);
    setIn(settings, assignment.slice(0, at).split('.'), read(assignment.slice(at + 1)));
  }
  return settings;
}

async function fromFile(file: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = parse(await readFile(file, 'utf8'));
    if (isRecord(value)) return value;
  } catch (thrown) {
    throw invalid(`${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  throw invalid(`${file} holds no settings: a mapping of names to values is needed`);
}

function read(text: string): unknown {
  try {
    return parse(text) ?? '';
  } catch {
    return text;
  }
}

function setIn(
  target: Record<string, unknown>,
  [key, ...rest]: readonly string[],
  value: unknown,
): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  const next: Record<string, unknown> = isRecord(inner) ? inner : {};
  target[key] = next;
  setIn(next, rest, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string): Error {
  return failure('CONFIG.INVALID', what, { next: 'skypact vendor add --help' });
}
