import { expect, test } from 'vitest';
import { waitingFor } from '../../../src/lcc/inspect.ts';
import { Actor, asked, program } from './actor.ts';

test('what an agent waits for is told in the order of its alternatives, however it is asked', () => {
  const actor = new Actor(
    program(
      `a(r, X) ::
        ( null <- not one() and one() )
        or
        null <- ( two(Y) or three(Y) )
        or
        m(Z) <= a(s, "b") <- four(Z)
        or
        n() <= a(s, _)
        or
        null <- timeout(50)`,
      asked('wait one()', 'wait two(-)', 'wait three(-)', 'wait four(+)'),
    ),
  );
  actor.hears('m from s:b', 1);
  const constraint = (name: string): unknown => ({ kind: 'constraint', role: 'r', name });
  const message = { kind: 'message', role: 'r', fromRole: 's' };
  expect(waitingFor(actor.state)).toEqual([
    constraint('one'),
    constraint('two'),
    constraint('three'),
    { ...message, name: 'm', arity: 1, from: 'b' },
    constraint('four'),
    { ...message, name: 'n', arity: 0 },
    { kind: 'time', atMs: 50 },
  ]);
});

test('a sender that another role has bound is told by its id', () => {
  const actor = new Actor(
    program(`
      a(r, X) :: a(meet(P), X) then m() <= a(s, P)
      a(meet(P), X) :: hello() <= a(s, P)
    `),
  );
  actor.hears('hello from s:bob');
  expect(waitingFor(actor.state)).toEqual([
    { kind: 'message', role: 'r', name: 'm', arity: 0, fromRole: 's', from: 'bob' },
  ]);
});

test('an agent that chooses a peer, or is done, waits for that or for nothing', () => {
  const actor = new Actor(program('a(r, X) :: m() => a(s, P)'));
  expect(waitingFor(actor.state)).toEqual([{ kind: 'peer', role: 'r', toRole: 's' }]);
  actor.peers(1, 'b');
  expect(waitingFor(actor.state)).toEqual([]);
});
