import { expect, test } from 'vitest';
import { list } from '../../../src/lcc/term.ts';
import {
  callFor,
  failureOf,
  objectivesOf,
  refusalOf,
  withoutProposal,
} from '../../../src/negotiation/cloud-agency.ts';
import {
  acceptedItems,
  cloudAgencySpecs,
} from '../../../src/negotiation/cloud-agency-constraints.ts';
import { negotiationSpecs } from '../../../src/negotiation/constraints.ts';
import { negotiationTable } from '../../../src/negotiation/table.ts';
import { type Offer, pack, type Request } from '../../../src/negotiation/values.ts';
import { type ContractId, type ConversationId, id, type SlaId } from '../../../src/sla/ids.ts';
import type { Machine, Part } from '../../../src/sla/sla.ts';
import { objective, proposal } from '../compose/market.ts';

const web = objective('web', { count: 3 });
const request: Request = {
  sla: id<SlaId>('s'),
  transaction: id<ConversationId>('t'),
  template: {
    name: 'shop',
    limits: {},
    prefer: { price: 1, speed: 1, trust: 1 },
    objectives: [web, objective('db')],
  },
  currency: 'EUR',
  createdMs: 5,
  policy: 'balanced',
  onFailure: 'renegotiate',
  accept: 'ask',
  replyWithinMs: 100,
  round: 2,
  rounds: 4,
  counters: {},
  attempt: 0,
  kept: [],
  excluded: [],
};
const part: Part = { machine: 'web-1', objective: 'web', proposal: proposal('p'), unit: 0 };
const machine: Machine = {
  name: 'db-1',
  objective: 'db',
  vendor: 'kvm',
  contract: id<ContractId>('c'),
  pricePerHour: { micros: 1, currency: 'EUR' },
  state: 'ready',
};
const offer: Offer = {
  request,
  accept: 'ask',
  composite: {
    status: 'OK',
    parts: [part],
    pricePerHour: { micros: 1, currency: 'EUR' },
    score: 1,
    shortfalls: [],
    proof: { kind: 'optimal' },
    validUntilMs: 9,
  },
};

test('no constraint of one model is one of the other', () => {
  expect(negotiationTable.size).toBe(negotiationSpecs.length + cloudAgencySpecs.length);
});

test('a call has a deadline of its own and one round, whatever the request says', () => {
  const call = callFor(request, web, 1_000);
  expect(call).toMatchObject({ replyByMs: 1_100, round: 0, rounds: 1, currency: 'EUR' });
  expect(call?.objective.count).toBe(3);
});

test('an objective of which every machine is kept is not called for', () => {
  const names = (given: Request): readonly string[] =>
    objectivesOf(given, () => true).map(({ name }) => name);
  const kept = [{ part: { ...part, objective: 'db' }, machine, since: 'replaced' }] as const;
  expect(names(request)).toEqual(['web', 'db']);
  expect(names({ ...request, kept })).toEqual(['web']);
});

test('an objective that cannot be read is called for, so that it is seen', () => {
  expect(objectivesOf(request, () => false)).toHaveLength(2);
});

test('when nothing is known of what was accepted, all of the SLA may have been', () => {
  const machines = [{ machine: 'web-1', part }];
  const item = { vendor: 'kvm', objective: 'web', machines };
  expect(acceptedItems(offer, list([pack(item)]))).toEqual([item]);
  expect(acceptedItems(offer, list([]))).toEqual([]);
  for (const nothing of ['unknown', undefined]) {
    const [silent] = acceptedItems(offer, nothing);
    expect(silent?.machines.map(({ failed }) => failed?.code)).toEqual(['VENDOR.TIMEOUT']);
  }
});

test('reasons are told with the vendor that gave them', () => {
  const refusal = {
    vendor: 'kvm',
    objective: 'web',
    detail: '3 free',
    reason: 'capacity',
  } as const;
  const bid = { vendor: 'kvm', objective: 'web', answer: { kind: 'refusal', ...refusal } } as const;
  expect(refusalOf(bid)).toBe('kvm: 3 free (capacity)');
  expect(refusalOf({ ...bid, answer: [] })).toBe('kvm refused');
  const failed = { code: 'VENDOR.TIMEOUT', detail: 'no answer' };
  const machines = [{ machine: 'web-1', part, failed }];
  const item = { deed: 'sign', vendor: 'kvm', objective: 'web', machines } as const;
  expect(failureOf(item)).toBe('web-1 at kvm: no answer (VENDOR.TIMEOUT)');
  expect(failureOf({ ...item, machines: [] })).toBe('kvm failed');
});

test('a negotiation without a proposal is recorded with its reason, and with what it was to replace', () => {
  const at = { conversation: id<ConversationId>('c'), updatedMs: 7 };
  const sla = withoutProposal(request, 'nobody', at);
  expect(sla).toMatchObject({ id: 's', state: 'ended', reason: 'nobody', createdMs: 5, ...at });
  expect(sla.composite.pricePerHour).toEqual({ micros: 0, currency: 'EUR' });
  const replaces = { sla: id<SlaId>('old'), template: request.template, machines: [] };
  expect(withoutProposal({ ...request, replaces }, 'nobody', at).replaces).toBe('old');
});
