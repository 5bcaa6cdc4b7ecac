/** How commands are typed: help, versions, wrong usage, and where output goes. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { read, root } from '../support/repository.ts';
import { expectFailure, Home } from './program.ts';

const home = new Home();
afterAll(() => home[Symbol.dispose]());

const packageFile = z.object({ version: z.string() });
const manifest = z.object({ commands: z.record(z.string(), z.unknown()) });
const { version } = packageFile.parse(JSON.parse(read('package.json')));
const commands = Object.keys(
  manifest.parse(JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))).commands,
).map((id) => id.replaceAll(':', ' '));

test.for([['--version'], ['-v']])('%s says which version it is', async (words, { expect }) => {
  const { exit, stdout, stderr } = await home.run(words);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^skypact/${version} \\S+ node-v\\d+.*\n$`));
});

test.for([[], ['help'], ['--help'], ['-h']])('skypact %s shows the topics', async (words) => {
  const { exit, stdout, stderr } = await home.run(words);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  for (const topic of ['sla', 'vendor', 'model', 'plugins']) {
    expect(stdout).toMatch(new RegExp(`^  ${topic} `, 'm'));
  }
});

test('a topic alone shows its commands', async () => {
  const { exit, stdout } = await home.run(['sla']);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^ {2}sla negotiate /m);
});

test('every command has help of its own within 80 columns', async () => {
  const shown = await Promise.all(
    commands.map((command) => home.run([...command.split(' '), '--help'])),
  );
  for (const [index, { exit, stdout, stderr }] of shown.entries()) {
    expect({ command: commands[index], exit, stderr }).toMatchObject({ exit: 0, stderr: '' });
    expect(stdout).toContain(`skypact ${commands[index]}`);
    expect(stdout).toContain('--json');
    expect(longest(stdout)).toBeLessThanOrEqual(80);
  }
});

test('the commands of oclif’s plugins are there', async () => {
  const plugins = await home.run(['plugins']);
  expect(plugins).toMatchObject({ exit: 0, stdout: 'No plugins installed.\n' });
  const completion = await home.run(['autocomplete', 'script', 'bash']);
  expect(completion.exit).toBe(0);
  expect(completion.stdout).toContain('SKYPACT_AC_BASH_SETUP_PATH');
});

test.for<{ words: string[]; code: string; says: RegExp; next: RegExp }>([
  {
    words: ['negotiate'],
    code: 'CLI.UNKNOWN_COMMAND',
    says: /no command negotiate/,
    next: /skypact --help/,
  },
  {
    words: ['slaa', 'list'],
    code: 'CLI.UNKNOWN_COMMAND',
    says: /no command slaa list/,
    next: /did you mean skypact sla list/,
  },
  {
    words: ['sla', 'acept'],
    code: 'CLI.UNKNOWN_COMMAND',
    says: /no command sla acept/,
    next: /did you mean skypact sla accept/,
  },
  {
    words: ['sla', 'list', 'all'],
    code: 'CLI.USAGE',
    says: /sla list takes no argument all/,
    next: /sla list --help/,
  },
  {
    words: ['sla', 'list', '--al'],
    code: 'CLI.USAGE',
    says: /--al; did you mean all/,
    next: /sla list --help/,
  },
  {
    words: ['sla', 'list', '--limit', '0'],
    code: 'CLI.USAGE',
    says: /greater than or equal to 1/,
    next: /sla list --help/,
  },
  {
    words: ['sla', 'list', '--limit=-3'],
    code: 'CLI.USAGE',
    says: /greater than or equal to 1/,
    next: /sla list --help/,
  },
  {
    words: ['sla', 'list', '--limit', 'many'],
    code: 'CLI.USAGE',
    says: /Expected an integer/,
    next: /sla list --help/,
  },
  {
    words: ['sla', 'show'],
    code: 'CLI.USAGE',
    says: /Missing 1 required arg/,
    next: /sla show --help/,
  },
  {
    words: ['sla', 'negotiate'],
    code: 'CLI.USAGE',
    says: /no SLA file/,
    next: /sla negotiate FILE/,
  },
  {
    words: ['sla', 'negotiate', 'x.yaml', '--rounds', '-1'],
    code: 'CLI.USAGE',
    says: /greater than or equal to 1/,
    next: /--help/,
  },
  {
    words: ['sla', 'negotiate', 'x.yaml', '--policy', 'best'],
    code: 'CLI.USAGE',
    says: /to be one of: /,
    next: /--help/,
  },
  {
    words: ['sla', 'negotiate', '--interactive'],
    code: 'CLI.NO_TTY',
    says: /needs a terminal/,
    next: /sla negotiate FILE/,
  },
  {
    words: ['vendor', 'add', 'Upper', '--driver', 'perfcloud'],
    code: 'CONFIG.INVALID',
    says: /Upper/,
    next: /vendor add/,
  },
  {
    words: ['vendor', 'add', 'x', '--driver', 'nimbus'],
    code: 'REGISTRY.DRIVER_UNKNOWN',
    says: /no driver nimbus/,
    next: /plugins install/,
  },
  {
    words: ['vendor', 'add', 'x', '--driver', 'perfcloud', '--set', 'seed=x'],
    code: 'VENDOR.SETTINGS_INVALID',
    says: /seed/,
    next: /./,
  },
  {
    words: ['vendor', 'describe', 'nimbus'],
    code: 'VENDOR.UNKNOWN',
    says: /no vendor nimbus/,
    next: /vendor add/,
  },
  {
    words: ['vendor', 'remove', 'nimbus'],
    code: 'VENDOR.UNKNOWN',
    says: /no vendor nimbus/,
    next: /vendor list/,
  },
])('$words is refused with $code', async ({ words, code, says, next }) => {
  await expectFailure(home, words, { exit: 2, code, says });
  expect((await home.run(words)).stderr).toMatch(new RegExp(`\nnext: .*${next.source}`));
});

test.for([['sla', '--json'], ['--json'], ['help', '--json'], ['sla', 'list', '--help', '--json']])(
  '%s, which can only be text, is one JSON document that says so',
  async (words, { expect }) => {
    const { exit, stdout } = await home.run(words);
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: expect.stringMatching(/^CLI\./) } });
  },
);

test('sla list answers the same through its short way and through oclif', async () => {
  const short = await home.run(['sla', 'list', '--json']);
  const long = await home.run(['sla:list', '--json']);
  expect(short).toEqual({ exit: 0, stdout: '{\n  "slas": []\n}\n', stderr: '' });
  expect(long).toEqual(short);
  expect(await home.run(['sla:list'])).toEqual(await home.run(['sla', 'list']));
});

test.for(['sla list --all', 'help', 'config show --json', 'sla list --limit 0 --json'])(
  'a reader of %s that stops reading is no failure of ours',
  (words, { expect }) => {
    const run = shell(`(sleep 0.2; "$@"; echo "exit $?" >&2) | true`, words.split(' '));
    expect(run.stderr).toMatch(words.includes('limit 0') ? /exit 2\n$/ : /^exit 0\n$/);
    expect(run.stderr).not.toContain('    at ');
  },
);

test.for(['sla list --all', 'help', 'config show --json'])(
  'output of %s that cannot be written is told once',
  (words, { expect }) => {
    const run = shell('"$@" >/dev/full', words.split(' '));
    expect(run.status).toBe(2);
    expect(run.stderr.match(/CLI\.OUTPUT/g)).toHaveLength(1);
    expect(run.stderr).not.toContain('    at ');
  },
);

test('the sources run without a build', () => {
  const dev = join(root, 'bin', 'dev.ts');
  const run = (words: readonly string[]) =>
    spawnSync(process.execPath, [dev, ...words], { env: home.environment(), encoding: 'utf8' });
  expect(run(['sla', 'list'])).toMatchObject({ status: 0, stderr: '' });
  expect(run(['vendor', 'list', '--json'])).toMatchObject({ status: 0 });
  expect(run(['sla', 'acept']).stderr).toContain('did you mean skypact sla accept');
});

function shell(script: string, words: readonly string[]) {
  const program = [process.execPath, join(root, 'bin', 'run.js')];
  return spawnSync('/bin/sh', ['-c', script, 'sh', ...program, ...words], {
    env: home.environment(),
    encoding: 'utf8',
  });
}

function longest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
