import { expect, test } from 'vitest';
import { Actor, asked, program } from './actor.ts';

test('both sides of par move by themselves, and then waits for both', () => {
  const actor = new Actor(
    program('a(r, X) :: m() <= a(s, S) par n() <= a(s, T) then end(S, T) => a(s, s)'),
  );
  expect(actor.hears('n from s:b')).toEqual([]);
  expect(actor.hears('m from s:a')).toEqual(['r end(a, b) -> s:s', 'done']);
});

test('what one side binds the other one sees', () => {
  const actor = new Actor(
    program(`a(r, X) ::
      ( m(N) <= a(s, S) then ok() => a(s, S) )
      par
      ( n(N) <= a(s, S) then o(N) <= a(s, S) )`),
  );
  actor.hears('n from s:a', 1);
  expect(actor.hears('m from s:a', 2)).toEqual([]);
  expect(actor.hears('m from s:a', 1)).toEqual(['r ok() -> s:a']);
  expect(actor.hears('o from s:a', 1)).toEqual(['done']);
});

test('a binding of one side lets the other go on', () => {
  const actor = new Actor(
    program('a(r, X) :: m(N) <= a(s, _) par ( q(N) <= a(s, _) then null ) then end(N) => a(s, s)'),
  );
  actor.hears('q from s:a', 7);
  expect(actor.hears('m from s:a', 7)).toEqual(['r end(7) -> s:s', 'done']);
});

test('a question of one side does not block the other', () => {
  const actor = new Actor(
    program(
      'a(r, X) :: null <- slow(N) par ( m() <= a(s, S) then ok() => a(s, S) )',
      asked('act slow(-)'),
    ),
  );
  expect(actor.did).toEqual(['ask 1 slow()']);
  expect(actor.hears('m from s:a')).toEqual(['r ok() -> s:a']);
  expect(actor.yes(1, 3)).toEqual(['done']);
});

test('pars nest, and roles are played inside them', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: a(one(A), X) par ( a(two(B), X) par a(three(C), X) ) then end(A, B, C) => a(s, s)
      a(one(A), X) :: m(A) <= a(s, _)
      a(two(B), X) :: m(B) <= a(s, _)
      a(three(C), X) :: m(C) <= a(s, _)
    `),
  );
  actor.hears('m from s:a to three', 3);
  actor.hears('m from s:a to one', 1);
  expect(actor.hears('m from s:a to two', 2)).toEqual(['r end(1, 2, 3) -> s:s', 'done']);
});

test('par inside or: whichever side moves first commits, and the other is begun', () => {
  const text = `a(r, X) ::
    ( ( m() <= a(s, S) par n() <= a(s, S) ) then both() => a(s, S) ) or o() <= a(s, S)`;
  const par = new Actor(program(text));
  par.hears('n from s:a');
  expect(par.hears('o from s:a')).toEqual([]);
  expect(par.hears('m from s:a')).toEqual(['r both() -> s:a', 'done']);
  const other = new Actor(program(text));
  expect(other.hears('o from s:a')).toEqual(['done']);
});

test('a message whose guard one side has asked may be taken by the other; the question is dropped', () => {
  const actor = new Actor(
    program(
      `a(r, X) ::
        ( m(N) <= a(s, _) <- slow(N) then null )
        par
        ( go() <= a(s, _) then m(K) <= a(s, _) then got(K) => a(s, s) )`,
      asked('act slow(+)'),
    ),
  );
  expect(actor.hears('m from s:a', 1)).toEqual(['ask 1 slow(1)']);
  expect(actor.hears('go from s:a')).toEqual(['drop 1', 'r got(1) -> s:s']);
  expect(actor.hears('m from s:a', 2)).toEqual(['ask 2 slow(2)']);
  expect(actor.yes(2)).toEqual(['done']);
});

test('a loop inside par stays in constant space', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: a(server, X) par a(server2, X)
      a(server, X) :: m(N) <= a(s, S) then a(server, X)
      a(server2, X) :: m(N) <= a(s, S) then a(server2, X)
    `),
  );
  for (let turn = 0; turn < 500; turn += 1) {
    actor.hears('m from s:a to server', turn);
    actor.hears('m from s:a to server2', turn);
  }
  expect(actor.state.threads.map((thread) => thread.frame.depth)).toEqual([2, 2]);
  expect(actor.state.variables.length).toBeLessThan(100);
});
