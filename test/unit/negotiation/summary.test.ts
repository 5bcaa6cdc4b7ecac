import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atom, data, type Json, list, nil, struct, type Term } from '../../../src/lcc/term.ts';
import { summaryOf } from '../../../src/negotiation/summary.ts';

const money = (micros: number) => ({ micros, currency: 'USD' });
const ask = (name: string, count: number) => ({ objective: { name, count }, replyByMs: 1 });
const proposal = (micros: number) => ({ id: 'p1', pricePerHour: money(micros) });
const refusal = { kind: 'refusal', reason: 'capacity', detail: 'none left' };

test.each<[string, Json, string]>([
  [
    'a request tells its objectives',
    {
      template: {
        name: 'shop',
        objectives: [
          { name: 'web', count: 3 },
          { name: 'db', count: 1 },
        ],
      },
    },
    'shop: 3 web, db',
  ],
  ['a call tells its objective', ask('web', 3), '3 web'],
  ['a call to a vendor does so too', { agent: 'vendor:aws:db', ask: ask('db', 1) }, 'db'],
  [
    'proposals tell how many they are and the best price',
    { vendor: 'aws', objective: 'web', answer: [proposal(50_000), proposal(41_600)] },
    'web: 2 proposals, from 0.0416 USD/h',
  ],
  [
    'a refusal tells its reason',
    { vendor: 'aws', objective: 'web', answer: refusal },
    'web: no, capacity',
  ],
  [
    'all answers for one objective are counted',
    { objective: 'web', answers: { proposals: [proposal(41_600)], refusals: [refusal, refusal] } },
    'web: 1 proposal, from 0.0416 USD/h, 2 refusals',
  ],
  [
    'a composite tells its price',
    { request: {}, composite: { pricePerHour: money(125_000) } },
    '0.125 USD/h',
  ],
  [
    'machines are named, with what failed',
    {
      vendor: 'aws',
      machines: [
        { machine: 'web-1' },
        { machine: 'web-2', failed: { code: 'VENDOR.TIMEOUT', detail: 'x' } },
      ],
    },
    'web-1, web-2 failed (VENDOR.TIMEOUT)',
  ],
  ['the end tells the state', { state: 'ready', machines: [{ name: 'web-1' }] }, 'ready: web-1'],
  ['a loser is told why', { agent: 'vendor:aws:web', reason: 'late' }, 'late'],
  ['what is not known tells nothing', { password: 'secret' }, ''],
])('%s', (_, value, told) => {
  expect(summaryOf([data(value)])).toBe(told);
});

test('terms of other models are told as they are', () => {
  expect(summaryOf(['r7', 0.25, atom('moved'), struct('bid', 'h2', 0.5), nil])).toBe(
    'r7, 0.25, moved, bid(h2, 0.5)',
  );
});

test('of a long list the first few are told, and how many more there are', () => {
  const asks = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => data(ask(name, 1)));
  expect(summaryOf([list(asks)])).toBe('a, b, c, d, 2 more');
});

test('how to reach a machine is not told', () => {
  const binding = { endpoint: 'ssh://root@192.0.2.1:22', credentialRef: 'key:/home/me/id' };
  const machines = [{ name: 'web-1', state: 'ready', binding }];
  expect(summaryOf([data({ state: 'ready', machines })])).toBe('ready: web-1');
});

test('long texts are cut, and line breaks are spaces', () => {
  const told = summaryOf([`no\n room ${'x'.repeat(500)}`]);
  expect(told).toMatch(/^no room x+…$/);
  expect(told).toHaveLength(120);
});

test('whatever a model sends can be told', () => {
  const json = fc.jsonValue() as fc.Arbitrary<Json>;
  const term = fc.letrec<{ term: Term }>((tie) => ({
    term: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.double({ noNaN: true }),
      json.map(data),
      fc.array(tie('term'), { maxLength: 5 }).map((items) => list(items)),
      fc.array(tie('term'), { maxLength: 5 }).map((args) => struct('f', ...args)),
    ),
  })).term;
  fc.assert(
    fc.property(fc.array(term), (args) => {
      expect(typeof summaryOf(args)).toBe('string');
    }),
  );
});
