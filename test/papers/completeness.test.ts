import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { automata, titleOf } from './automata.ts';

test('each row of the automata has a test of its title, and no two rows share one', async () => {
  const titles = automata.map(titleOf);
  expect(new Set(titles).size).toBe(titles.length);
  const tested = await testedTitles();
  expect(titles.filter((title) => !tested.has(title))).toEqual([]);
  expect([...tested].filter((title) => !titles.includes(title))).toEqual([]);
});

async function testedTitles(): Promise<ReadonlySet<string>> {
  const files = await readdir(import.meta.dirname);
  const texts = await Promise.all(
    files
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => readFile(new URL(file, import.meta.url), 'utf8')),
  );
  const found = texts.flatMap((text) => [...text.matchAll(/^test\(\s*"(CLOSER'11 [^"]+)"/gm)]);
  return new Set(found.flatMap(([, title]) => title ?? []));
}
