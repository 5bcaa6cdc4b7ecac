import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseModel } from '../../../src/lcc/parser.ts';
import { printModel } from '../../../src/lcc/print.ts';
import { model } from './arbitrary.ts';
import { bare, bodyOf } from './bare.ts';

const folder = new URL('../../../models/', import.meta.url);
const shipped = readdirSync(folder).filter((file) => file.endsWith('.lcc'));

test('what is printed is parsed as the same tree', () => {
  fc.assert(
    fc.property(model, (tree) => {
      expect(bare(parseModel(printModel(tree)))).toEqual(bare(tree));
    }),
    { numRuns: 500 },
  );
});

test('printing what was printed changes nothing', () => {
  fc.assert(
    fc.property(model, (tree) => {
      const printed = printModel(tree);
      expect(printModel(parseModel(printed))).toBe(printed);
    }),
    { numRuns: 200 },
  );
});

test.each(shipped)('%s survives being printed and parsed', (file) => {
  const tree = parseModel(readFileSync(new URL(file, folder), 'utf8'), { file });
  const printed = printModel(tree);
  expect(bare(parseModel(printed))).toEqual(bare(tree));
  expect(Math.max(...printed.split('\n').map((line) => line.length))).toBeLessThan(160);
});

test.each([
  'A or B then C par D',
  '( A then B ) or C',
  'A or ( B or C )',
  '( A then B ) then C',
  '( A par B ) or C then D',
])('%s keeps the parentheses that it needs, and no others', (text) => {
  const printed = printModel({ ...empty, clauses: [clauseOf(text)] });
  expect(
    printed
      .split('\n')[1]
      ?.trim()
      .replace(/a\((.), Me\)/g, (_, role: string) => role.toUpperCase()),
  ).toBe(text);
});

test('a choice that needs no parentheses beside `then` is set apart by its indentation', () => {
  const text = `
    r(x, initial)
    a(x, Me) :: ask(Question) => a(y, Them) then
      (( answer(Question, Answer) <= a(y, Them) then null <- understood(Answer) ) or null <- timeout(60000))
      then a(x, Me)`;
  expect(printModel(parseModel(text))).toBe(`r(x, initial)

a(x, Me) ::
  ask(Question) => a(y, Them)
  then
    ( answer(Question, Answer) <= a(y, Them) then null <- understood(Answer) )
    or
    null <- timeout(60000)
  then a(x, Me)
`);
});

const empty = { roles: [], annotations: [] };

function clauseOf(text: string) {
  return { role: 'x', params: [], me: 'Me', body: bodyOf(text), at: { line: 1, column: 1 } };
}
