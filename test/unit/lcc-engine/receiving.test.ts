import { expect, test } from 'vitest';
import { Actor, asked, computed, program } from './actor.ts';

test('a receive matches the message, then tests the guard, then consumes', () => {
  const small = computed('small(+)', ([n]) => (Number(n) < 10 ? [] : undefined));
  const actor = new Actor(
    program('a(r, X) :: n(N) <= a(s, S) <- small(N) then got(N) => a(s, S)', [small]),
  );
  expect(actor.hears('n from s:a', 50)).toEqual([]);
  expect(actor.hears('n from s:b', 5)).toEqual(['r got(5) -> s:b', 'done']);
  expect(actor.state.inbox.map((mail) => mail.message.args)).toEqual([[50]]);
});

test('a message that does not match stays queued until it does', () => {
  const actor = new Actor(
    program('a(r, X) :: go(N) <= a(s, S) then more(N) <= a(s, S) then ok() => a(s, S)'),
  );
  actor.hears('more from s:a', 2);
  actor.hears('more from s:a', 1);
  expect(actor.hears('go from s:a', 1)).toEqual(['r ok() -> s:a', 'done']);
  expect(actor.state.inbox.map((mail) => mail.message.args)).toEqual([[2]]);
});

test('messages that fit one receive are taken in the order of arrival', () => {
  const actor = new Actor(
    program('a(r, X) :: go() <= a(s, S) then n(N) <= a(s, S) then got(N) => a(s, S)'),
  );
  actor.hears('n from s:a', 1);
  actor.hears('n from s:a', 2);
  expect(actor.hears('go from s:a')).toEqual(['r got(1) -> s:a', 'done']);
});

test('a receive takes a message only from the role and the agent it names', () => {
  const actor = new Actor(program('a(r, X) :: hi() <= a(s, b) then bye() => a(s, b)'));
  actor.hears('hi from t:b');
  actor.hears('hi from s:a');
  expect(actor.did).toEqual([]);
  expect(actor.hears('hi from s:b')).toEqual(['r bye() -> s:b', 'done']);
});

test('a sender that is unbound is bound to whoever sends first', () => {
  const actor = new Actor(
    program('a(r, X) :: one() <= a(s, S) then two() <= a(s, S) then ok(S) => a(s, S)'),
  );
  actor.hears('one from s:a');
  actor.hears('two from s:b');
  expect(actor.did).toEqual([]);
  expect(actor.hears('two from s:a')).toEqual(['r ok(a) -> s:a', 'done']);
});

test('messages are addressed to a role: one for a role that was left waits until it returns', () => {
  const actor = new Actor(
    program(`
      a(main, X) :: start() <= a(s, S) then a(sub, X) then a(main, X)
      a(sub, X) :: next() <= a(s, S) then ok() => a(s, S)
    `),
  );
  actor.hears('start from s:a');
  expect(actor.hears('start from s:b to main')).toEqual([]);
  expect(actor.hears('next from s:a to main')).toEqual(['not understood next']);
  expect(actor.hears('next from s:a to sub')).toEqual(['sub ok() -> s:a']);
  expect(actor.state.threads[0]?.frame.clause.role.name).toBe('sub');
});

test('a sub-role sends and receives under its own name', () => {
  const actor = new Actor(
    program(`
      a(main, X) :: a(sub, X) then end() <= a(s, S)
      a(sub, X) :: q() => a(s, b) then r() <= a(s, b)
    `),
  );
  expect(actor.did).toEqual(['sub q() -> s:b']);
  expect(actor.hears('r from s:b to main')).toEqual(['not understood r']);
  actor.hears('r from s:b to sub');
  expect(actor.hears('end from s:b to main')).toEqual(['done']);
});

test('a message is not understood only when no clause of the role takes its name and arity', () => {
  const actor = new Actor(
    program(`
      a(r(1), X) :: one(N) <= a(s, S)
      a(r(2), X) :: two(N) <= a(s, S)
    `),
    { role: 'r', args: [1] },
  );
  expect(actor.hears('two from s:a', 1)).toEqual([]);
  expect(actor.hears('one from s:a')).toEqual(['not understood one']);
  expect(actor.hears('three from s:a', 1)).toEqual(['not understood three']);
  expect(actor.hears('one from s:a to stranger', 1)).toEqual(['not understood one']);
});

test('an asked guard keeps the message queued until it answers yes', () => {
  const actor = new Actor(
    program('a(r, X) :: n(N) <= a(s, S) <- ok(N) then got(N) => a(s, S)', asked('compute ok(+)')),
  );
  expect(actor.hears('n from s:a', 1)).toEqual(['ask 1 ok(1)']);
  expect(actor.hears('n from s:a', 2)).toEqual([]);
  expect(actor.state.inbox).toHaveLength(2);
  expect(actor.no(1)).toEqual(['ask 2 ok(2)']);
  expect(actor.yes(2)).toEqual(['r got(2) -> s:a', 'done']);
  expect(actor.state.inbox).toHaveLength(1);
});

test('a guard left of a receive is the same as one on its right', () => {
  const actor = new Actor(program('a(r, X) :: N > 3 <- n(N) <= a(s, S) then got(N) => a(s, S)'));
  actor.hears('n from s:a', 1);
  expect(actor.hears('n from s:a', 4)).toEqual(['r got(4) -> s:a', 'done']);
});
