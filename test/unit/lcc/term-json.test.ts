import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailure } from '../../../src/base/failure.ts';
import { limits } from '../../../src/base/limits.ts';
import { atom, data, list, listItems, nil, struct, type Term } from '../../../src/lcc/term.ts';
import {
  decodeTerm,
  decodeTerms,
  encodeTerm,
  encodeTerms,
  termOfJson,
} from '../../../src/lcc/term-json.ts';

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)));

const terms = fc.letrec<{ term: Term }>((tie) => ({
  term: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.string(),
    fc.constant(nil),
    fc.string({ minLength: 1 }).map(atom),
    json.map((value) => data(value)),
    fc
      .tuple(fc.string({ minLength: 1 }), fc.array(tie('term'), { minLength: 1 }))
      .map(([name, args]) => struct(name, ...args)),
    fc.array(tie('term')).map((items) => list(items)),
    fc.tuple(fc.array(tie('term')), tie('term')).map(([items, tail]) => list(items, tail)),
  ),
})).term;

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (thrown) {
    if (isFailure(thrown)) return thrown.code;
    throw thrown;
  }
  return 'no failure';
}

test('every term comes back from its encoding', () => {
  fc.assert(
    fc.property(terms, (term) => {
      expect(decodeTerm(encodeTerm(term))).toEqual(term);
    }),
  );
});

test('terms come back in order, and read the same as the list of them', () => {
  fc.assert(
    fc.property(fc.array(terms), (items) => {
      expect(decodeTerms(encodeTerms(items))).toEqual(items);
      expect(encodeTerms(items)).toBe(encodeTerm(list(items)));
    }),
  );
});

test('the encoding is compact and readable', () => {
  const message = struct('bid', 'web', 3, list([atom('ok'), data({ price: 20 })]), nil);
  expect(encodeTerm(message)).toBe('{"f":"bid","a":["web",3,[{"f":"ok"},{"d":{"price":20}}],[]]}');
  expect(encodeTerm(list([1], 2))).toBe('{"l":[1],"t":2}');
});

test('any text either decodes to a term that encodes to the same value, or fails with a code', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    json.map((value) => JSON.stringify({ d: value })),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const code = codeOf(() => {
        const again = JSON.parse(encodeTerm(decodeTerm(text)));
        expect(again).toEqual(JSON.parse(text));
      });
      expect(['no failure', 'LCC.TERM_MALFORMED']).toContain(code);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  'nothing',
  '',
  'true',
  'null',
  '1e999',
  '{}',
  '{"f":""}',
  '{"f":1}',
  '{"f":"a","a":[]}',
  '{"f":"a","a":{}}',
  '{"a":[1],"f":"a"}',
  '{"f":"a","x":1}',
  '{"l":[],"t":1}',
  '{"l":[1],"t":[]}',
  '{"l":[1],"t":{"l":[1],"t":2}}',
  '{"d":1,"f":"a"}',
  '[null]',
])('%s is malformed', (text) => {
  expect(codeOf(() => decodeTerm(text))).toBe('LCC.TERM_MALFORMED');
});

test('a structure is not an array of terms', () => {
  expect(codeOf(() => decodeTerms('{"f":"a"}'))).toBe('LCC.TERM_MALFORMED');
});

test('a number that is not finite, and data that is not JSON, cannot be encoded', () => {
  expect(codeOf(() => encodeTerm(Number.NaN))).toBe('LCC.TERM_MALFORMED');
  expect(codeOf(() => encodeTerm(data({ price: Number.POSITIVE_INFINITY })))).toBe(
    'LCC.TERM_MALFORMED',
  );
  const bigint: unknown = { price: 1n };
  expect(codeOf(() => encodeTerm(data(bigint as never)))).toBe('LCC.TERM_MALFORMED');
});

test('a list of 100,000 items costs no stack', () => {
  const items = Array.from({ length: 100_000 }, (_, index) => index);
  expect(listItems(decodeTerm(encodeTerm(list(items))))).toEqual(items);
  const tailed = encodeTerm(list(items, 'rest'));
  expect(encodeTerm(decodeTerm(tailed))).toBe(tailed);
});

test('nesting is bounded both ways, in structures, lists and data', () => {
  const deep = (depth: number): Term => {
    let term: Term = atom('z');
    for (let level = 0; level < depth; level += 1) term = struct('s', term);
    return term;
  };
  expect(decodeTerm(encodeTerm(deep(limits.termDepth)))).toEqual(deep(limits.termDepth));
  expect(codeOf(() => encodeTerm(deep(limits.termDepth + 1)))).toBe('LCC.TERM_MALFORMED');
  const brackets = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  expect(codeOf(() => decodeTerm(brackets))).toBe('LCC.TERM_MALFORMED');
  expect(codeOf(() => decodeTerm(`{"d":${brackets}}`))).toBe('LCC.TERM_MALFORMED');
});

test('a term inside a larger document is read as strictly', () => {
  expect(termOfJson({ f: 'ok' })).toEqual(atom('ok'));
  expect(codeOf(() => termOfJson({ f: 'ok', a: [undefined] }))).toBe('LCC.TERM_MALFORMED');
});
