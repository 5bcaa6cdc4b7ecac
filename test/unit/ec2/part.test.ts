import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { failure, isFailure } from '../../../src/base/failure.ts';
import { type ConversationId, id } from '../../../src/sla/ids.ts';
import { type Shelf, shelf } from '../../../src/vendors/ec2/kept.ts';
import { Part } from '../../../src/vendors/ec2/part.ts';
import type { Call } from '../../../src/vendors/vendor.ts';
import { settingsOf } from './fixture.ts';

function callOf(signal: AbortSignal = new AbortController().signal): Call {
  return { conversation: id<ConversationId>('talk'), signal, progress: () => undefined };
}

async function scratch(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'skypact-part-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function partOver(
  files: Shelf,
  time: { nowMs: number },
  fetch: (call: Call) => Promise<string>,
): Part<string> {
  return new Part(
    { name: 'word', maxAgeMs: 1_000, schema: z.string(), keep: (value) => value, fetch },
    files,
    { nowMs: () => time.nowMs, sleep: () => Promise.resolve() },
  );
}

test('a value is asked for once, kept on disk, and asked for again when it is too old', async () => {
  await using folder = await scratch();
  const files = shelf('aws', settingsOf({ folder: folder.path }));
  const time = { nowMs: 10_000 };
  let asks = 0;
  const fetch = (): Promise<string> => Promise.resolve(`answer ${++asks}`);
  const first = partOver(files, time, fetch);
  expect(await first.get(callOf())).toEqual({ takenMs: 10_000, value: 'answer 1' });
  expect((await first.get(callOf())).value).toBe('answer 1');
  time.nowMs = 10_999;
  expect((await partOver(files, time, fetch).get(callOf())).value).toBe('answer 1');
  time.nowMs = 11_000;
  expect((await partOver(files, time, fetch).get(callOf())).value).toBe('answer 2');
  time.nowMs = 5_000;
  expect((await partOver(files, time, fetch).get(callOf())).value).toBe('answer 3');
});

test('calls at the same time share one question', async () => {
  await using folder = await scratch();
  const files = shelf('aws', settingsOf({ folder: folder.path }));
  let asks = 0;
  const answer = Promise.withResolvers<string>();
  const part = partOver(files, { nowMs: 1 }, () => {
    asks += 1;
    return answer.promise;
  });
  const all = [part.get(callOf()), part.get(callOf()), part.get(callOf())];
  answer.resolve('one');
  expect((await Promise.all(all)).map(({ value }) => value)).toEqual(['one', 'one', 'one']);
  expect(asks).toBe(1);
});

test('a call that is given up does not take the others with it', async () => {
  await using folder = await scratch();
  const files = shelf('aws', settingsOf({ folder: folder.path }));
  const abort = new AbortController();
  let asks = 0;
  const part = partOver(files, { nowMs: 1 }, async ({ signal }) => {
    asks += 1;
    if (signal !== abort.signal) return 'answer';
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    throw failure('VENDOR.ABORTED', 'given up');
  });
  const first = part.get(callOf(abort.signal)).catch((thrown: unknown) => thrown);
  const second = part.get(callOf());
  setTimeout(() => abort.abort(), 10);
  const given = await first;
  expect(isFailure(given) && given.code).toBe('VENDOR.ABORTED');
  expect((await second).value).toBe('answer');
  expect(asks).toBe(2);
});

test('a damaged, foreign or missing file is no value', async () => {
  await using folder = await scratch();
  const files = shelf('aws', settingsOf({ folder: folder.path }));
  expect(await files.read('word', z.string())).toBeUndefined();
  await files.write('word', { takenMs: 1, value: 'x' });
  expect(await files.read('word', z.number())).toBeUndefined();
  const [file = ''] = await readdir(folder.path);
  await writeFile(join(folder.path, file), '{"takenMs": 1, "val');
  expect(await files.read('word', z.string())).toBeUndefined();
});

test('files are for us alone, and for these settings', async () => {
  await using folder = await scratch();
  const path = join(folder.path, 'deep', 'er');
  await shelf('aws', settingsOf({ folder: path })).write('word', { takenMs: 1, value: 'x' });
  const [file = ''] = await readdir(path);
  expect((await stat(join(path, file))).mode & 0o777).toBe(0o600);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  const others = [{ region: 'eu-west-1' }, { endpoint: 'http://other' }, { profile: 'p' }];
  for (const other of others) {
    const files = shelf('aws', settingsOf({ folder: path, ...other }));
    expect(await files.read('word', z.string())).toBeUndefined();
  }
});

test('a folder that cannot be written costs the next start time, and nothing else', async () => {
  await using folder = await scratch();
  await writeFile(join(folder.path, 'file'), '');
  await chmod(folder.path, 0o500);
  const files = shelf('aws', settingsOf({ folder: join(folder.path, 'file', 'sub') }));
  await files.write('word', { takenMs: 1, value: 'x' });
  expect(await files.read('word', z.string())).toBeUndefined();
  await chmod(folder.path, 0o700);
});
