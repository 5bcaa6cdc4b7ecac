import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atom, data, list } from '../../../src/lcc/term.ts';
import {
  type AclMessage,
  fipaSpelling,
  isPerformative,
  lccSpelling,
  performatives,
  replyTo,
} from '../../../src/negotiation/acl.ts';
import { toAcl } from '../../../src/negotiation/acl-lcc.ts';
import { dateTime, readDateTime, relativeDateTime } from '../../../src/negotiation/acl-time.ts';

test('there are the 22 communicative acts, and six that the protocols name', () => {
  expect(performatives).toHaveLength(28);
  expect(new Set(performatives).size).toBe(28);
  expect(isPerformative('cfp')).toBe(true);
  expect(isPerformative('readyToMigrate')).toBe(false);
});

test("an act has LCC's spelling and FIPA's", () => {
  expect(fipaSpelling('accept_proposal')).toBe('accept-proposal');
  expect(lccSpelling('reply-message-sub-protocol')).toBe('reply_message_sub_protocol');
  for (const act of performatives) expect(fipaSpelling(lccSpelling(act))).toBe(act);
});

const client = { name: 'client@local' };
const negotiator = { name: 'negotiator@local' };
const cfp: AclMessage = {
  performative: 'cfp',
  sender: client,
  receiver: [negotiator],
  content: 'five machines',
  language: 'X-lcc-json',
  encoding: 'utf-8',
  ontology: 'X-skypact',
  protocol: 'fipa-contract-net',
  'conversation-id': 'c1',
  'reply-with': 'c1-1',
  'reply-by': '20260131T235959999Z',
};
const answer = {
  performative: 'propose' as const,
  sender: negotiator,
  content: 'a composite',
  replyWith: 'c1-2',
};

test('a reply goes back in the same conversation, and repeats what was asked to be repeated', () => {
  expect(replyTo(cfp, answer)).toEqual({
    performative: 'propose',
    sender: negotiator,
    receiver: [client],
    content: 'a composite',
    language: 'X-lcc-json',
    encoding: 'utf-8',
    ontology: 'X-skypact',
    protocol: 'fipa-contract-net',
    'conversation-id': 'c1',
    'reply-with': 'c1-2',
    'in-reply-to': 'c1-1',
  });
});

test('a reply goes to reply-to where that is given, and to nobody known when nobody is', () => {
  const desk = { name: 'desk@local' };
  expect(replyTo({ ...cfp, 'reply-to': [desk] }, answer).receiver).toEqual([desk]);
  expect(replyTo({ performative: 'cfp' }, answer)).toEqual({
    performative: 'propose',
    sender: negotiator,
    content: 'a composite',
    'reply-with': 'c1-2',
  });
});

test("a conversation's messages answer one another", () => {
  const at = (role: string, id = role) => ({ role, id });
  const messages = [
    { from: at('client'), to: at('negotiator'), name: 'cfp', args: [data({ name: 'shop' })] },
    { from: at('splitter', 'negotiator'), to: at('mediator', 'm'), name: 'proxy', args: [] },
    { from: at('mediator', 'm'), to: at('splitter', 'negotiator'), name: 'agree', args: [1] },
    { from: at('closer', 'negotiator'), to: at('client'), name: 'accept_proposal', args: [] },
    { from: at('client'), to: at('negotiator'), name: 'readyToMigrate', args: [list([atom('x')])] },
  ].map((message, index) => ({
    number: index + 1,
    conversation: 'c1',
    atMs: 1_769_903_999_999 + index,
    message,
  }));
  const acl = toAcl(messages);
  expect(acl[0]).toEqual({
    performative: 'cfp',
    sender: client,
    receiver: [negotiator],
    content: '[{"d":{"name":"shop"}}]',
    language: 'X-lcc-json',
    'conversation-id': 'c1',
    'reply-with': 'c1-1',
    'X-sent-at': '20260131T235959999Z',
  });
  expect(acl.map((each) => each['in-reply-to'])).toEqual([
    undefined,
    undefined,
    'c1-2',
    'c1-1',
    'c1-4',
  ]);
  expect(acl[2]?.receiver).toEqual([{ name: 'negotiator@local', 'X-role': 'splitter' }]);
  expect(acl[3]?.performative).toBe('accept-proposal');
  expect(acl[4]).toMatchObject({ performative: 'inform', 'X-message': 'readyToMigrate' });
});

test('a time is written and read as FIPA does, ahead of now as well', () => {
  expect(dateTime(1_769_903_999_999)).toBe('20260131T235959999Z');
  expect(readDateTime('20260131T235959999Z', 0)).toBe(1_769_903_999_999);
  expect(readDateTime('20260131T235959999', 0)).toBe(1_769_903_999_999);
  expect(readDateTime('20260131Z235959999', 0)).toBe(1_769_903_999_999);
  expect(relativeDateTime(90_000)).toBe('+00000000T000130000');
  expect(readDateTime('+00000000T000130000', 1000)).toBe(91_000);
  expect(readDateTime('-00000000T000001000', 1000)).toBe(0);
  expect(readDateTime('+00010000T000000000', 0)).toBe(365 * 86_400_000);
});

test.each([
  ['tomorrow'],
  ['20260230T000000000Z'],
  ['20261301T000000000Z'],
  ['20260101T240000000Z'],
  ['20260101T000000000+01'],
  ['20260101T000000000A'],
  ['2026-01-01T00:00:00.000Z'],
])('%s is no time', (text) => {
  expect(readDateTime(text, 0)).toBeUndefined();
});

test('every time is read back as it was written', () => {
  const atMs = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
  fc.assert(
    fc.property(atMs, (ms) => {
      expect(readDateTime(dateTime(ms), 0)).toBe(ms);
    }),
  );
  const aheadMs = fc.integer({ min: -3e14, max: 3e14 });
  fc.assert(
    fc.property(aheadMs, (ms) => {
      expect(readDateTime(relativeDateTime(ms), 0)).toBe(ms);
    }),
  );
});
