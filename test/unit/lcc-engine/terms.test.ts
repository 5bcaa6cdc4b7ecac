import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ring } from '../../../src/lcc/ring.ts';
import { atom, data, type Json, list, nil, struct, type Term } from '../../../src/lcc/term.ts';
import { equalTerms } from '../../../src/lcc/value.ts';
import { Actor, asked, computed, program, show } from './actor.ts';

const term = fc.letrec<{ term: Term }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 4 },
    fc.double({ noNaN: true }),
    fc.string({ maxLength: 3 }),
    fc.constantFrom<Term>(nil, atom('a'), atom('b')),
    fc.jsonValue({ maxDepth: 2 }).map((value) => data(value as Json)),
    fc.array(tie('term'), { maxLength: 3 }).map((args) => struct('f', ...args)),
    fc.array(tie('term'), { maxLength: 3 }).map((items) => list(items)),
    fc.tuple(tie('term'), tie('term')).map(([head, tail]) => list([head], tail)),
  ),
})).term;

test('a term equals its copy, and no term that is written differently', () => {
  fc.assert(
    fc.property(term, term, (a, b) => {
      const written = (value: Term): string => JSON.stringify(value, sortedKeys);
      expect(equalTerms(a, structuredClone(a))).toBe(true);
      expect(equalTerms(a, b)).toBe(written(a) === written(b));
    }),
  );
});

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

test('data of the host is equal by content, whatever the order of its keys', () => {
  expect(equalTerms(data({ a: 1, b: [2] }), data({ b: [2], a: 1 }))).toBe(true);
  expect(equalTerms(data({ a: 1 }), data({ a: 1, b: 2 }))).toBe(false);
  expect(equalTerms(data([1]), data({ 0: 1 }))).toBe(false);
  expect(equalTerms(data(null), data({}))).toBe(false);
});

test('a list of a hundred thousand items needs no stack: to compare, send and unify', () => {
  const long = (): Term => list(Array.from({ length: 100_000 }, (_, index) => index));
  const actor = new Actor(
    program(`
      a(r(Xs, Ys), X) :: null <- Xs == Ys and Xs = Ys and [A | Xs] = [B | Ys] then a(q(Xs, A, B), X)
      a(q(Xs, A, A), X) :: null <- A = 1 then m(Xs) => a(s, s)
    `),
    { args: [long(), long()] },
  );
  expect(actor.did.at(-1)).toBe('done');
});

test.each([
  ['f(Y, 2) = f(1, Z)', '1', '2'],
  ['f(Y, Z) = f(Z, 3)', '3', '3'],
  ['[Y | Z] = [1, 2, 3]', '1', '[2, 3]'],
  ['[Y | Z] = [f(Z) | 4]', 'f(4)', '4'],
  ['Y = Z and f(Z) = f(5)', '5', '5'],
  ['Y = f(_) and Z = f(1) and Y = Z', 'f(1)', 'f(1)'],
  ['Y = [1 | _] and Z = [_, 2] and Y = Z', '[1, 2]', '[1, 2]'],
  ['f(Y, Y) = f(Z, 7)', '7', '7'],
  ['[] = Y and Y = Z', '[]', '[]'],
  ['Y = f(A, B) and Y = f(B, 3) and Z = A', 'f(3, 3)', '3'],
])('%s: Y is %s and Z is %s', (constraint, y, z) => {
  const text = `a(r, X) :: null <- ${constraint} then y(Y) => a(s, s) then z(Z) => a(s, s)`;
  const said = [`r y(${y}) -> s:s`, `r z(${z}) -> s:s`, 'done'];
  expect(new Actor(program(text)).did).toEqual(said);
});

test.each([
  'f(Y, Z) = g(Y, Z)',
  'f(Y) = f(Y, Z)',
  '[Y, Z] = [1]',
  'Y = f(Z) and Z = f(Y)',
  'Y = [_ | Z] and Z = [1 | Y]',
  'Y = "a" and Z = a and Y = Z',
  'Y = f(_, 1) and Z = f(2, 3) and Y = Z',
  'Y = f(_) and Y = 3',
  'Y = f(_) and Z = [_] and Y = Z',
])('%s does not unify', (constraint) => {
  const text = `a(r, X) :: null <- ${constraint} or no() => a(s, s)`;
  expect(new Actor(program(text)).did).toEqual(['r no() -> s:s', 'done']);
});

test('a ring gives back what was put in, in order, however it grows', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -90, max: 100 }), { maxLength: 60 }), (steps) => {
      const ring = new Ring<number>();
      const model: number[] = [];
      let next = 0;
      for (const step of steps) {
        for (let count = 0; count < Math.abs(step); count += 1) {
          if (step > 0) {
            ring.push(next);
            model.push(next);
            next += 1;
          } else expect(ring.take()).toBe(model.shift());
        }
        expect(ring.length).toBe(model.length);
      }
    }),
  );
});

test('what a constraint answers may be a term with structure, taken apart by the pattern', () => {
  const pair = computed('pair(-)', () => [struct('pair', 1, list([2, 3]))]);
  const text = 'a(r, X) :: null <- pair(pair(A, [B | _])) then m(A, B) => a(s, s)';
  expect(new Actor(program(text, [pair])).did).toEqual(['r m(1, 2) -> s:s', 'done']);
  const asking = new Actor(
    program('a(r, X) :: null <- get([A, B]) then m(A, B) => a(s, s)', asked('act get(-)')),
  );
  expect(asking.yes(1, list([4, 5]))).toEqual(['r m(4, 5) -> s:s', 'done']);
  expect(show(list([1, atom('x')]))).toBe('[1, x]');
});
