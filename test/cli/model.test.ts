import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openShell } from '../support/cli.ts';
import { files } from '../support/repository.ts';

const shell = await openShell();
afterAll(() => shell[Symbol.asyncDispose]());

test('every shipped model is clean, and all its runs are explored', async () => {
  const models = files(/^models\/.*\.lcc$/);
  const { exit, stdout, stderr } = await shell.skypact('model', 'check', ...models);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(models.length);
  for (const line of lines) expect(line).toMatch(/^models\/.*: clean, complete at \d+ states$/);
});

test('a fault is told with file, line, column and code, and ends in exit 2', async () => {
  const [wrong, unread] = [join(shell.folder, 'wrong.lcc'), join(shell.folder, 'unread.lcc')];
  await writeFile(wrong, 'r(x, initial)\na(x, X) ::\n  null <- foo(1)\n');
  await writeFile(unread, 'a(x, X) ::\n  hello <= a(y Y)\n');
  const { exit, stdout } = await shell.skypact('model', 'check', wrong, unread);
  expect(exit).toBe(2);
  expect(stdout.split('\n')).toEqual([
    `${wrong}:3:11 LCC.CONSTRAINT_UNKNOWN nobody answers foo/1`,
    expect.stringMatching(/wrong\.lcc: 1 error, complete at \d+ states$/),
    `${unread}:2:16 LCC.SYNTAX expected "(" or ",", found "Y"`,
    '    hello <= a(y Y)',
    '                 ^',
    `${unread}: 1 error`,
    '',
  ]);
  const json = await shell.skypact('model', 'check', '--json', '--syntax', wrong, unread);
  expect(json.exit).toBe(2);
  expect(JSON.parse(json.stdout)).toMatchObject({
    errors: 1,
    files: [{ findings: [] }, { findings: [{ code: 'LCC.SYNTAX', line: 2, column: 16 }] }],
  });
});

test('a model of migration runs in a simulated datacentre, the same for the same seed', async () => {
  const run = () => shell.skypact('model', 'run', 'pull', '--seed', '2', '--json');
  const [once, again] = await Promise.all([run(), run()]);
  expect(once).toEqual(again);
  expect(JSON.parse(once.stdout)).toMatchObject({
    model: 'pull',
    world: 'datacentre',
    result: { after: { overloaded: 0 }, lost: 0, duplicated: 0, settled: true },
  });
});

test('a model is shown as it is, and drawn to a file', async () => {
  const shown = await shell.skypact('model', 'show', 'withdrawal');
  expect(shown.stdout).toBe(await readFile('models/withdrawal.lcc', 'utf8'));
  const file = join(shell.folder, 'withdrawal.svg');
  const drawn = await shell.skypact('model', 'graph', 'withdrawal', '-o', file);
  expect(drawn).toEqual({ exit: 0, stdout: '', stderr: `${file} written\n` });
  expect(await readFile(file, 'utf8')).toMatch(/^<svg /);
});
