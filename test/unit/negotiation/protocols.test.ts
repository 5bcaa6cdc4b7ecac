import { expect, test } from 'vitest';
import { protocolsOf } from '../../../src/negotiation/protocols.ts';

/** `act from>to` for each message. */
function spoken(...messages: readonly string[]): readonly (string | undefined)[] {
  return protocolsOf(
    messages.map((text, index) => {
      const [, name = '', from = '', to = ''] = /^(\w+) (.+)>(.+)$/.exec(text) ?? [];
      const message = { from: { role: from, id: from }, to: { role: to, id: to }, name, args: [] };
      return { number: index + 1, conversation: 'c1', atMs: 0, message };
    }),
  );
}

test('an act of one protocol alone says which it is', () => {
  expect(spoken('cfp c>n', 'proxy n>m', 'query_ref m>d', 'request n>v')).toEqual([
    'fipa-contract-net',
    'fipa-brokering',
    'fipa-query',
    'fipa-request',
  ]);
});

test('answers go on with what their two agents last spoke', () => {
  expect(
    spoken('proxy n>m', 'cfp m>v', 'refuse v>m', 'agree m>n', 'accept_proposal n>v', 'failure v>n'),
  ).toEqual([
    'fipa-brokering',
    'fipa-contract-net',
    'fipa-contract-net',
    'fipa-brokering',
    'fipa-contract-net',
    'fipa-contract-net',
  ]);
});

test('the subscribe that confirms an SLA has a private name, as has its agree', () => {
  expect(spoken('proxy n>m', 'subscribe n>m', 'agree m>n')).toEqual([
    'fipa-brokering',
    'X-cloud-agency-confirm',
    'X-cloud-agency-confirm',
  ]);
});

test('hosts that balance their load speak no protocol of FIPA', () => {
  expect(spoken('capacityQuery a>b', 'capacity b>a')).toEqual([undefined, undefined]);
});
