import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { crashing, crashPlanOf, parseCrashPlan } from '../../../src/agency/crash-points.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';

let folder = '';
let log = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skypact-crash-'));
  log = join(folder, 'points');
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(plan: string) {
  const script = new URL('./crash-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, `${plan}@${log}`, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, exit] = [text(child.stdout), once(child, 'exit')];
  const end = async () => ({ said: await said, signal: (await exit)[1] });
  return { child, end };
}

function points(): readonly string[] {
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
}

async function recorded(): Promise<number> {
  await using store = await openSqliteStore({ path });
  return (await store.slas({ limit: 9 })).length;
}

const all = ['record:1:before', 'record:2:after', 'accept:3:before', 'accept:4:after'];

test('a counting run passes every point, of saves and effects in one sequence', async () => {
  expect(await start('count').end()).toEqual({ said: 'effect\nend\n', signal: null });
  expect(points()).toEqual(all);
});

test.each([
  [1, '', 0],
  [2, '', 1],
  [3, '', 1],
  [4, 'effect\n', 1],
])('killed at point %i, exactly what lies before it has happened', async (at, said, slas) => {
  expect(await start(String(at)).end()).toEqual({ said, signal: 'SIGKILL' });
  expect(points()).toEqual(all.slice(0, at));
  expect(await recorded()).toBe(slas);
});

test('a plan beyond the last point kills nothing', async () => {
  expect(await start('5').end()).toEqual({ said: 'effect\nend\n', signal: null });
});

test.runIf(process.platform === 'linux')(
  'a process that stops at a point goes on there when it is continued',
  async () => {
    const { child, end } = start('stop:3');
    while (stateOf(child.pid) !== 'T') await pause(5);
    expect(points()).toEqual(all.slice(0, 3));
    expect(await recorded()).toBe(1);
    child.kill('SIGCONT');
    expect(await end()).toEqual({ said: 'effect\nend\n', signal: null });
  },
);

/** The letter of proc(5): T is stopped. */
function stateOf(pid: number | undefined): string | undefined {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
}

test('an effect that fails passes its second point too, and fails', async () => {
  const { around } = crashing({ mode: 'count', at: 0, logFile: log });
  await expect(around('bind', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(points()).toEqual(['bind:1:before', 'bind:2:after']);
});

test('without a plan there are no points', async () => {
  expect(crashPlanOf({ HOME: '/home/us' })).toBeUndefined();
  expect(await crashing(undefined).around('bind', () => Promise.resolve('bound'))).toBe('bound');
  expect(crashPlanOf({ SKYPACT_CRASH_PLAN: '3@log' })).toEqual(parseCrashPlan('3@log'));
});

test('a plan names a point, a mode and a file', () => {
  expect(parseCrashPlan('count@/a@b')).toEqual({ mode: 'count', at: 0, logFile: '/a@b' });
  expect(parseCrashPlan('12@log')).toEqual({ mode: 'kill', at: 12, logFile: 'log' });
  expect(parseCrashPlan('stop:7@log')).toEqual({ mode: 'stop', at: 7, logFile: 'log' });
});

test.each(['', '12', '12@', '0@log', '-1@log', '1.5@log', 'count', 'stop:@log', 'go:1@log'])(
  'the plan "%s" is malformed',
  (plan) => {
    expect(() => parseCrashPlan(plan)).toThrow(
      expect.objectContaining({ code: 'CRASH.PLAN_MALFORMED' }),
    );
  },
);
