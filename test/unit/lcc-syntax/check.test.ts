import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findingCodes } from '../../../src/lcc/check/report.ts';
import { check, contractNet, found, place, spoilt } from './market.ts';

test('a contract net in which every wait ends is clean, and wholly explored', () => {
  const report = check(contractNet);
  expect(report.findings).toEqual([]);
  expect(report.exploration.kind).toBe('complete');
  expect(report.exploration.states).toBeGreaterThan(100);
});

/** One fault of every kind, with its place. */
const faults: readonly (readonly [keyof typeof findingCodes, string])[] = [
  ['LCC.CLAUSE_DUPLICATE', `${contractNet}§a(vendor, V) :: null <- timeout(1) then a(vendor, V)\n`],
  ['LCC.ROLE_DUPLICATE', spoilt('1, 50)\n', '1, 50)\n§r(vendor, optional)\n')],
  ['LCC.ROLE_BOUNDS', spoilt('r(vendor, necessary, 1, 50)', '§r(vendor, necessary, 3, 2)')],
  ['LCC.ROLE_UNDECLARED', spoilt('cfp(Obj) => a(vendor, V)', 'cfp(Obj) => §a(seller, V)')],
  ['LCC.ROLE_UNDECLARED', `${contractNet}§a(seller, V) :: null\n`],
  ['LCC.ROLE_WITHOUT_CLAUSE', spoilt('r(caller', '§r(broker, necessary)\nr(caller')],
  ['LCC.ROLE_UNREACHABLE', `r(ghost, auxiliary)\n${contractNet}§a(ghost, G) :: null\n`],
  ['LCC.ROLE_ARITY', spoilt('then a(caller(Obj, Vs), I)', 'then §a(caller(Vs), I)')],
  ['LCC.ROLE_ARITY', spoilt('r(caller, aux', '§r(caller(Vs), aux')],
  ['LCC.ROLE_OF_ANOTHER', spoilt('a(rejecter(Vs), I)\n', 'a(rejecter(Vs), §Other)\n')],
  [
    'LCC.ROLE_CANNOT_FINISH',
    spoilt('a(caller(Obj, Vs), I) ::\n  null <- Vs = []\n  or', '§a(caller(Obj, Vs), I) ::'),
  ],
  [
    'LCC.INITIAL_ROLE_MISSING',
    `§${contractNet.replace('initiator, initial', 'initiator, optional')}`,
  ],
  ['LCC.CONSTRAINT_UNKNOWN', spoilt('show(Machine)', '§tell(Machine)')],
  ['LCC.CONSTRAINT_ARITY', spoilt('show(Machine)', '§show(Machine, Obj)')],
  ['LCC.MODE_INPUT_UNBOUND', spoilt('show(Machine)', 'show(§Machines)')],
  ['LCC.MODE_INPUT_UNBOUND', spoilt('and noBid(V, Bid)', 'and ready() and test(§Bid)')],
  ['LCC.MODE_OUTPUT_BOUND', spoilt('noBid(V, Bid)', 'noBid(V, §V)')],
  ['LCC.MESSAGE_UNBOUND', spoilt('failure("full")', 'failure(§Why)')],
  ['LCC.MESSAGE_NEVER_RECEIVED', spoilt('failure("full")', '§failure("full", Obj)')],
  [
    'LCC.MESSAGE_NEVER_SENT',
    spoilt('refuse("no") => a(collector, I)', 'null').replace('refuse(Bid)', '§refuse(Bid)'),
  ],
  [
    'LCC.WAIT_WITHOUT_TIMEOUT',
    spoilt('      propose(Bid) <=', '      §propose(Bid) <=').replace(
      'or\n      null <- timeout(5000) and noBid(V, Bid)',
      '',
    ),
  ],
  [
    'LCC.VARIABLE_USED_ONCE',
    spoilt(
      'inform_done(Machine) <= a(vendor, Winner) then null <- show(Machine)',
      'inform_done(§Machine) <= a(vendor, Winner)',
    ),
  ],
  [
    'LCC.DEADLOCK',
    `
r(asker, initial)
r(helper, necessary)
a(asker, A) :: question() => a(helper, H) then §answer() <= a(helper, H)
a(helper, H) :: ( question() <= a(asker, A) then ( answer() => a(asker, A) <- ready() or null ) ) then a(helper, H)
`,
  ],
  [
    'LCC.ORPHAN_MESSAGE',
    `
r(asker, initial)
r(helper, necessary)
a(asker, A) ::
  question() => a(helper, H)
  then ( answer() <= a(helper, H) or null <- timeout(1000) )
a(helper, H) ::
  question() <= a(asker, A)
  then ( null <- ready() or §answer() => a(asker, A) )
  then answer() => a(asker, A)
  then a(helper, H)
`,
  ],
];

test.each(faults)('%s is found at its place', (code, marked) => {
  const [first, ...more] = found(check(marked), code);
  expect(first?.at).toEqual(place(marked));
  expect(first?.message).toBeTruthy();
  expect(more).toEqual([]);
});

test('every code has a planted fault', () => {
  expect(new Set(faults.map(([code]) => code))).toEqual(new Set(Object.keys(findingCodes)));
});

test('every code is in the documentation, with an example', () => {
  const docs = readFileSync(new URL('../../../docs/lcc.md', import.meta.url), 'utf8');
  const documented = Object.keys(findingCodes).filter((code) =>
    docs.includes(`| \`${code.slice(4)}\` |`),
  );
  expect(documented).toEqual(Object.keys(findingCodes));
});

test('findings are sorted by place', () => {
  const { findings } = check(contractNet.replaceAll('null <- show', 'null <- tell'));
  const places = findings.map(({ at }) => at.line * 1_000 + at.column);
  expect(places.length).toBeGreaterThan(1);
  expect(places).toEqual(places.toSorted((left, right) => left - right));
});

test('what does not have to be repaired is a warning', () => {
  const warnings = check(spoilt('show(Machine)', 'ready()')).findings;
  expect(warnings.map(({ code, severity }) => [code, severity])).toEqual([
    ['LCC.VARIABLE_USED_ONCE', 'warning'],
  ]);
});

// ---- Rules and their exceptions ------------------------------------------------------------

const pair = (asker: string, helper: string): string => `
r(asker, initial)
r(helper, necessary)
a(asker, A) ::
  ${asker}
a(helper, H) ::
  ${helper}
`;
const codes = (text: string): readonly string[] => check(text).findings.map(({ code }) => code);
const ASK = 'question() => a(helper, H) then ( answer() <= a(helper, H) or null <- timeout(1000) )';
const SERVE = 'question() <= a(asker, A) then answer() => a(asker, A) then a(helper, H)';

test('a server rests without a timeout, and is not stuck', () => {
  expect(codes(pair(ASK, SERVE))).toEqual([]);
});

test.each([
  ['does not call itself', 'question() <= a(asker, A) then answer() => a(asker, A)'],
  ['waits a second time', `${SERVE.replace('then a(', 'then question() <= a(asker, A) then a(')}`],
])('a role that %s needs a timeout', (_, helper) => {
  expect(codes(pair(ASK, helper))).toContain('LCC.WAIT_WITHOUT_TIMEOUT');
});

test('a wait for one agent, known before, is no idle wait', () => {
  const text = `
r(asker, initial)
r(session, auxiliary)
r(helper, necessary)
a(asker, A) :: question() => a(helper, H) then ( done() <= a(session, H) or null <- timeout(1) )
a(helper, H) :: question() <= a(asker, A) then a(session(A), H)
a(session(A), H) :: ( done() => a(asker, A) then a(helper, H) ) or ( more() <= a(asker, A) then a(session(A), H) )
`;
  expect(codes(text)).toContain('LCC.WAIT_WITHOUT_TIMEOUT');
});

test.each([
  ['timeout', 'null <- timeout(1000)'],
  ['a deadline', 'null <- passed(1000)'],
  ['a sensor', 'null <- sensor(_)'],
  ['a timeout in a conjunction', 'null <- ready() and timeout(1000)'],
])('%s ends a wait', (_, way) => {
  expect(codes(pair(ASK.replace('null <- timeout(1000)', way), SERVE))).toEqual([]);
});

test('a choice that needs no answer is no wait', () => {
  const way = ASK.replace('null <- timeout(1000)', 'null');
  expect(codes(pair(way, SERVE))).not.toContain('LCC.WAIT_WITHOUT_TIMEOUT');
});

test('a recipient that is named once is one of many, not a variable used once', () => {
  const chooses = 'note() => a(helper, Anyone)';
  expect(codes(pair(chooses, 'note() <= a(asker, _) then a(helper, H)'))).toEqual([]);
});

test.each([
  ['a computed answer', 'null <- ready()'],
  ['within, which turns to no', 'null <- within(1000)'],
])('%s does not end a wait', (_, way) => {
  expect(codes(pair(ASK.replace('null <- timeout(1000)', way), SERVE))).toContain(
    'LCC.WAIT_WITHOUT_TIMEOUT',
  );
});

test('the sides of a par do not end each other’s waits', () => {
  const both =
    'question() => a(helper, H) then ( answer() <= a(helper, H) par null <- timeout(1) )';
  expect(codes(pair(both, SERVE))).toContain('LCC.WAIT_WITHOUT_TIMEOUT');
});

test('a reply to the declared role instead of the one that asked says who awaits it', () => {
  const text = `
r(asker, initial)
r(poller, auxiliary)
r(helper, necessary)
a(asker, A) :: a(poller, A)
a(poller, A) :: question() => a(helper, H) then ( answer() <= a(helper, H) or null <- timeout(1) )
a(helper, H) :: question() <= a(poller, A) then answer() => a(asker, A) then a(helper, H)
`;
  const [unheard] = found(check(text), 'LCC.MESSAGE_NEVER_RECEIVED');
  expect(unheard?.message).toBe(
    'answer/0 from helper is never received by asker: poller awaits it (line 6)',
  );
  const [unsaid] = found(check(text), 'LCC.MESSAGE_NEVER_SENT');
  expect(unsaid?.message).toBe(
    'answer/0 is never sent by helper to poller: it sends that to asker (line 7)',
  );
});

test('not_understood is sent by the platform', () => {
  const asker = ASK.replace('or null', 'or not_understood(_) <= a(helper, H) or null');
  expect(codes(pair(asker, SERVE))).toEqual([]);
});

test('an output that is bound after a recursion through an open list is bound', () => {
  const text = `
r(asker, initial)
r(gather, auxiliary)
a(asker, A) :: null <- items(Xs) then a(gather(Xs, Ys), A) then null <- test(Ys)
a(gather(Xs, Ys), A) ::
  null <- Xs = [] and Ys = []
  or ( null <- Xs = [X | Rest] and Ys = [X | More] then a(gather(Rest, More), A) )
`;
  expect(codes(text)).toEqual([]);
});

test('a loop that never waits spins', () => {
  expect(codes('r(asker, initial)\na(asker, A) :: null <- ready() then a(asker, A)\n')).toContain(
    'LCC.ROLE_CANNOT_FINISH',
  );
});

const folder = new URL('../../../models/', import.meta.url);
test.each(readdirSync(folder).filter((file) => file.endsWith('.lcc')))(
  '%s has a place for every finding within its lines',
  (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const lines = text.split('\n').length;
    const { findings } = check(text);
    expect(findings.every(({ at }) => at.line <= lines && at.column >= 1)).toBe(true);
  },
);
