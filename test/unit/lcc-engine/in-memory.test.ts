import { expect, test } from 'vitest';
import type { Answer } from '../../../src/lcc/constraint.ts';
import { type Asked, InMemoryNet, type NetOptions } from '../../../src/lcc/in-memory.ts';
import { waitingFor } from '../../../src/lcc/inspect.ts';
import type { Program } from '../../../src/lcc/program.ts';
import type { Message } from '../../../src/lcc/step.ts';
import { asked, program, show } from './actor.ts';

/** A net that writes down what is said. */
function net(of: Program, options: NetOptions = {}): { of: InMemoryNet; said: string[] } {
  const said: string[] = [];
  const onMessage = (message: Message): void => {
    said.push(
      `${message.from.id} ${message.name}(${message.args.map(show).join(', ')}) ${message.to.id}`,
    );
  };
  return { of: new InMemoryNet(of, { onMessage, ...options }), said };
}

const talk = program(
  `
    a(asker(N), X) :: q(N) => a(teller, P) then r(M) <= a(teller, P) or null <- timeout(100)
    a(teller, X) :: q(N) <= a(asker, P) then r(M) => a(asker, P) <- answer(N, M) then a(teller, X)
  `,
  asked('compute answer(+-)'),
);

const double = new Map([
  ['answer/2', ({ args: [n] }: Asked): Answer => ({ yes: [2 * Number(n)] })],
]);

test('agents of one model talk until nothing is left to say', () => {
  const { of, said } = net(talk, { handlers: double });
  of.start({ id: 't', role: 'teller' });
  of.start({ id: 'a', role: 'asker', args: [4] });
  expect(of.run()).toBe(2);
  expect(said).toEqual(['a q(4) t', 't r(8) a']);
  expect(of.state('a').done).toBe(true);
  expect(of.playing('teller')).toEqual(['t']);
  expect(of.playing('asker')).toEqual([]);
});

test('whoever found nobody is told when somebody takes up the role', () => {
  const { of, said } = net(talk, { handlers: double });
  of.start({ id: 'a', role: 'asker', args: [4] });
  expect(of.run()).toBe(0);
  expect(waitingFor(of.state('a'))).toEqual([{ kind: 'peer', role: 'asker', toRole: 'teller' }]);
  of.start({ id: 't', role: 'teller' });
  of.run();
  expect(said).toEqual(['a q(4) t', 't r(8) a']);
});

test('peers are chosen in turn, or as told; an agent never chooses itself', () => {
  const many = program('a(r(N), X) :: m(N) => a(s, P)\na(s, X) :: m(N) <= a(r, P) then a(s, X)');
  const inTurn = net(many);
  for (const id of ['s1', 's2']) inTurn.of.start({ id, role: 's' });
  for (const id of ['a', 'b']) inTurn.of.start({ id, role: 'r', args: [id] });
  expect(new Set(inTurn.said.map((line) => line.split(' ')[2]))).toEqual(new Set(['s1', 's2']));
  const told = net(many, { choosePeer: (ids) => ids.at(-1) });
  for (const id of ['s1', 's2']) told.of.start({ id, role: 's' });
  for (const id of ['a', 'b']) told.of.start({ id, role: 'r', args: [id] });
  expect(told.said).toEqual(['a m(a) s2', 'b m(b) s2']);
  const alone = net(program('a(r, X) :: m() => a(r, P) or null <- m(P)', asked('wait m(-)')));
  alone.of.start({ id: 'a', role: 'r' });
  alone.of.run();
  expect(alone.said).toEqual([]);
});

test('time passes only when told, and stops where somebody wants to be woken', () => {
  const { of } = net(talk);
  of.start({ id: 't', role: 'teller' });
  of.start({ id: 'a', role: 'asker', args: [4] });
  of.run();
  expect(waitingFor(of.state('t'))).toEqual([
    { kind: 'constraint', role: 'teller', name: 'answer' },
  ]);
  expect(waitingFor(of.state('a'))).toEqual([
    { kind: 'message', role: 'asker', name: 'r', arity: 1, fromRole: 'teller', from: 't' },
    { kind: 'time', atMs: 100 },
  ]);
  of.advance(99);
  expect([of.nowMs, of.state('a').done]).toEqual([99, false]);
  of.advance(250);
  expect([of.nowMs, of.state('a').done]).toEqual([250, true]);
});

test('a question left open can be answered later, and one that was dropped no more', () => {
  const { of, said } = net(talk);
  of.start({ id: 't', role: 'teller' });
  of.start({ id: 'a', role: 'asker', args: [4] });
  of.run();
  of.answer('t', 1, { yes: [5] });
  of.answer('t', 1, { yes: [6] });
  of.answer('nobody', 1, { yes: [6] });
  of.run();
  expect(said).toEqual(['a q(4) t', 't r(5) a']);
});

test('what nobody takes is counted, not lost in silence', () => {
  const lost: string[] = [];
  const { of } = net(talk, { onUndelivered: (message) => lost.push(message.name) });
  of.start({ id: 't', role: 'teller' });
  const from = { role: 'asker', id: 'x' };
  of.send({ from, to: { role: 'teller', id: 'nobody' }, name: 'q', args: [1] });
  of.send({ from, to: { role: 'teller', id: 't' }, name: 'what', args: [] });
  of.run();
  expect(lost).toEqual(['q', 'what']);
});

test('a run can be stopped after so many messages', () => {
  const of = new InMemoryNet(
    program(`
      a(p, X) :: m() => a(q, b) then m() <= a(q, Y) then a(p, X)
      a(q, X) :: m() <= a(p, Y) then m() => a(p, Y) then a(q, X)
    `),
  );
  of.start({ id: 'b', role: 'q' });
  of.start({ id: 'a', role: 'p' });
  expect(of.run(7)).toBe(7);
  expect(of.run(1_000)).toBe(1_000);
  expect(of.delivered).toBe(1_007);
});

test('an agent that was removed is gone from the directory and gets no mail', () => {
  const { of, said } = net(talk, { handlers: double });
  of.start({ id: 't', role: 'teller' });
  of.remove('t');
  of.remove('t');
  of.start({ id: 'a', role: 'asker', args: [1] });
  of.run();
  expect(said).toEqual([]);
  expect(() => of.state('t')).toThrowError(expect.objectContaining({ code: 'LCC.NO_SUCH_AGENT' }));
});
