/** What no tool checks: sizes, words that promise later work, purity, and that pages are complete. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { failure } from '../src/base/failure.ts';
import { tell } from '../src/cli/errors.ts';
import { checksOf } from '../src/vendors/conformance/rules/all.ts';
import { files, read } from './support/repository.ts';

const ours = files(/^(src|plugins|bench|scripts|bin|test)\/.*\.(ts|js)$/);
const sources = ours.filter((path) => path.startsWith('src/'));
/** It holds the words that it looks for. */
const itself = 'test/tidy.test.ts';

/** Longer than one sitting, each with the reason why it is not two files. */
const long: Readonly<Record<string, string>> = {
  'test/lab/ec2-market.test.ts': 'one server is started for all claims about offers',
};

test('a file is read in one sitting, or says why not', () => {
  const found = ours
    .filter((path) => !path.endsWith('.generated.ts'))
    .filter((path) => read(path).trimEnd().split('\n').length > 300);
  expect(found.toSorted()).toEqual(Object.keys(long).toSorted());
});

test('nothing is put off by a comment', () => {
  const later = /\b(TODO|FIXME|XXX|HACK|not implemented|for now|placeholder)\b/i;
  const texts = files(/\.(ts|js|mjs|md|lcc|sh|ya?ml|jsonc?)$/);
  expect(matching(texts, later)).toEqual([]);
});

test('no module is mocked', () => {
  expect(matching(ours, /\b(vi|vitest)\s*\.\s*(mock|doMock|stubGlobal)\b/)).toEqual([]);
});

test('the folders that decide read no clock, draw no chance, wait for nothing', () => {
  const pure = /^src\/(base|sla|lcc|negotiation|migration|monitoring|simulation)\//;
  const impure =
    /\b(Date\.now|Math\.random|performance\.now|randomUUID|getRandomValues|setTimeout|setInterval|queueMicrotask|fetch)\b|\bnew Date\(\)|\bprocess\.|\basync\b|\bawait\b/;
  const found = sources
    .filter((path) => pure.test(path))
    .filter((path) => impure.test(withoutComments(read(path))));
  expect(found).toEqual([]);
});

test('nothing disables a check without being listed here', () => {
  const disabled = /@ts-(ignore|expect-error|nocheck)|biome-ignore|oxlint-disable|eslint-disable/;
  expect(matching(ours, disabled)).toEqual([]);
});

const code = /^[A-Z][A-Z0-9]*\.[A-Z][A-Z0-9_]*$/;

test('every code of a failure or finding is in the error reference, and none besides', () => {
  const literals = sources.flatMap((path) =>
    [...withoutComments(read(path)).matchAll(/'([^'\n]*)'/g)].map(([, text = '']) => text),
  );
  const used = new Set(literals.filter((text) => code.test(text)));
  expect([...documented().keys()].toSorted()).toEqual([...used].toSorted());
});

test('a failure ends in the exit code that the error reference says', () => {
  for (const [name, exit] of documented()) {
    const [owner = '', reason = ''] = name.split('.');
    expect([name, tell(failure(`${owner}.${reason}`, 'as a test')).exit]).toEqual([name, exit]);
  }
});

test('every rule of the vendor contract has a check in the kit', () => {
  const rows = [...read('docs/vendor-contract.md').matchAll(/^\| (V\d+) /gm)];
  expect(rows.map(([, rule]) => rule)).toEqual(Object.keys(checksOf));
  expect(Object.keys(checksOf)).toHaveLength(14);
});

test('every dependency is argued', () => {
  const { dependencies, devDependencies } = packageFile.parse(JSON.parse(read('package.json')));
  const rows = [...read('docs/adr/dependencies.md').matchAll(/^\| (@?[a-z][\w./-]*) \|/gm)];
  const argued = rows.map(([, name]) => name).filter((name) => name !== 'package');
  const used = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  expect(argued.toSorted()).toEqual(used.toSorted());
});

const packageFile = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

test('every page that is named is there', () => {
  const texts = files(/\.(ts|js|mjs|md|lcc|sh|ya?ml)$/);
  const named = texts.flatMap((path) =>
    [...read(path).matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([page]) => `${path}: ${page}`),
  );
  expect(
    named.filter((place) => files(/^docs\//).every((page) => !place.endsWith(` ${page}`))),
  ).toEqual([]);
});

/** Codes of the error reference with their exit codes. */
function documented(): ReadonlyMap<string, number> {
  const rows = read('docs/error-reference.md').matchAll(
    /^\| ([A-Z0-9]+\.[A-Z0-9_]+)(?: \(exit (\d+)\))? \|/gm,
  );
  return new Map([...rows].map(([, name = '', exit = '2']) => [name, Number(exit)]));
}

function matching(paths: readonly string[], words: RegExp): readonly string[] {
  return paths.filter((path) => path !== itself && words.test(read(path)));
}

/** Good enough for our own sources: none has a comment's beginning in a string. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}
