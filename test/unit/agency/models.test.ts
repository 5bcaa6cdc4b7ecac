import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readModel } from '../../../src/agency/models.ts';
import { limits } from '../../../src/base/limits.ts';

const folder = await mkdtemp(join(tmpdir(), 'skypact-models-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a shipped model is read by its name, from wherever the program is started', async () => {
  const model = await readModel('negotiation');
  expect(model).toMatchObject({ name: 'negotiation', file: 'models/negotiation.lcc' });
  expect(model.text).toContain('a(negotiator, N) ::');
});

test('a file is read by its path, and is called as it was named', async () => {
  const file = join(folder, 'mine.lcc');
  await writeFile(file, 'r(a, initial)\n');
  expect(await readModel(file)).toEqual({ name: 'mine', file, text: 'r(a, initial)\n' });
});

test.each(['nosuch', 'http:x', '', 'nosuch.lcc'])('"%s" is no model', async (name) => {
  await expect(readModel(name)).rejects.toMatchObject({
    code: 'MODEL.UNKNOWN',
    message: expect.stringContaining('negotiation'),
  });
});

test('a folder is no text', async () => {
  await expect(readModel(folder)).rejects.toMatchObject({ code: 'MODEL.UNREADABLE' });
});

test('of a file that is too long no more is read than the limit', async () => {
  const file = join(folder, 'long.lcc');
  await writeFile(file, ' '.repeat(limits.modelFileBytes + 1));
  await expect(readModel(file)).rejects.toMatchObject({ code: 'LCC.TOO_LONG' });
});
