import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailure } from '../../../src/base/failure.ts';
import { limits } from '../../../src/base/limits.ts';
import type { AclMessage } from '../../../src/negotiation/acl.ts';
import { checkAcl, parseAclJson } from '../../../src/negotiation/acl-check.ts';
import { parseAcl } from '../../../src/negotiation/acl-parser.ts';
import { printAcl } from '../../../src/negotiation/acl-text.ts';
import { arbitraryAcl } from './arbitrary.ts';

/** `CODE: message` of what the reading throws. */
function failureOf(read: () => unknown): string {
  try {
    read();
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return `${thrown.code}: ${thrown.message}`;
  }
  return 'no failure';
}

const propose: AclMessage = {
  performative: 'propose',
  sender: { name: 'vendor:aws:web@local', 'X-role': 'bidder' },
  receiver: [{ name: 'mediator@local', addresses: ['http://127.0.0.1:7778/acc'] }],
  content: 'say "yes"',
  'reply-by': '20260131T235959999Z',
  'conversation-id': '0192-ab',
  'in-reply-to': 'c1-4',
};

test('a message is printed in the string representation', () => {
  expect(printAcl(propose)).toBe(`(propose
 :sender (agent-identifier :name vendor:aws:web@local :X-role bidder)
 :receiver (set (agent-identifier :name mediator@local :addresses (sequence http://127.0.0.1:7778/acc)))
 :content "say \\"yes\\""
 :reply-by 20260131T235959999Z
 :conversation-id "0192-ab"
 :in-reply-to c1-4)`);
});

test('a message as JADE writes it is read', () => {
  const text = `(REQUEST
 :sender  ( agent-identifier :name rma@host:1099/JADE  :addresses (sequence http://host:7778/acc ))
 :receiver  (set ( agent-identifier :name ams@host:1099/JADE  :addresses (sequence http://host:7778/acc )) )
 :content  "((action (agent-identifier :name ams) (get-description)))"
 :reply-with  rma@host:1099/JADE1435754501567  :language  fipa-sl0  :ontology  FIPA-Agent-Management
 :protocol  fipa-request
 :conversation-id  C8423_1435754501567  :X-JADE-Note (a "b c" (1 -2.5)) )`;
  const address = ['http://host:7778/acc'];
  expect(parseAcl(text)).toEqual({
    performative: 'request',
    sender: { name: 'rma@host:1099/JADE', addresses: address },
    receiver: [{ name: 'ams@host:1099/JADE', addresses: address }],
    content: '((action (agent-identifier :name ams) (get-description)))',
    'reply-with': 'rma@host:1099/JADE1435754501567',
    language: 'fipa-sl0',
    ontology: 'FIPA-Agent-Management',
    protocol: 'fipa-request',
    'conversation-id': 'C8423_1435754501567',
    'X-JADE-Note': ['a', 'b c', ['1', '-2.5']],
  });
});

test('a string may be given by its length in bytes', () => {
  expect(parseAcl('(inform :content #11"a"é🙂\\"))')).toEqual({
    performative: 'inform',
    content: 'a"é🙂\\")',
  });
});

test('every message is printed to a text that is read back to the same, and to such JSON', () => {
  fc.assert(
    fc.property(arbitraryAcl, (message) => {
      expect(parseAcl(printAcl(message))).toEqual(message);
      expect(parseAclJson(JSON.stringify(message))).toEqual(message);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['', '1:1: found the end; expected ('],
  ['inform', '1:1: found "inform"; expected ('],
  ['(', '1:2: found the end; expected an act'],
  ['(inform', '1:8: found the end; expected a parameter or )'],
  ['(inform content)', '1:9: found "content)"; expected a parameter or )'],
  ['(inform\n  :content "a', '2:12: found "\\"a"; expected a string that ends with "'],
  ['(inform :content #x"a)', 'expected a length in bytes, such as #5"bytes'],
  ['(inform :content #9"a")', 'expected a string of 9 bytes'],
  ['(inform :content #1"é")', 'expected a string of 1 bytes'],
  ['(inform :content a :CONTENT b)', 'expected :content only once'],
  ['(inform) (inform)', '1:10: found "(inform)"; expected the end of the message'],
  ['(inform :receiver (agent-identifier :name x))', 'found "agent-identifier :na"; expected set'],
  ['(inform :sender (agent :name x))', 'expected agent-identifier'],
  ['(inform :sender x)', 'expected ('],
])('the text %j is refused with its place', (text, problem) => {
  const failure = failureOf(() => parseAcl(text));
  expect(failure).toMatch(/^ACL\.MALFORMED: message \d+:\d+: /);
  expect(failure).toContain(problem);
});

test.each([
  ['(inform :receiver (set))', 'receiver is an empty set; allowed is one agent or more'],
  ['(inform :sender (agent-identifier))', 'sender is without its name'],
  ['(inform :sender (agent-identifier :name ""))', 'name is empty'],
  ['(inform :sender (agent-identifier :name (a)))', 'name is a list of 1; allowed is a text'],
  ['(inform :content (a b))', 'content is a list of 2; allowed is a text'],
  ['(inform :reply-by soon)', 'reply-by is "soon"; allowed is a time such as 20260131T235959999Z'],
  ['(inform :colour red)', 'found the parameter "colour"; allowed are performative, sender'],
  ['(inform :performative agree :performative x)', ':performative only once'],
  ['(inform :X- a)', 'found the parameter "X-"; allowed are letters after X-'],
])('what is no message is refused: %s', (text, problem) => {
  const failure = failureOf(() => parseAcl(text));
  expect(failure).toMatch(/^ACL\.MALFORMED: /);
  expect(failure).toContain(problem);
});

test('an act that no protocol has is told apart, for it deserves a not-understood', () => {
  expect(failureOf(() => parseAcl('(propse)'))).toBe(
    'ACL.UNKNOWN_ACT: found the act "propse", which none of our protocols has; ' +
      'did you mean propose?',
  );
});

test('values of other shapes are refused', () => {
  expect(failureOf(() => parseAclJson('{'))).toBe('ACL.MALFORMED: the message is not JSON');
  expect(failureOf(() => checkAcl([]))).toContain('the message is a list of 0');
  expect(failureOf(() => checkAcl({}))).toContain('the message is without its performative');
  expect(failureOf(() => checkAcl({ performative: 1 }))).toContain('performative is 1');
  const twice = { performative: 'cfp', 'x-a': '1', 'X-a': '2' };
  expect(failureOf(() => checkAcl(twice))).toContain('found the parameter "X-a" twice');
  expect(failureOf(() => checkAcl({ performative: 'cfp', receiver: 'x' }))).toContain(
    'receiver is "x"; allowed is a list',
  );
});

test('length, depth and number of values are bounded', () => {
  const long = `(inform :content "${'é'.repeat(limits.aclMessageBytes / 2)}")`;
  expect(failureOf(() => parseAcl(long))).toBe(
    `ACL.TOO_LONG: the message has ${limits.aclMessageBytes + 20} bytes; allowed are 4194304`,
  );
  expect(failureOf(() => parseAclJson('['.repeat(5_000_000)))).toMatch(/^ACL\.TOO_LONG/);
  expect(failureOf(() => parseAcl(`(inform :language ${'('.repeat(1000)}`))).toContain(
    'expected at most 32 levels',
  );
  const nest = '(agent-identifier :name a :resolvers (sequence ';
  expect(failureOf(() => parseAcl(`(inform :sender ${nest.repeat(1000)}`))).toContain('32 levels');
  expect(failureOf(() => parseAcl(`(inform :language (${'a '.repeat(1_000_000)}))`))).toContain(
    'expected at most 100000 values',
  );
  const deep = (open: string, close: string): string =>
    `{"performative":"cfp","language":${open.repeat(100)}${close.repeat(100)}}`;
  expect(failureOf(() => parseAclJson(deep('[', ']')))).toContain('nested too deeply');
  const agent = `{"name":"a","resolvers":[`.repeat(100) + ']}'.repeat(100);
  const message = `{"performative":"cfp","sender":${agent}}`;
  expect(failureOf(() => parseAclJson(message))).toContain('nested too deeply');
});

test('any text is a message or an ACL failure', () => {
  const piece = fc.constantFrom(
    ...['(', ')', '"', '\\', '#3"', ' ', '\n', '\0', ':sender', ':receiver', ':content', ':x-y'],
    ...['set', 'sequence', 'agent-identifier', ':name', ':resolvers', 'inform', 'CFP', '1', 'é'],
    ...[':reply-by', '20260131T235959999Z', '__proto__', ':__proto__', ':X-__proto__', '🙂'],
  );
  const pieces = fc.array(piece, { maxLength: 40 }).map((all) => all.join(''));
  const damaged = fc
    .tuple(arbitraryAcl, fc.nat(), fc.nat(5), fc.string({ maxLength: 4 }))
    .map(([message, at, cut, put]) => {
      const text = printAcl(message);
      const from = at % text.length;
      return text.slice(0, from) + put + text.slice(from + cut);
    });
  const texts = fc.oneof(fc.string(), pieces, damaged, fc.json());
  fc.assert(
    fc.property(texts, fc.constantFrom(parseAcl, parseAclJson), (text, parse) => {
      try {
        const message = parse(text);
        expect(parseAcl(printAcl(message))).toEqual(message);
      } catch (thrown) {
        if (!isFailure(thrown)) throw thrown;
        expect(thrown.code).toMatch(/^ACL\./);
        expect(thrown.message).not.toMatch(/\p{Cc}/u);
      }
    }),
    { numRuns: 2000 },
  );
});
