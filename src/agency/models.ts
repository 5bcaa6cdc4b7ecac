/** Interaction models: the shipped ones by name, the user's own by path. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Failure, failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { callsOf, programOf } from '../lcc/check/program.ts';
import { parseModel } from '../lcc/parser.ts';
import type { NewAgent } from '../store/store.ts';
import { boundedText } from './bounded-text.ts';
import { packageRoot } from './package-root.ts';

export interface ModelText {
  readonly name: string;
  readonly text: string;
  /** Where it was read from, for messages. */
  readonly file: string;
}

/** The folder of the shipped models. */
function modelsFolder(): URL {
  return new URL('models/', packageRoot());
}

export async function shippedModels(folder: URL = modelsFolder()): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.lcc'))
    .map((entry) => entry.slice(0, -'.lcc'.length))
    .toSorted();
}

/**
 * Reads a model by shipped name, or by path when the name has a `/`, a `\` or ends in `.lcc`. Fails
 * with MODEL.UNKNOWN, MODEL.UNREADABLE or LCC.TOO_LONG.
 */
export async function readModel(
  nameOrFile: string,
  folder: URL = modelsFolder(),
): Promise<ModelText> {
  if (/[/\\]|\.lcc$/.test(nameOrFile)) {
    const text = await modelText(nameOrFile, nameOrFile, folder);
    return { name: basename(nameOrFile, '.lcc'), text, file: nameOrFile };
  }
  const known = await shippedModels(folder);
  if (!known.includes(nameOrFile)) throw unknownModel(nameOrFile, known);
  const file = `models/${nameOrFile}.lcc`;
  const text = await modelText(new URL(`${nameOrFile}.lcc`, folder), file, folder);
  return { name: nameOrFile, text, file };
}

async function modelText(path: string | URL, shown: string, folder: URL): Promise<string> {
  try {
    const text = await boundedText(createReadStream(path), limits.modelFileBytes);
    if (text !== undefined) return text;
  } catch (thrown) {
    if (isNotFound(thrown)) throw unknownModel(shown, await shippedModels(folder));
    if (!(thrown instanceof Error && 'syscall' in thrown)) throw thrown;
    throw failure('MODEL.UNREADABLE', `${shown} cannot be read: ${thrown.message}`, {
      facts: { model: shown },
      next: 'name a file that holds a model',
    });
  }
  throw failure('LCC.TOO_LONG', `${shown} has more than ${limits.modelFileBytes} bytes`, {
    facts: { file: shown },
  });
}

function unknownModel(model: string, known: readonly string[]): Failure {
  const message = `there is no model ${model}; shipped are: ${known.join(', ')}`;
  return failure('MODEL.UNKNOWN', message, { facts: { model }, next: 'skypact model list' });
}

/** The same; fails with MODEL.WRONG_KIND when it is no negotiation, which ends in a composite. */
export function negotiationModel(model: ModelText): ModelText {
  const { steps } = programOf(parseModel(model.text, { file: model.file }), new Map());
  const asked = steps.flatMap(({ def }) => callsOf(def.guard));
  if (asked.some(({ name, args }) => name === 'compose' && args.length === 4)) return model;
  throw failure('MODEL.WRONG_KIND', `${model.file} is no negotiation: it never asks compose/4`, {
    facts: { model: model.name },
    next: 'skypact model list',
  });
}

/** The agents that a conversation begins with: one for each role that one agent must play. */
export function castOf({ text, file }: ModelText): readonly NewAgent[] {
  const { roles } = parseModel(text, { file });
  const begins = roles.filter(
    ({ kind, max }) => kind === 'initial' || (kind === 'necessary' && max === 1),
  );
  return begins
    .toSorted((a, b) => Number(b.kind === 'initial') - Number(a.kind === 'initial'))
    .map(({ name }) => ({ id: name, role: name, state: '' }));
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}
