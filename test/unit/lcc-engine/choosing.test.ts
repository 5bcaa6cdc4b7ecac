import { expect, test } from 'vitest';
import { Actor, asked, computed, program } from './actor.ts';

test('a choice is committed by the first rewrite of one side', () => {
  const actor = new Actor(
    program('a(r, X) :: ( m() <= a(s, S) then n() <= a(s, S) ) or o() <= a(s, S)'),
  );
  actor.hears('m from s:x');
  expect(actor.hears('o from s:x')).toEqual([]);
  expect(actor.hears('n from s:x')).toEqual(['done']);
});

test('a null commits too: what follows it need not come', () => {
  const actor = new Actor(
    program('a(r, X) :: ( null <- 1 < 2 then n() <= a(s, S) ) or o() <= a(s, S)'),
  );
  expect(actor.hears('o from s:x')).toEqual([]);
  expect(actor.hears('n from s:x')).toEqual(['done']);
});

test('alternatives are tried from left to right', () => {
  const actor = new Actor(
    program('a(r, X) :: ( l() => a(s, s) <- 2 < 1 ) or m() => a(s, s) or n() => a(s, s)'),
  );
  expect(actor.did).toEqual(['r m() -> s:s', 'done']);
});

test('then waits for its left side, and or is closed when one side is', () => {
  const actor = new Actor(
    program('a(r, X) :: ( m() <= a(s, S) or n() <= a(s, S) ) then o() => a(s, S)'),
  );
  expect(actor.hears('n from s:x')).toEqual(['r o() -> s:x', 'done']);
});

test('nothing applicable is waiting, not failure', () => {
  const actor = new Actor(program('a(r, X) :: null <- 2 < 1 or m() <= a(s, S)'));
  expect(actor.did).toEqual([]);
  expect(actor.at(10)).toEqual([]);
  expect(actor.state.done).toBe(false);
  expect(actor.hears('m from s:x')).toEqual(['done']);
});

test('what failed in an alternative leaves no binding behind', () => {
  const actor = new Actor(
    program('a(r, X) :: ( null <- Y = 1 and Y = 2 ) or ( null <- Y = 3 then y(Y) => a(s, s) )'),
  );
  expect(actor.did).toEqual(['r y(3) -> s:s', 'done']);
});

test('by precedence, A or B then C begins C after either', () => {
  const actor = new Actor(
    program('a(r, X) :: m() <= a(s, S) or n() <= a(s, S) then o() => a(s, S)'),
  );
  expect(actor.hears('m from s:x')).toEqual(['r o() -> s:x', 'done']);
});

test('by precedence, A then B or C offers C only after A', () => {
  const actor = new Actor(
    program('a(r, X) :: m() <= a(s, S) then n() <= a(s, S) or o() <= a(s, S)'),
  );
  expect(actor.hears('o from s:x')).toEqual([]);
  expect(actor.hears('m from s:x')).toEqual(['done']);
});

test('commit by message: a null before the first message is undone while another branch applies', () => {
  const text = `a(r, X) ::
    ( null <- Y = 1 then n() <= a(s, S) then y(Y) => a(s, S) )
    or
    ( null <- Y = 2 then o() <= a(s, S) then y(Y) => a(s, S) )`;
  const rewrite = new Actor(program(text));
  expect(rewrite.hears('o from s:x')).toEqual([]);
  const message = new Actor(program(text, [], { commit: 'message' }));
  expect(message.hears('o from s:x')).toEqual(['r y(2) -> s:x', 'done']);
  expect(message.state.done).toBe(true);
});

test('commit by message: once a message is sent or received, the others are given up', () => {
  const text = 'a(r, X) :: ( m() <= a(s, S) then n() <= a(s, S) ) or o() <= a(s, S)';
  const actor = new Actor(program(text, [], { commit: 'message' }));
  actor.hears('m from s:x');
  expect(actor.hears('o from s:x')).toEqual([]);
});

test('commit by message: an outer choice is undone through an inner one, and asks once', () => {
  const text = `a(r, X) ::
    ( null <- chosen(N) then ( n(N) <= a(s, S) or ( null <- N > 3 then p() <= a(s, S) ) ) )
    or o() <= a(s, S)`;
  const specs = asked('act chosen(-)');
  const undone = new Actor(program(text, specs, { commit: 'message' }));
  expect(undone.did).toEqual(['ask 1 chosen()']);
  expect(undone.hears('o from s:x')).toEqual([]);
  expect(undone.yes(1, 5)).toEqual(['done']);
  const kept = new Actor(program(text, specs, { commit: 'message' }));
  kept.yes(1, 5);
  expect(kept.hears('p from s:x')).toEqual(['done']);
});

test('commit by message: more ways to go on than the limit is a failure with its place', () => {
  const two = '( null <- X == "a" or null <- X == "b" )';
  const text = `a(r, X) :: ( ${Array(12).fill(two).join(' then ')} then null ) or m() <= a(s, S)`;
  expect(() => program(text, [], { commit: 'message' })).toThrowError(
    expect.objectContaining({ code: 'LCC.TOO_MANY_ALTERNATIVES' }),
  );
});

test('commit by message: the end of a branch commits', () => {
  const text = 'a(r, X) :: ( null <- yes(N) or o(N) <= a(s, S) ) then p(N) <= a(s, S)';
  const specs = [computed('yes(-)', () => [1])];
  const actor = new Actor(program(text, specs, { commit: 'message' }));
  expect(actor.hears('o from s:x', 2)).toEqual([]);
  expect(actor.hears('p from s:x', 1)).toEqual(['done']);
});
