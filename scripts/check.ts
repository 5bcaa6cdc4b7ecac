/**
 * `npm run check`: everything that needs only npm. Every step runs, also after one has failed, and
 * the last lines say which did; a step that looked at nothing is a failure of its own.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const steps: readonly Step[] = [
  // First: the plugins' imports resolve through what is built.
  { name: 'build', command: ['node', 'scripts/build.ts'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  {
    name: 'promises',
    command: [
      'oxlint',
      '--type-aware',
      '--deny-warnings',
      'src',
      'plugins',
      'scripts',
      'bench',
      'test',
    ],
  },
  {
    name: 'layers',
    command: ['depcruise', '--config', '.dependency-cruiser.mjs', 'src', 'plugins'],
  },
  { name: 'dead code', command: ['knip'] },
  { name: 'package', command: ['publint', '--strict'] },
  {
    name: 'package types',
    command: [
      'attw',
      '--pack',
      '.',
      '--profile',
      'esm-only',
      '--exclude-entrypoints',
      './package.json',
    ],
  },
  { name: 'tests', command: ['vitest', 'run'] },
];

const only = process.argv.slice(2);
const results: { readonly name: string; readonly ok: boolean; readonly ms: number }[] = [];
for (const step of steps) {
  if (only.length > 0 && !only.includes(step.name)) continue;
  process.stdout.write(`\n== ${step.name}: ${step.command.join(' ')}\n`);
  const startedMs = performance.now();
  const ok = await run(step.command);
  results.push({ name: step.name, ok, ms: performance.now() - startedMs });
}
process.stdout.write('\n');
for (const { name, ok, ms } of results) {
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name} (${(ms / 1000).toFixed(1)} s)\n`);
}
process.exitCode = results.length > 0 && results.every(({ ok }) => ok) ? 0 : 1;

function run([command = '', ...args]: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code === 0));
  });
}
