import { expect, test } from 'vitest';
import { decodeState } from '../../../src/lcc/state-decode.ts';
import { encodeState } from '../../../src/lcc/state-encode.ts';
import { Actor, asked, program } from './actor.ts';

test('a timeout ends a wait that many milliseconds after it began, and asks to be woken then', () => {
  const actor = new Actor(
    program(
      'a(r, X) :: go() <= a(s, S) then m() <= a(s, S) or ( null <- timeout(100) then late() => a(s, S) )',
    ),
  );
  actor.nowMs = 1_000;
  expect(actor.hears('go from s:a')).toEqual(['wake 1100']);
  expect(actor.at(1_099)).toEqual(['wake 1100']);
  expect(actor.at(1_100)).toEqual(['r late() -> s:a', 'done']);
});

test('a message in time ends the wait before its timeout', () => {
  const actor = new Actor(
    program('a(r, X) :: m() <= a(s, S) or ( null <- timeout(100) then late() => a(s, s) )'),
  );
  actor.nowMs = 99;
  expect(actor.hears('m from s:a')).toEqual(['done']);
});

test('a deadline is absolute and survives being saved', () => {
  const of = program('a(r, X) :: null <- timeout(100)');
  const actor = new Actor(of);
  actor.state = decodeState(of, encodeState(actor.state));
  actor.nowMs = 60;
  actor.state = decodeState(of, encodeState(actor.state));
  expect(actor.at(99)).toEqual(['wake 100']);
  expect(actor.at(100)).toEqual(['done']);
});

test('within holds until its time, counted from the beginning of the wait', () => {
  const text =
    'a(r, X) :: go() <= a(s, S) then m(N) <= a(s, S) <- within(50) then in(N) => a(s, S)';
  const early = new Actor(program(text));
  early.hears('go from s:a');
  early.nowMs = 49;
  expect(early.hears('m from s:a', 1)).toEqual(['r in(1) -> s:a', 'done']);
  const late = new Actor(program(text));
  late.hears('go from s:a');
  late.nowMs = 50;
  expect(late.hears('m from s:a', 1)).toEqual([]);
});

test('a timeout after a question counts from its answer', () => {
  const actor = new Actor(
    program('a(r, X) :: null <- user(Y) and timeout(10)', asked('wait user(-)')),
  );
  actor.nowMs = 500;
  expect(actor.yes(1, 1)).toEqual(['wake 510']);
  expect(actor.at(510)).toEqual(['done']);
});

test('a timeout right of a question that blocks still counts from the beginning of the wait', () => {
  const actor = new Actor(
    program(
      'a(r, X) :: null <- slow() or ( null <- timeout(10) then late() => a(s, s) )',
      asked('act slow()'),
    ),
  );
  actor.nowMs = 7;
  expect(actor.no(1)).toEqual(['wake 10']);
  expect(actor.at(10)).toEqual(['r late() -> s:s', 'done']);
});

test('one deadline ends several waits', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: null <- deadline(100, At) then a(wait(At), X) then a(wait(At), X) then end() => a(s, s)
      a(wait(At), X) :: m() <= a(s, S) or null <- passed(At)
    `),
  );
  expect(actor.did).toEqual(['wake 100']);
  actor.nowMs = 40;
  expect(actor.hears('m from s:a to wait')).toEqual([]);
  expect(actor.at(100)).toEqual(['r end() -> s:s', 'done']);
});

test('a deadline is read once, although its guard is tested again', () => {
  const actor = new Actor(
    program(
      'a(r, X) :: null <- deadline(100, At) and user(At) then at(At) => a(s, s)',
      asked('wait user(+)'),
    ),
  );
  expect(actor.did).toEqual(['ask 2 user(100)']);
  actor.nowMs = 70;
  expect(actor.yes(2)).toEqual(['r at(100) -> s:s', 'done']);
});

test('a length that is no number is due at once: another agent cannot make a wait endless', () => {
  const actor = new Actor(
    program('a(r, X) :: go(Ms) <= a(s, S) then null <- timeout(Ms) then end() => a(s, S)'),
  );
  expect(actor.hears('go from s:a', 'soon')).toEqual(['r end() -> s:a', 'done']);
});

test('the earliest of several deadlines is asked for, then the next', () => {
  const actor = new Actor(
    program('a(r, X) :: null <- timeout(30) par null <- timeout(10) par null <- timeout(20)'),
  );
  expect(actor.did).toEqual(['wake 10']);
  expect(actor.at(10)).toEqual(['wake 20']);
  expect(actor.at(20)).toEqual(['wake 30']);
  expect(actor.at(30)).toEqual(['done']);
});

test('a time event that comes early does not lose the deadline', () => {
  const actor = new Actor(program('a(r, X) :: null <- timeout(30) or m() => a(s, P)'));
  expect(actor.peers(1)).toEqual([]);
  expect(actor.at(10)).toEqual(['peer 2 s', 'wake 30']);
  expect(actor.at(30)).toEqual(['drop 2', 'done']);
});
