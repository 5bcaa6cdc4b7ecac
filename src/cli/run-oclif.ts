/** Everything that oclif is needed for: parsing, help, completion, plugins. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Interfaces, run, settings } from '@oclif/core';

/** Where the program was started from. */
export interface Start {
  /** `import.meta.url` of the bin. */
  readonly bin: string;
  /** `sources`: commands and hooks are read from src/, as in bin/dev.ts. */
  readonly run: 'bundle' | 'sources';
}

export async function runOclif(words: readonly string[], { bin, run: mode }: Start): Promise<void> {
  keepUnderHome(process.env);
  const root = fileURLToPath(new URL('..', bin));
  await run([...words], mode === 'bundle' ? fileURLToPath(bin) : await sources(root));
}

/** `SKYPACT_HOME` puts everything below one folder, plugins and completions included. */
function keepUnderHome(environment: NodeJS.ProcessEnv): void {
  const home = environment['SKYPACT_HOME'];
  if (home === undefined) return;
  environment['SKYPACT_CONFIG_DIR'] ??= join(home, 'oclif', 'config');
  environment['SKYPACT_DATA_DIR'] ??= join(home, 'oclif', 'data');
  environment['SKYPACT_CACHE_DIR'] ??= join(home, 'oclif', 'cache');
}

/** The same package, with its commands and hooks read from src/: Node runs TypeScript as it is. */
async function sources(root: string): Promise<Interfaces.Options> {
  settings.enableAutoTranspile = false;
  const pjson: Interfaces.PJSON = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const hooks = Object.entries(pjson.oclif.hooks ?? {}).map(([name, hook]) => [
    name,
    typeof hook === 'string' ? hook.replace('./dist/', './src/').replace(/\.js$/, '.ts') : hook,
  ]);
  const oclif: Interfaces.PJSON['oclif'] = {
    ...pjson.oclif,
    commands: { strategy: 'pattern', target: './src/commands', globPatterns: ['**/*.ts'] },
    helpClass: './src/cli/help.ts',
    hooks: Object.fromEntries(hooks),
  };
  return { root, pjson: { ...pjson, oclif }, ignoreManifest: true };
}
