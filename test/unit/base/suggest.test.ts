import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closest, didYouMean } from '../../../src/base/suggest.ts';

test('the closest word is suggested, swapped letters included', () => {
  const fields = ['cpus', 'memory', 'disk', 'network', 'promises'];
  expect(closest('memroy', fields)).toBe('memory');
  expect(closest('Memory', fields)).toBe('memory');
  expect(closest('cpu', fields)).toBe('cpus');
  expect(closest('promise', fields)).toBe('promises');
  expect(didYouMean('dsik', fields)).toBe('; did you mean disk?');
});

test('nothing is suggested when nothing is close', () => {
  expect(closest('banana', ['cpus', 'memory'])).toBeUndefined();
  expect(closest('x', ['y'])).toBeUndefined();
  expect(closest('', ['ab'])).toBeUndefined();
  expect(closest('m'.repeat(41), ['memory'])).toBeUndefined();
  expect(closest('memory', ['m'.repeat(41)])).toBeUndefined();
  expect(didYouMean('banana', [])).toBe('');
});

test('a word that is there is its own closest', () => {
  const word = fc.string({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(word, (text) => {
      expect(closest(text, [text])).toBe(text);
    }),
  );
});
