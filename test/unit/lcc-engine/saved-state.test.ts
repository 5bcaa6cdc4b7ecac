import { expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { startAgent } from '../../../src/lcc/engine.ts';
import { decodeState } from '../../../src/lcc/state-decode.ts';
import { encodeState } from '../../../src/lcc/state-encode.ts';
import { atom, data, list, struct } from '../../../src/lcc/term.ts';
import { Actor, asked, program } from './actor.ts';

const rich = program(
  `
    a(r(T), X) ::
      ( go(N) <= a(s, S) then a(sub(N, Out, [N | Open]), X) then end(Out, T) => a(s, S) )
      par
      ( null <- user(Y, Z) and sure(Y) or m(W) <= a(s, Q) <- fine(W) or null <- timeout(1000) )
    a(sub(N, Out, Tail), X) ::
      null <- Out = pair(N, More) and Tail = [_ | N2]
      then ask(N) => a(s, P)
      then more(More, N2) <= a(s, P) or null <- timeout(500)
  `,
  asked('wait user(--)', 'act sure(+)', 'compute fine(+)'),
);

/** In the middle of everything: threads, callers, variables, questions, a reply, mail, deadlines. */
function busy(): Actor {
  const everything = list([
    1.5,
    'text',
    atom('an_atom'),
    data({ a: [null, true] }),
    struct('f', 1),
  ]);
  const actor = new Actor(rich, { args: [everything] });
  actor.hears('go from s:a to r', 7);
  actor.hears('m from s:a to r', 'first');
  actor.hears('m from s:b to r', 'second');
  actor.yes(1, 'y', 'z');
  return actor;
}

test('a saved state is the same state', () => {
  const { state } = busy();
  const text = encodeState(state);
  expect(encodeState(decodeState(rich, text))).toBe(text);
});

test('a saved state goes on as the state would have', () => {
  const goOn = (actor: Actor): readonly (readonly string[])[] => [
    actor.peers(2, 'p'),
    actor.no(4),
    actor.yes(3),
    actor.hears('more from s:p to sub', 8, 9),
  ];
  const saved = busy();
  saved.state = decodeState(rich, encodeState(saved.state));
  const did = goOn(saved);
  expect(did).toEqual(goOn(busy()));
  expect(did.flat()).toContain(
    'r end(pair(7, 8), [1.5, text, an_atom, {"a":[null,true]}, f(1)]) -> s:a',
  );
  expect(saved.state.done).toBe(true);
});

test('a done agent can be saved', () => {
  const of = program('a(r, X) :: null');
  const { state } = startAgent(of, { id: 'me', role: 'r' }, 0);
  expect(decodeState(of, encodeState(state))).toEqual(state);
});

test('a text that is no saved state is a failure', () => {
  const good = encodeState(busy().state);
  const bad = [
    '',
    '[]',
    '{}',
    'null',
    good.slice(0, -1),
    good.replace('"v":1', '"v":2'),
    good.replace('"frames":[[0', '"frames":[[9'),
    good.replace('"threads":[[', '"threads":[[9'),
    good.replace('"variables":', '"variables":"x'),
    good.replace(/"variables":\d+/, '"variables":0'),
    good.replace('"text"', 'true'),
    good.replace('"constraint"', '"nothing"'),
    good.replace('"playing":[', '"playing":[1,'),
    good.replace(/"inbox":\[\[\d+/, '"inbox":[["x"'),
    good.replace(/"wake":\d+/, '"wake":"soon"'),
    ' '.repeat(limits.agentStateBytes + 1),
  ];
  for (const text of bad) {
    expect(text).not.toBe(good);
    expect(() => decodeState(rich, text), text.slice(0, 200)).toThrowError(
      expect.objectContaining({ code: 'LCC.STATE_MALFORMED' }),
    );
  }
});

test('the state of another model is refused', () => {
  const other = program('a(r, X) :: null <- timeout(5)');
  expect(() => decodeState(other, encodeState(busy().state))).toThrowError(
    expect.objectContaining({ code: 'LCC.STATE_MALFORMED' }),
  );
});

test('a state has a bound', () => {
  const of = program('a(r(T), X) :: null <- timeout(1)');
  const { state } = startAgent(
    of,
    { id: 'me', role: 'r', args: ['x'.repeat(limits.agentStateBytes)] },
    0,
  );
  expect(() => encodeState(state)).toThrowError(
    expect.objectContaining({ code: 'LCC.STATE_TOO_LARGE' }),
  );
});

test('the queue has a bound: what does not fit is not understood', () => {
  const actor = new Actor(program('a(r, X) :: go() <= a(s, S) then m(N) <= a(s, S)'));
  for (let n = 0; n < 3; n += 1) actor.hears('m from s:a', n);
  const one = actor.state.inbox[0];
  if (one === undefined) throw new Error('nothing queued');
  const inbox = Array.from({ length: limits.inboxMessages }, () => one);
  actor.state = { ...actor.state, inbox };
  expect(actor.hears('m from s:a', 9)).toEqual(['not understood m']);
  expect(actor.hears('go from s:a')).toEqual(['done']);
});
