/**
 * The check of who imports whom, checked: that it saw every file, and that it names each violation
 * planted in a copy of the sources. A check that can pass by seeing nothing is none.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { files, root } from './support/repository.ts';

const cruise = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

function depcruise(folder: string): z.infer<typeof cruise> {
  const program = join(root, 'node_modules/.bin/depcruise');
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src', 'plugins'];
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  if (stdout === '') throw new Error(stderr);
  return cruise.parse(JSON.parse(stdout));
}

test('the import check sees every source file', () => {
  const { modules, summary } = depcruise(root);
  const seen = modules.map(({ source }) => source).filter((source) => source.startsWith('src/'));
  expect(seen.toSorted()).toEqual(files(/^src\/.*\.ts$/).toSorted());
  expect(summary.violations).toEqual([]);
});

/** Path and text of a file, and the rule that must name it. */
const planted: readonly (readonly [string, string, string])[] = [
  ['src/sla/planted.ts', "import '../agency/agency.ts';", 'sla-sees-only-what-it-may'],
  [
    'src/sla/planted-type.ts',
    "import type { Agency } from '../agency/agency.ts';\nexport type Planted = Agency;",
    'sla-sees-only-what-it-may',
  ],
  ['src/lcc/planted.ts', "await import('../sla/sla.ts');", 'lcc-sees-only-what-it-may'],
  ['src/negotiation/planted.ts', "import 'node:fs';", 'pure-folders-do-no-io'],
  ['src/base/planted.ts', "import 'zod';", 'pure-folders-do-no-io'],
  ['src/sla/planted-io.ts', "import 'node:fs';", 'sla-sees-zod-and-yaml-only'],
  [
    'src/vendors/ec2/planted.ts',
    "import '../perfcloud/perfcloud.ts';",
    'vendors-do-not-know-each-other',
  ],
  [
    'src/commands/planted.ts',
    "import '../store/sqlite/sqlite-store.ts';",
    'commands-sees-only-what-it-may',
  ],
  ['src/cli/planted.ts', "import '../store/sqlite/sqlite-store.ts';", 'only-compose-constructs'],
  ['src/agency/planted.ts', "import '../vendors/ec2/entry.ts';", 'only-the-hook-names-vendors'],
  ['src/store/planted.ts', "import '../vendors/registry.ts';", 'store-sees-only-what-it-may'],
  ['src/render/planted.ts', "import '../vendors/registry.ts';", 'only-the-port-is-shared'],
  [
    'plugins/vendor-template/src/planted.ts',
    "import '../../../src/sla/sla.ts';",
    'plugins-see-only-the-published-api',
  ],
  ['src/base/planted-1.ts', "import './planted-2.ts';", 'no-cycles'],
  ['src/base/planted-3.ts', "import './nowhere.ts';", 'resolvable'],
];

let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'skypact-imports-'));
  for (const path of files(/^(src|plugins)\/|^[^/]*\.(json|mjs)$/)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  writeFileSync(join(copy, 'src/base/planted-2.ts'), "import './planted-1.ts';\n");
  for (const [path, text] of planted) writeFileSync(join(copy, path), `${text}\n`);
});

afterAll(() => rmSync(copy, { recursive: true }));

test('each planted violation is caught, by the rule that forbids it', () => {
  const { summary } = depcruise(copy);
  const caught = summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
  expect(caught).toEqual(
    expect.arrayContaining(planted.map(([path, , rule]) => `${path}: ${rule}`)),
  );
});

test('the types are checked by a TypeScript that has no API, the imports by one that has', () => {
  const version = execFileSync(join(root, 'node_modules/.bin/tsc'), ['--version']);
  expect(version.toString()).toContain('Version 7.');
});
