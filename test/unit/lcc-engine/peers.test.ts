import { expect, test } from 'vitest';
import { Actor, asked, program } from './actor.ts';

test('an unbound recipient is chosen among those who play the role now, and stays bound', () => {
  const actor = new Actor(program('a(r, X) :: m() => a(s, P) then n() => a(s, P)'));
  expect(actor.did).toEqual(['peer 1 s']);
  expect(actor.peers(1, 'b')).toEqual(['r m() -> s:b', 'r n() -> s:b', 'done']);
});

test('nobody in the role is a wait; with time the choice is asked anew', () => {
  const actor = new Actor(program('a(r, X) :: m() => a(s, P)'));
  expect(actor.peers(1)).toEqual([]);
  expect(actor.at(5)).toEqual(['peer 2 s']);
  expect(actor.peers(2, 'b')).toEqual(['r m() -> s:b', 'done']);
});

test('while a peer is being chosen the branches to the right wait; nobody lets them be tried', () => {
  const text = 'a(r, X) :: m() => a(s, P) or ( null <- 1 < 2 then none() => a(t, t) )';
  const some = new Actor(program(text));
  expect(some.did).toEqual(['peer 1 s']);
  expect(some.peers(1, 'b')).toEqual(['r m() -> s:b', 'done']);
  const nobody = new Actor(program(text));
  expect(nobody.peers(1)).toEqual(['r none() -> t:t', 'done']);
});

test('_ sends to all who play the role, and waits while nobody does', () => {
  const actor = new Actor(program('a(r, X) :: m(1) => a(s, _)'));
  expect(actor.did).toEqual(['peers 1 s']);
  expect(actor.peers(1)).toEqual([]);
  actor.at(1);
  expect(actor.peers(2, 'a', 'b')).toEqual(['r m(1) -> s:a', 'r m(1) -> s:b', 'done']);
});

test('a guard may choose the recipient', () => {
  const actor = new Actor(program('a(r, X) :: m() => a(s, P) <- pick(P)', asked('act pick(-)')));
  expect(actor.did).toEqual(['ask 1 pick()']);
  expect(actor.yes(1, 'c')).toEqual(['r m() -> s:c', 'done']);
});

test('a guard that needs the recipient is tested after it was chosen', () => {
  const actor = new Actor(
    program('a(r, X) :: m() => a(s, P) <- fits(P) or n() => a(t, t)', asked('act fits(+)')),
  );
  expect(actor.did).toEqual(['peer 1 s']);
  expect(actor.peers(1, 'c')).toEqual(['ask 2 fits(c)']);
  expect(actor.yes(2)).toEqual(['r m() -> s:c', 'done']);
});

test('getPeers lists all others in a role, also none', () => {
  const text = 'a(r, X) :: null <- getPeers("s", Ps) then all(Ps) => a(t, t)';
  const some = new Actor(program(text));
  expect(some.did).toEqual(['peers 1 s']);
  expect(some.peers(1, 'a', 'b')).toEqual(['r all([a, b]) -> t:t', 'done']);
  expect(new Actor(program(text)).peers(1)).toEqual(['r all([]) -> t:t', 'done']);
});

test('an agent is named by a string or an atom, and by nothing else', () => {
  expect(new Actor(program('a(r, X) :: null <- P = b then m() => a(s, P)')).did).toEqual([
    'r m() -> s:b',
    'done',
  ]);
  expect(() => new Actor(program('a(r, X) :: null <- P = [b] then m() => a(s, P)'))).toThrowError(
    expect.objectContaining({ code: 'LCC.NOT_AN_AGENT' }),
  );
});
