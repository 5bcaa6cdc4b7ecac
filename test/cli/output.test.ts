/** What is printed where: data on standard output, prose on standard error, plain where nobody sees. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../support/repository.ts';
import { Home, shop } from './program.ts';

const home = new Home();
afterAll(() => home[Symbol.dispose]());

const escapeCode = '\u001b';
let accepted = '';

beforeAll(async () => {
  const { stdout, stderr } = await home.run(['sla', 'negotiate', shop, '--accept']);
  accepted = stdout;
  expect(stderr).toContain('web: perfcloud proposes\n');
});

test('bindings fit 80 columns, and end in a line feed', () => {
  expect(widest(accepted)).toBeLessThanOrEqual(80);
  expect(accepted).toMatch(/[^\n]\n$/);
});

test.for([
  ['sla', 'list'],
  ['sla', 'list', '--all'],
  ['sla', 'show', 'shop'],
  ['sla', 'status', 'shop'],
  ['vendor', 'list'],
  ['vendor', 'list', '--drivers'],
  ['vendor', 'describe', 'perfcloud'],
  ['model', 'list'],
])('%s fits 80 columns and has no colours where nobody looks', async (words) => {
  const { exit, stdout, stderr } = await home.run(words);
  expect(exit).toBe(0);
  expect(stdout + stderr).not.toContain(escapeCode);
  expect(widest(stdout)).toBeLessThanOrEqual(80);
  expect(stdout).toMatch(/[^\n]\n$/);
});

test('a proposal fits 80 columns: what, where, from whom, promises and prices', async () => {
  using own = new Home();
  const { stdout, stderr } = await own.run(['sla', 'negotiate', shop]);
  expect(widest(stdout + stderr)).toBeLessThanOrEqual(80);
  expect(stdout).toMatch(/^OBJECTIVE +COUNT +VENDOR +SITE +SHAPE +CPUS +MEMORY +USD\/h$/m);
  expect(stdout).toMatch(/^ {2}web: availability at least \S+ %/m);
  expect(stdout).toMatch(/^total \S+ USD\/h, limit 0.600 USD\/h, margin \S+ USD\/h$/m);
  expect(stdout).toMatch(/^choice: proven best$/m);
  expect(stdout).toMatch(/\nnext: skypact sla accept [0-9a-f]+\n$/);
});

test.for([
  ['sla', 'list'],
  ['sla', 'show', 'shop'],
  ['sla', 'show', 'shop', '--explain'],
  ['sla', 'status', 'shop', '--check'],
  ['sla', 'trace', 'shop'],
  ['vendor', 'list'],
  ['vendor', 'describe', 'perfcloud'],
  ['model', 'list'],
  ['config', 'show'],
  ['doctor'],
])('%s --json prints one document and nothing else', async (words) => {
  const { exit, stdout } = await home.run([...words, '--json']);
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual(expect.anything());
  expect(stdout.endsWith('\n')).toBe(true);
});

test.for([
  { what: 'a terminal that is dumb', environment: { TERM: 'dumb' }, drawn: false },
  {
    what: 'a terminal without colours',
    environment: { TERM: 'xterm', NO_COLOR: '1' },
    drawn: true,
  },
])('on $what nothing is coloured', ({ environment, drawn }) => {
  using own = new Home();
  const negotiated = onTerminal(own, `sla negotiate ${shop} --accept`, environment);
  expect(negotiated.includes(`${escapeCode}[`)).toBe(drawn);
  expect(colours(negotiated)).toEqual([]);
  expect(colours(onTerminal(own, 'sla trace shop', environment))).toEqual([]);
});

test('on a terminal each objective has a line that is drawn over, and is gone in the end', () => {
  using own = new Home();
  const text = onTerminal(own, `sla negotiate ${shop}`, { TERM: 'xterm' });
  const [, last = ''] = text.split(`${escapeCode}[3A${escapeCode}[J`).slice(-2);
  expect(text).toContain('  web: calling for proposals');
  expect(last).toMatch(/^SLA shop/);
});

/** Runs with a terminal of 80 columns on all three streams. */
function onTerminal(own: Home, words: string, environment: Record<string, string>): string {
  const program = `${process.execPath} ${join(root, 'bin/run.js')} ${words}`;
  const { stdout, error } = spawnSync(
    'script',
    ['-qec', `stty rows 24 cols 80; ${program}`, '/dev/null'],
    {
      env: { ...own.environment(), ...environment },
      input: '',
      encoding: 'utf8',
    },
  );
  if (error !== undefined) throw error;
  return stdout;
}

function colours(text: string): readonly string[] {
  return text.match(new RegExp(`${escapeCode}\\[[0-9;]*m`, 'g')) ?? [];
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
