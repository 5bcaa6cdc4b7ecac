/** Interaction models: the shipped ones by name, the user's own by path. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { parseModel } from '../lcc/parser.ts';
import type { NewAgent } from '../store/store.ts';
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

/** Reads a model by shipped name, or by path when the name has a `/`, a `\` or ends in `.lcc`. */
export async function readModel(
  nameOrFile: string,
  folder: URL = modelsFolder(),
): Promise<ModelText> {
  const isPath = /[/\\]|\.lcc$/.test(nameOrFile);
  const file = isPath ? nameOrFile : new URL(`${nameOrFile}.lcc`, folder);
  try {
    const { size } = await stat(file);
    if (size > limits.modelFileBytes) {
      throw failure(
        'LCC.TOO_LONG',
        `${nameOrFile} has ${size} bytes; at most ${limits.modelFileBytes}`,
      );
    }
    const text = await readFile(file, 'utf8');
    const name = isPath ? basename(nameOrFile, '.lcc') : nameOrFile;
    return { name, text, file: isPath ? nameOrFile : `models/${nameOrFile}.lcc` };
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown;
    const known = (await shippedModels(folder)).join(', ');
    throw failure('MODEL.UNKNOWN', `there is no model ${nameOrFile}; shipped are: ${known}`, {
      facts: { model: nameOrFile },
      next: 'skypact model list',
    });
  }
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
