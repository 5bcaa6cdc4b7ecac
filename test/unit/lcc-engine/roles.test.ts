import { expect, test } from 'vitest';
import { startAgent, step } from '../../../src/lcc/engine.ts';
import { playing } from '../../../src/lcc/inspect.ts';
import { encodeState } from '../../../src/lcc/state-encode.ts';
import { atom, list } from '../../../src/lcc/term.ts';
import { Actor, asked, computed, line, program } from './actor.ts';

test('variables are local to a clause instance', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: null <- Y = 1 then a(sub, X) then y(Y) => a(s, s)
      a(sub, X) :: null <- Y = 2 then y(Y) => a(s, s)
    `),
  );
  expect(actor.did).toEqual(['sub y(2) -> s:s', 'r y(1) -> s:s', 'done']);
});

test('_ is fresh each time', () => {
  const actor = new Actor(
    program('a(r, X) :: m(_, _) <= a(s, _) then n(_) <= a(s, _) then ok() => a(s, s)'),
  );
  actor.hears('m from s:a', 1, 2);
  expect(actor.hears('n from s:b', 3)).toEqual(['r ok() -> s:s', 'done']);
});

test('a role change unifies the head, and results flow back out', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: a(add(pair(1, B), C), X) then got(B, C) => a(s, s)
      a(add(pair(A, B), C), X) :: null <- B = 2 and C = [A, B]
    `),
  );
  expect(actor.did).toEqual(['r got(2, [1, 2]) -> s:s', 'done']);
});

test('a result may be handed on through any number of roles, and be built on the way back', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: a(copy([1, 2, 3], Ys), X) then got(Ys) => a(s, s)
      a(copy(Xs, Ys), X) ::
        null <- Xs = [] and Ys = []
        or ( null <- Xs = [H | T] then a(copy(T, More), X) then null <- Ys = [h(H) | More] )
    `),
  );
  expect(actor.did).toEqual(['r got([h(1), h(2), h(3)]) -> s:s', 'done']);
});

test('a list may be built from its head by a role that calls itself last', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: a(copy([1, 2, 3], Ys), X) then got(Ys) => a(s, s)
      a(copy(Xs, Ys), X) ::
        null <- Xs = [] and Ys = []
        or ( null <- Xs = [H | T] and Ys = [H | More] then a(copy(T, More), X) )
    `),
  );
  expect(actor.did).toEqual(['r got([1, 2, 3]) -> s:s', 'done']);
});

test('of several clauses of a role the first whose head unifies is taken', () => {
  const text = `
    a(r(N), X) :: a(sub(N, M), X) then m(M) => a(s, s)
    a(sub(1, M), X) :: null <- M = "one"
    a(sub(_, M), X) :: null <- M = "many"
  `;
  expect(new Actor(program(text), { args: [1] }).did).toEqual(['r m(one) -> s:s', 'done']);
  expect(new Actor(program(text), { args: [5] }).did).toEqual(['r m(many) -> s:s', 'done']);
});

test('a role whose head does not unify is not entered: another branch is taken', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: a(sub(3), X) or m() => a(s, s)
      a(sub(1), X) :: null
    `),
  );
  expect(actor.did).toEqual(['r m() -> s:s', 'done']);
});

test('a guarded role change is a branch like others', () => {
  const text = `
    a(r, X) :: a(sub(N), X) <- pick(N) or m() => a(s, s)
    a(sub(N), X) :: n(N) => a(s, s)
  `;
  const yes = new Actor(program(text, asked('act pick(-)')));
  expect(yes.yes(1, 4)).toEqual(['sub n(4) -> s:s', 'done']);
  const no = new Actor(program(text, asked('act pick(-)')));
  expect(no.no(1)).toEqual(['r m() -> s:s', 'done']);
});

test('a term cannot be made to contain itself', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: a(sub(Y), X) then m(Y) => a(s, s)
      a(sub(Y), X) :: null <- Y = f(Y) or null <- Y = [1 | Y] or null <- Y = 3
    `),
  );
  expect(actor.did).toEqual(['r m(3) -> s:s', 'done']);
});

test('the directory is told which roles an agent plays, sub-roles and the roles they return to', () => {
  const of = program(`
    a(main, X) :: go() <= a(s, S) then a(sub, X) then a(other, X)
    a(sub, X) :: on() <= a(s, S)
    a(other, X) :: end() <= a(s, S)
  `);
  const begun = startAgent(of, { id: 'me', role: 'main' }, 0);
  expect(begun.effects.map(line)).toEqual(['plays main']);
  const hears = (state: typeof begun.state, name: string, role: string): typeof begun =>
    step(
      state,
      {
        kind: 'message',
        message: { from: { role: 's', id: 'a' }, to: { role, id: 'me' }, name, args: [] },
      },
      0,
    );
  const inSub = hears(begun.state, 'go', 'main');
  expect(inSub.effects.map(line)).toEqual(['plays sub']);
  expect(playing(inSub.state)).toEqual(['main', 'sub']);
  const inOther = hears(inSub.state, 'on', 'sub');
  expect(inOther.effects.map(line)).toEqual(['leaves sub', 'leaves main', 'plays other']);
  expect(playing(inOther.state)).toEqual(['other']);
  const done = hears(inOther.state, 'end', 'other');
  expect(done.effects.map(line)).toEqual(['leaves other', 'done']);
  expect(playing(done.state)).toEqual([]);
});

test('a role change in tail position runs in constant space', () => {
  const of = program(
    `
      a(host(N), X) ::
        null <- sensor(M) then a(busy(M, Out), X)
      a(busy(M, Out), X) ::
        a(sub(M, Out), X) then null <- Out = [_ | _] then a(host(M), X)
      a(sub(M, Out), X) :: null <- Out = [M, M]
    `,
    asked('wait sensor(-)'),
  );
  let { state } = startAgent(of, { id: 'me', role: 'host', args: [0] }, 0);
  const sizes = new Set<number>();
  for (let turn = 1; turn <= 20_000; turn += 1) {
    const outcome = step(state, { kind: 'answer', ask: turn, answer: { yes: [1] } }, turn);
    state = outcome.state;
    expect(state.variables.length).toBeLessThan(600);
    if (turn % 1_000 === 0 && turn > 9_999) sizes.add(encodeState(state).length);
  }
  expect([...sizes]).toHaveLength(1);
});

test('a hundred thousand rewrites of one step need no stack', () => {
  const items = list(Array.from({ length: 5_000 }, (_, index) => index));
  const sum = computed('plus(++-)', ([a, b]) => [Number(a) + Number(b)]);
  const actor = new Actor(
    program(
      `
        a(r(Xs), X) :: a(sum(Xs, 0, S), X) then a(copy(Xs, Ys), X) then s(S, Ys) => a(s, s)
        a(sum([], S, S), X) :: null
        a(sum([H | T], N, S), X) :: null <- plus(N, H, M) then a(sum(T, M, S), X)
        a(copy([], []), X) :: null
        a(copy([H | T], Ys), X) :: a(copy(T, More), X) then null <- Ys = [H | More]
      `,
      [sum],
    ),
    { args: [items] },
  );
  expect(actor.did[0]?.startsWith('r s(12497500, [0, 1, 2, ')).toBe(true);
  expect(actor.state.done).toBe(true);
});

test('a role that never waits is stopped, and one that nests without end too', () => {
  const spins = program('a(r, X) :: null then a(r, X)');
  expect(() => new Actor(spins)).toThrowError(expect.objectContaining({ code: 'LCC.ENDLESS' }));
  const nests = program('a(r, X) :: a(r, X) then null');
  expect(() => new Actor(nests)).toThrowError(expect.objectContaining({ code: 'LCC.ROLE_DEPTH' }));
});

test('a role that no clause has is a failure, when compiled with its place and when started', () => {
  expect(() => program('a(r, X) ::\n  a(q(1), X)')).toThrowError(
    expect.objectContaining({
      code: 'LCC.ROLE_UNKNOWN',
      facts: { line: 2, column: 3, role: 'q/1' },
    }),
  );
  const of = program('a(r, X) :: null');
  expect(() => startAgent(of, { id: 'me', role: 'q' }, 0)).toThrowError(
    expect.objectContaining({ code: 'LCC.ROLE_UNKNOWN' }),
  );
  expect(() => startAgent(of, { id: 'me', role: 'r', args: [1] }, 0)).toThrowError(
    expect.objectContaining({ code: 'LCC.ROLE_UNKNOWN' }),
  );
});

test('an agent that begins a role takes its arguments by unification', () => {
  const text = 'a(r(pair(A, [B | _]), C), X) :: m(X, A, B) => a(s, s) <- C = 3';
  const pair = { kind: 'struct', name: 'pair', args: [atom('a'), list([2, 3])] } as const;
  expect(new Actor(program(text), { args: [pair, 3] }).did).toEqual([
    'r m(me, a, 2) -> s:s',
    'done',
  ]);
  expect(() => new Actor(program(text), { args: [1, 3] })).toThrowError(
    expect.objectContaining({ code: 'LCC.ROLE_UNKNOWN' }),
  );
});
