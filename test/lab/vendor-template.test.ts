import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The published packages as their users get them: packed here, installed from npm elsewhere. */
const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let skypact: string;
let template: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vendor-template-'));
  skypact = await pack(['--pack-destination', folder]);
  template = await pack(['--pack-destination', folder, '--workspace', 'plugins/vendor-template']);
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function pack(options: readonly string[]): Promise<string> {
  const { stdout } = await npm(root, 'pack', '--silent', ...options);
  return join(folder, stdout.trim().split('\n').at(-1) ?? '');
}

/** With the Node that the repository brings, and with settings of its own for the program. */
function environment(): NodeJS.ProcessEnv {
  const { PATH = '', ...others } = process.env;
  const own = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'];
  const homes = Object.fromEntries(own.map((name) => [name, join(folder, name)]));
  return { ...others, ...homes, PATH: [join(root, 'node_modules/.bin'), PATH].join(delimiter) };
}

function npm(cwd: string, ...args: readonly string[]): ReturnType<typeof command> {
  return command(cwd, 'npm', args);
}

function command(
  cwd: string,
  file: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return run(file, args, { cwd, env: environment(), maxBuffer: 16 * 1024 * 1024 });
}

async function makeFolder(name: string, manifest: object): Promise<string> {
  const path = join(folder, name);
  await run('mkdir', [path]);
  await writeFile(join(path, 'package.json'), JSON.stringify(manifest));
  return path;
}

/** node:test's summary: nothing failed, and the two rules about moving were not counted as kept. */
function expectGreen(report: string): void {
  expect(report).toMatch(/fail 0\n/);
  expect(report).toMatch(/pass [1-9]\d+\n/);
  for (const rule of ['V11', 'V12']) {
    expect(report).toMatch(new RegExp(`${rule} .*not applicable.*# SKIP`));
  }
}

test('the packed template, installed beside the packed program, keeps every rule', async () => {
  const host = await makeFolder('host', { name: 'host', private: true });
  await npm(host, 'install', '--no-audit', '--no-fund', skypact, template);
  const { stdout } = await npm(join(host, 'node_modules/skypact-vendor-template'), 'test');
  expectGreen(stdout);
});

test('the installed program finds the template by its hook, and opens an instance', async () => {
  const host = join(folder, 'host');
  const cli = (...args: readonly string[]): ReturnType<typeof command> =>
    command(host, 'npx', ['skypact', ...args]);
  await cli('plugins', 'link', '--no-install', 'node_modules/skypact-vendor-template');
  const contracts = `folder=${join(folder, 'contracts')}`;
  await cli('vendor', 'add', 'mine', '--driver', 'template', '--set', contracts);
  const { stdout } = await cli('vendor', 'describe', 'mine', '--json');
  expect(JSON.stringify(JSON.parse(stdout))).toContain('"driver":"template"');
});

test('a copy of the template builds and is green by itself', async () => {
  await run('tar', ['xzf', template, '-C', folder]);
  const copy = join(folder, 'package');
  const manifest = JSON.parse(await readFile(join(copy, 'package.json'), 'utf8'));
  manifest.devDependencies.skypact = `file:${skypact}`;
  await writeFile(join(copy, 'package.json'), JSON.stringify(manifest));
  await npm(copy, 'install', '--no-audit', '--no-fund');
  await npm(copy, 'run', 'build');
  expectGreen((await npm(copy, 'test')).stdout);
});
