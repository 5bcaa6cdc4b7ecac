import { expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { check, contractNet, found, spoilt } from './market.ts';

function deadlock(text: string) {
  return found(check(text), 'LCC.DEADLOCK')[0];
}

test('a deadlock comes with a shortest run that leads to it', () => {
  const text = `
r(asker, initial)
r(helper, necessary)
a(asker, A) :: question() => a(helper, H) then answer() <= a(helper, H)
a(helper, H) :: ( question() <= a(asker, A) then ( answer() => a(asker, A) <- ready() or null ) ) then a(helper, H)
`;
  expect(deadlock(text)?.message).toBe('nobody can go on: asker at 4:48 waits for ever');
  expect(deadlock(text)?.trace).toEqual([
    'asker at 4:16: question() => a(helper, H), to helper',
    'helper reads question/0 from asker',
  ]);
});

test('two agents that ask each other from inside a sub-role are a deadlock', () => {
  const text = `
r(host, initial, 2, 10)
r(asking, auxiliary)
a(host, H) ::
  ( question() <= a(asking, Peer) then answer() => a(asking, Peer) then a(host, H) )
  or
  ( null <- sensor(X) and test(X) then a(asking, H) then a(host, H) )
a(asking, H) :: question() => a(host, Peer) then answer() <= a(host, Peer)
`;
  const found = deadlock(text);
  expect(found?.message).toContain('host 1 at');
  expect(found?.message).toContain('host 2 at');
});

test('mail to a role that was left meanwhile strands who waits for its answer', () => {
  const text = `
r(asker, initial)
r(helper, necessary)
r(open, auxiliary)
a(asker, A) ::
  hello() => a(helper, H) then hi() <= a(helper, H)
  then question() => a(open, H) then answer() <= a(open, H)
a(helper, H) ::
  hello() <= a(asker, A) then hi() => a(asker, A) then a(open, H) then a(helper, H)
a(open, H) ::
  ( question() <= a(asker, A) then answer() => a(asker, A) )
  or
  null <- sensor(_)
`;
  const found = deadlock(text);
  expect(found?.message).toBe('nobody can go on: asker at 7:38 waits for ever');
  expect(found?.trace?.slice(-2)).toEqual([
    'asker at 7:8: question() => a(open, H), to helper',
    'helper at 13:3: null <- sensor(_)',
  ]);
});

test('a deadlock that only an early timeout leads to is found', () => {
  const text = `
r(asker, initial)
r(helper, necessary)
a(asker, A) ::
  question() => a(helper, H)
  then ( ( answer() <= a(helper, H) then thanks() => a(helper, H) ) or null <- timeout(1000) )
a(helper, H) ::
  question() <= a(asker, A) then answer() => a(asker, A) then thanks() <= a(asker, A) then a(helper, H)
`;
  expect(deadlock(text)?.trace).toContain('asker at 6:72: null <- timeout(1000)');
});

test('two clients that take two locks in different orders are a deadlock', () => {
  const client = (first: string, second: string): string => `
    get() => a(${first}, F) then got() <= a(${first}, F)
    then get() => a(${second}, S) then got() <= a(${second}, S)
    then free() => a(${first}, F) then free() => a(${second}, S)`;
  const lock = (name: string): string => `
a(${name}, L) ::
  ( get() <= a(ann, C) then got() => a(ann, C) then free() <= a(ann, C) then a(${name}, L) )
  or
  ( get() <= a(bob, C) then got() => a(bob, C) then free() <= a(bob, C) then a(${name}, L) )`;
  const text = `
r(ann, initial)
r(bob, initial)
r(left, necessary)
r(right, necessary)
a(ann, A) :: ${client('left', 'right')}
a(bob, B) :: ${client('right', 'left')}
${lock('left')}
${lock('right')}
`;
  expect(deadlock(text)?.message).toMatch(/ann at .* bob at .* left at .* right at/);
  expect(deadlock(text.replace(client('right', 'left'), client('left', 'right')))).toBeUndefined();
});

test('nobody to write to is a wait as well', () => {
  const text = `
r(host, initial, 2, 10)
r(busy, auxiliary)
r(free, auxiliary)
a(host, H) :: ( null <- sensor(_) then a(busy, H) ) or ( null <- timeout(1) then a(free, H) )
a(busy, H) :: offer() => a(free, Peer) then a(host, H)
a(free, H) :: ( offer() <= a(busy, _) or null <- timeout(9) ) then a(host, H)
`;
  expect(deadlock(text)?.message).toMatch(/host 1 at 6:15, host 2 at 6:15 wait for ever/);
  const ends = text
    .replace('Peer) then', 'Peer) or null <- timeout(5)) then')
    .replace(':: offer', ':: (offer');
  expect(check(ends).findings).toEqual([]);
});

test('a list case that was forgotten is a deadlock', () => {
  const text = `
r(asker, initial)
r(each, auxiliary)
r(helper, necessary, 1, 2)
a(asker, A) :: null <- items(Xs) then a(each(Xs), A)
a(each(Xs), A) ::
  null <- Xs = []
  or
  ( null <- Xs = [X | Rest] and Rest = [_ | _] then note(X) => a(helper, _) then a(each(Rest), A) )
a(helper, H) :: note(_) <= a(each, _) then a(helper, H)
`;
  expect(deadlock(text)?.message).toBe('nobody can go on: asker at 7:3 waits for ever');
});

test('the same inputs name the same agent', () => {
  const text = spoilt(
    'Vs = [V | Rest] then cfp(Obj)',
    'Vs = [W | Rest] and noBid(W, V) then cfp(Obj)',
  )
    .replace(
      'null <- Vs = [V | Rest]\n    then\n    (',
      'null <- Vs = [W | Rest] and noBid(W, V)\n    then\n    (',
    )
    .replace('      or\n      null <- timeout(5000) and noBid(V, Bid)\n', '');
  const report = check(text);
  expect(found(report, 'LCC.DEADLOCK').map(({ message }) => message)).toEqual([]);
});

test('constants and compound terms that a model writes are told apart', () => {
  const text = (value: string, test: string): string => `
r(asker, initial)
r(helper, necessary)
a(asker, A) ::
  question(${value}) => a(helper, H)
  then ( answer() <= a(helper, H) or refusal() <= a(helper, H) )
a(helper, H) ::
  question(X) <= a(asker, A)
  then ( answer() => a(asker, A) <- ${test} or null <- X = f(b) or null <- X == 2 )
  then a(helper, H)
`;
  const isStuck = (value: string, test: string): boolean =>
    deadlock(text(value, test)) !== undefined;
  expect(isStuck('f(a)', 'X = f(a)')).toBe(false);
  expect(isStuck('f(b)', 'X = f(a)')).toBe(true);
  expect(isStuck('1', 'X == 1')).toBe(false);
  expect(isStuck('2', 'X == 1')).toBe(true);
  expect(isStuck('"a"', 'X != a')).toBe(false);
});

test('an orphan comes with the run that leaves it', () => {
  const text = `
r(asker, initial)
r(helper, necessary)
a(asker, A) ::
  question() => a(helper, H) then ( answer() <= a(helper, H) or null <- timeout(1000) )
a(helper, H) ::
  question() <= a(asker, A)
  then answer() => a(asker, A)
  then ( answer() => a(asker, A) <- ready() or null )
  then a(helper, H)
`;
  const [orphan, ...more] = found(check(text), 'LCC.ORPHAN_MESSAGE');
  expect(orphan?.message).toBe('answer/0 can arrive when asker will not read it any more');
  expect(orphan?.trace?.length).toBeGreaterThan(2);
  expect(more).toEqual([]);
});

test('an answer that comes after its wait was given up is no orphan', () => {
  const text = `
r(asker, initial)
r(helper, necessary)
a(asker, A) :: question() => a(helper, H) then ( answer() <= a(helper, H) or null <- timeout(9) )
a(helper, H) ::
  question() <= a(asker, A)
  then ( answer() => a(asker, A) <- sensor(_) or null <- timeout(5000) )
  then a(helper, H)
`;
  expect(check(text).findings).toEqual([]);
});

test('a queue is followed to its second message', () => {
  const many = 'tick() => a(helper, H) then '.repeat(5);
  const text = `
r(asker, initial)
r(helper, necessary)
a(asker, A) :: ${many} null
a(helper, H) :: tick() <= a(asker, _) then a(helper, H)
`;
  expect(check(text)).toMatchObject({ findings: [], exploration: { kind: 'complete' } });
});

test('both sides of a par go on by themselves', () => {
  const text = `
r(asker, initial)
r(helper, necessary, 1, 2)
a(asker, A) ::
  ( ( left() <= a(helper, H) or null <- timeout(1) ) par ( right() <= a(helper, G) or null <- timeout(1) ) )
a(helper, H) :: ( left() => a(asker, _) or right() => a(asker, _) )
`;
  expect(found(check(text), 'LCC.DEADLOCK')).toEqual([]);
  const endless = text.replaceAll(' or null <- timeout(1)', '');
  expect(deadlock(endless)?.message).toContain('asker at');
});

test('a model whose runs are too many is explored to a bound, and says so', () => {
  const peers = Array.from({ length: 12 }, (_, index) => `p${index}`);
  const text = `
${peers.map((peer) => `r(${peer}, initial, 1, 2)`).join('\n')}
${peers.map((peer, index) => `a(${peer}, P) :: ( null <- sensor(_) then m() => a(p${(index + 1) % 12}, Q) or m() <= a(p${(index + 11) % 12}, R) ) then a(${peer}, P)`).join('\n')}
`;
  const { exploration } = check(text);
  expect(exploration.kind).toBe('bounded');
  expect(exploration.states).toBeLessThanOrEqual(2 * limits.modelStates + 1_000);
});

test.each([
  [
    'outputs',
    `null <- p(${Array.from({ length: 30 }, (_, i) => `L${i}`).join(', ')}) then null <- ${Array.from({ length: 30 }, (_, i) => `L${i} = []`).join(' and ')}`,
  ],
  [
    'alternatives',
    `null <- ${Array.from({ length: 60 }, () => '(ready() or ready())').join(' and ')}`,
  ],
  [
    'choices in a row',
    Array.from({ length: 60 }, () => '(null <- ready() or null)').join(' then '),
  ],
  ['recursions', '(null <- ready() then a(asker, A) then a(asker, A)) or null'],
])('no number of %s keeps it busy', (_, body) => {
  const { exploration } = check(`r(asker, initial)\na(asker, A) :: ${body}\n`);
  expect(exploration.states).toBeLessThanOrEqual(limits.modelStates);
});

test('more agents than can be explored together are not explored', () => {
  const roles = Array.from({ length: limits.modelAgents + 1 }, (_, index) => `p${index}`);
  const text =
    roles.map((role) => `r(${role}, initial)\n`).join('') +
    roles.map((role) => `a(${role}, P) :: null\n`).join('');
  expect(check(text).exploration).toEqual({ kind: 'bounded', states: 0 });
});

test('checking twice finds the same', () => {
  const text = contractNet.replaceAll('or\n          null <- timeout(30000)', '');
  expect(check(text)).toEqual(check(text));
});
