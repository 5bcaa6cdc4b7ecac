import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote } from '../../../src/base/quote.ts';

test('values are named in a word or shown in quotes', () => {
  expect(['4 GO', 4, true, null, undefined, [1], { a: 1 }, () => 1].map(quote)).toEqual([
    '"4 GO"',
    '4',
    'true',
    'null',
    'nothing',
    'a list of 1',
    'a mapping',
    'a function',
  ]);
});

test('a long text is cut and controls, terminal escapes included, cannot act', () => {
  expect(quote('x'.repeat(100))).toBe(`"${'x'.repeat(59)}…"`);
  expect(quote('a\u001b[31m\nb\u009b\u202e')).toBe('"a\\u001b[31m\\nb\ufffd\ufffd"');
});

test('a quoted value is one short line', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(quote(value)).not.toMatch(/\p{Cc}/u);
      expect(quote(value).length).toBeLessThan(400);
    }),
  );
});
