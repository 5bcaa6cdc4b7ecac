import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { data, type Json, list, type Term } from '../../../src/lcc/term.ts';
import { isReadable } from '../../../src/negotiation/readable.ts';
import { objective, proposal } from '../compose/market.ts';

const request = {
  sla: 's',
  transaction: 't',
  currency: 'USD',
  createdMs: 1,
  replyWithinMs: 1,
  policy: 'balanced',
  onFailure: 'rollback',
  accept: 'ask',
  kept: [],
  excluded: [],
  template: {
    name: 'shop',
    limits: { pricePerHour: { micros: 1, currency: 'USD' } },
    prefer: { price: 1, speed: 1, trust: 1 },
    objectives: [objective('web')],
  },
};
const part = { machine: 'web-1', objective: 'web', proposal: proposal('p'), unit: 0 };
const contract = { id: 'c', proposal: proposal('p'), unit: 0 };
const order = { machine: 'web-1', part, contract };
const ask = {
  transaction: 't',
  objective: objective('web'),
  currency: 'USD',
  replyByMs: 1,
  round: 0,
  rounds: 1,
};
const composite = {
  status: 'OK',
  parts: [part],
  pricePerHour: { micros: 1, currency: 'USD' },
  validUntilMs: 1,
};
const item = {
  vendor: 'kvm',
  objective: 'web',
  machines: [{ ...order, failed: { code: 'X.Y', detail: 'z' }, binding: { endpoint: 'ssh:' } }],
};

const samples: Readonly<Record<string, object>> = {
  request,
  terms: request,
  objective: objective('web'),
  ask,
  call: ask,
  bid: { vendor: 'kvm', objective: 'web', answer: [proposal('p')] },
  proposal: { request, composite, accept: 'ask' },
  order: { agent: 'vendor:kvm:web', vendor: 'kvm', objective: 'web', machines: [order] },
  item,
  final: {
    state: 'ready',
    machines: [{ name: 'web-1', objective: 'web', vendor: 'kvm', contract: 'c' }],
  },
};

describe.each(Object.keys(samples))('%s', (as) => {
  const sample = JSON.parse(JSON.stringify(samples[as])) as Json;

  test('is readable as it is, and as nothing but data', () => {
    expect(isReadable(data(sample), as)).toBe(true);
    for (const other of [undefined, 'text', 1, list([data(sample)])] satisfies (
      | Term
      | undefined
    )[]) {
      expect(isReadable(other, as)).toBe(false);
    }
  });

  test('garbage is not readable, and crashes nobody', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(isReadable(data(json as Json), as)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

test('a refusal is a bid as well', () => {
  const refusal = { kind: 'refusal', vendor: 'kvm', objective: 'web', reason: 'image', detail: '' };
  const bid = { vendor: 'kvm', objective: 'web', answer: refusal };
  expect(isReadable(data(bid), 'bid')).toBe(true);
  expect(isReadable(data({ ...bid, answer: { ...refusal, reason: 1 } }), 'bid')).toBe(false);
});

test('what is missing deep inside makes a whole unreadable', () => {
  const { pricePerHour: _, ...priceless } = proposal('p');
  const bid = { vendor: 'kvm', objective: 'web', answer: [proposal('q'), priceless] };
  expect(isReadable(data(bid as unknown as Json), 'bid')).toBe(false);
});

test('objectives of a request are read one by one, not with it', () => {
  const odd = { ...request, template: { ...request.template, objectives: [null] } };
  const term = data(JSON.parse(JSON.stringify(odd)));
  expect(isReadable(term, 'request')).toBe(true);
  expect(isReadable(term, 'terms')).toBe(false);
});

test('items are a list of readable items', () => {
  const good = data(JSON.parse(JSON.stringify(item)));
  expect(isReadable(list([]), 'items')).toBe(true);
  expect(isReadable(list([good, good]), 'items')).toBe(true);
  expect(isReadable(list([good, data({})]), 'items')).toBe(false);
  expect(isReadable(good, 'items')).toBe(false);
  expect(isReadable(undefined, 'items')).toBe(false);
  expect(isReadable(good, 'no kind of content')).toBe(false);
});
