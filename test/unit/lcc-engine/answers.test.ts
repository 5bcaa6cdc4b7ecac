import { expect, test } from 'vitest';
import { Actor, asked, computed, program } from './actor.ts';

const asks = asked('compute bid(+, -)', 'act move(+)', 'wait user(-)', 'wait sensor()', 'act go()');

test('a compute that is asked blocks the branches to its right until it answers', () => {
  const text = 'a(r, X) :: p(B) => a(s, s) <- bid(1, B) or refuse() => a(s, s)';
  const yes = new Actor(program(text, asks));
  expect(yes.did).toEqual(['ask 1 bid(1)']);
  expect(yes.yes(1, 30)).toEqual(['r p(30) -> s:s', 'done']);
  const no = new Actor(program(text, asks));
  expect(no.no(1)).toEqual(['r refuse() -> s:s', 'done']);
});

test('an act that answers no has changed nothing: the next branch is tried', () => {
  const actor = new Actor(program('a(r, X) :: null <- move(7) or m() => a(s, s)', asks));
  expect(actor.did).toEqual(['ask 1 move(7)']);
  expect(actor.no(1)).toEqual(['r m() -> s:s', 'done']);
});

test('a pending wait does not block the branches to its right', () => {
  const actor = new Actor(program('a(r, X) :: null <- user(Y) or m() <= a(s, S)', asks));
  expect(actor.did).toEqual(['ask 1 user()']);
  expect(actor.hears('m from s:a')).toEqual(['drop 1', 'done']);
});

test('an absent message does not block the branches to its right', () => {
  const actor = new Actor(program('a(r, X) :: m() <= a(s, S) or null <- go()', asks));
  expect(actor.did).toEqual(['ask 1 go()']);
  expect(actor.yes(1)).toEqual(['done']);
});

test('while an act is pending, a message waits even for a branch to its left', () => {
  const actor = new Actor(
    program('a(r, X) :: ( m() <= a(s, S) then n() => a(s, S) ) or null <- go()', asks),
  );
  expect(actor.hears('m from s:a')).toEqual(['drop 1', 'r n() -> s:a', 'done']);
});

test('a no is remembered until the choice is left', () => {
  const actor = new Actor(
    program('a(r, X) :: null <- sensor() or m() <= a(s, S) then a(r, X)', asks),
  );
  expect(actor.no(1)).toEqual([]);
  expect(actor.at(5)).toEqual([]);
  expect(actor.hears('m from s:a')).toEqual(['ask 2 sensor()']);
});

test('an answer that comes after the choice was committed changes nothing', () => {
  const actor = new Actor(
    program('a(r, X) :: ( null <- user(Y) or m() <= a(s, S) ) then n() <= a(s, S)', asks),
  );
  actor.hears('m from s:a');
  expect(actor.yes(1, 3)).toEqual([]);
  expect(actor.hears('n from s:a')).toEqual(['done']);
});

test('an answer that comes twice, or to no question, changes nothing', () => {
  const actor = new Actor(
    program('a(r, X) :: null <- user(Y) and user(Z) then y(Y, Z) => a(s, s)', asks),
  );
  expect(actor.yes(1, 'first')).toEqual(['ask 2 user()']);
  expect(actor.yes(1, 'again')).toEqual([]);
  expect(actor.yes(99, 'never')).toEqual([]);
  expect(actor.yes(2, 'second')).toEqual(['r y(first, second) -> s:s', 'done']);
});

test('in a conjunction the second is asked when the first has answered, with its outputs', () => {
  const actor = new Actor(program('a(r, X) :: null <- bid(1, B) and move(B)', asks));
  expect(actor.did).toEqual(['ask 1 bid(1)']);
  expect(actor.yes(1, 30)).toEqual(['ask 2 move(30)']);
  expect(actor.yes(2)).toEqual(['done']);
});

test('a later no fails the whole conjunction, and its bindings are gone', () => {
  const text = 'a(r, X) :: null <- bid(1, B) and move(B) or ( null <- B = 9 then b(B) => a(s, s) )';
  const actor = new Actor(program(text, asks));
  actor.yes(1, 30);
  expect(actor.no(2)).toEqual(['r b(9) -> s:s', 'done']);
});

test('a computed constraint is answered inside the step', () => {
  const twice = computed('twice(+, -)', ([n]) => [2 * Number(n)]);
  const even = computed('even(+)', ([n]) => (Number(n) % 2 === 0 ? [] : undefined));
  const text = 'a(r, X) :: null <- twice(3, N) and not even(3) and even(N) then n(N) => a(s, s)';
  expect(new Actor(program(text, [twice, even])).did).toEqual(['r n(6) -> s:s', 'done']);
});

test('an output is unified with what its argument is already', () => {
  const one = computed('one(-)', () => [1]);
  const text =
    'a(r, X) :: ( null <- Y = 2 and one(Y) ) or ( null <- one(Z) and one(Z) then z() => a(s, s) )';
  expect(new Actor(program(text, [one])).did).toEqual(['r z() -> s:s', 'done']);
});

test('or in a constraint takes the left when it holds, else the right', () => {
  const text = 'a(r, X) :: null <- ( X == "you" or Y = 5 ) then y(Y) => a(s, s)';
  expect(new Actor(program(text)).did).toEqual(['r y(5) -> s:s', 'done']);
});

test('or in a constraint: a pending wait lets the right side be tried, an act does not', () => {
  const wait = new Actor(
    program('a(r, X) :: null <- ( user(Y) or bid(1, Y) ) then y(Y) => a(s, s)', asks),
  );
  expect(wait.did).toEqual(['ask 1 user()', 'ask 2 bid(1)']);
  expect(wait.yes(2, 4)).toEqual(['drop 1', 'r y(4) -> s:s', 'done']);
  const act = new Actor(program('a(r, X) :: null <- ( go() or user(Y) )', asks));
  expect(act.did).toEqual(['ask 1 go()']);
  expect(act.no(1)).toEqual(['ask 2 user()']);
});

test('not turns an answer round and binds nothing', () => {
  const text = 'a(r, X) :: null <- not bid(1, B) or ( null <- B = 2 then b(B) => a(s, s) )';
  const actor = new Actor(program(text, asks));
  expect(actor.did).toEqual(['ask 1 bid(1)']);
  expect(actor.yes(1, 7)).toEqual(['r b(2) -> s:s', 'done']);
  expect(new Actor(program(text, asks)).no(1)).toEqual(['done']);
});

test('what was asked and given up in the same step is not asked at all', () => {
  const actor = new Actor(
    program('a(r, X) :: go() <= a(s, S) then null <- user(Y) or m() <= a(s, S)', asks),
  );
  actor.hears('m from s:a');
  expect(actor.hears('go from s:a')).toEqual(['done']);
});

test('comparisons: numbers by value, terms by content, other things are no', () => {
  const holds = (constraint: string): boolean =>
    new Actor(program(`a(r, X) :: null <- ${constraint}`)).state.done;
  expect(
    ['1 < 2', '2 >= 2', '2 <= 2', '3 > 2', '1 == 1.0', '[1, f(x)] == [1, f(x)]', '"a" != a'].map(
      holds,
    ),
  ).not.toContain(false);
  expect(
    ['2 < 1', '"a" < "b"', 'f(1) == f(2)', '[1] == [1, 2]', '1 != 1', '[] == 0'].map(holds),
  ).not.toContain(true);
});

test('an input that is not known is a failure with its place', () => {
  expect(() => new Actor(program('a(r, X) ::\n  null <- move(Y)', asks))).toThrowError(
    expect.objectContaining({ code: 'LCC.UNBOUND', facts: { line: 2, column: 11 } }),
  );
  expect(() => new Actor(program('a(r, X) :: m(Y) => a(s, s)'))).toThrowError(
    expect.objectContaining({ code: 'LCC.UNBOUND' }),
  );
});

test('an answer with the wrong number of outputs is a failure, and the state before is still good', () => {
  const actor = new Actor(program('a(r, X) :: null <- bid(1, B) then b(B) => a(s, s)', asks));
  expect(() => actor.yes(1)).toThrowError(
    expect.objectContaining({ code: 'LCC.ANSWER_MALFORMED' }),
  );
  expect(actor.yes(1, 2)).toEqual(['r b(2) -> s:s', 'done']);
});

test('a constraint that nobody answers is a failure with its place', () => {
  expect(() => program('a(r, X) ::\n  null <- bid(1)', asks)).toThrowError(
    expect.objectContaining({
      code: 'LCC.CONSTRAINT_UNKNOWN',
      facts: { line: 2, column: 11, constraint: 'bid/1' },
    }),
  );
});
