import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailure } from '../../../src/base/failure.ts';
import { checkModel } from '../../../src/lcc/check/check.ts';
import { parseModel } from '../../../src/lcc/parser.ts';
import { printModel } from '../../../src/lcc/print.ts';
import { model } from './arbitrary.ts';

const folder = new URL('../../../models/', import.meta.url);
const texts = readdirSync(folder)
  .filter((file) => file.endsWith('.lcc'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'));
const dialect = fc.constantFrom('union' as const, 'openk' as const);

/** Parses or is refused by a code of the language; all else is a defect of the parser. */
function parseOrRefuse(text: string, options: Parameters<typeof parseModel>[1]) {
  try {
    return parseModel(text, options);
  } catch (thrown) {
    if (isFailure(thrown) && thrown.code.startsWith('LCC.')) return undefined;
    throw thrown;
  }
}

const words = fc.constantFrom(
  ...['a', '(', ')', 'r', ',', '::', '::=', 'then', 'or', 'par', 'and', 'not', 'null', '=>', '<='],
  ...['<-', '⇒', '[', ']', '|', '_', 'X', 'Me', 'm', '1', '2.5', '"s"', '=', '==', '@annotation'],
  ...['@role', '//', '/*', '*/', '\n', '"', '\\', 'initial', 'a(x, Me) ::', 'm(X) => a(r, P)'],
);

test('no text crashes the parser', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.array(words, { maxLength: 60 }).map((parts) => parts.join(' ')),
    fc.array(words, { maxLength: 60 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, dialect, (input, chosen) => {
      parseOrRefuse(input, { dialect: chosen });
    }),
    { numRuns: 2_000 },
  );
});

test('no mutation of a shipped model crashes the parser or the check', () => {
  const mutation = fc.record({
    text: fc.constantFrom(...texts),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(12),
    insert: fc.oneof(words, fc.string({ maxLength: 4 })),
  });
  fc.assert(
    fc.property(mutation, dialect, ({ text, at, length, insert }, chosen) => {
      const from = Math.floor(at * text.length);
      const mutated = text.slice(0, from) + insert + text.slice(from + length);
      const tree = parseOrRefuse(mutated, { dialect: chosen });
      if (tree !== undefined) expect(parseModel(printModel(tree))).toBeDefined();
    }),
    { numRuns: 500 },
  );
});

test('no model that can be written crashes the check', () => {
  fc.assert(
    fc.property(model, (tree) => {
      const { findings } = checkModel(tree, new Map());
      expect(findings.every((finding) => finding.code.startsWith('LCC.'))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['open parentheses of messages', 'm('],
  ['open parentheses of bodies', '('],
  ['guards', 'null <- p() or '],
  ['opened and closed parentheses', '() '],
  ['guards on the left', 'p() <- '],
  ['strings', '"\\'],
  ['comments', '/*'],
  ['numbers', '1'],
  ['dashes', '-'],
])('a file full of %s is refused in linear time', (_, part) => {
  const text = `a(x, X) :: ${part.repeat(Math.floor(200_000 / part.length))}`;
  expect(parseOrRefuse(text, {})).toBeUndefined();
});
