import fc from 'fast-check';
import {
  type AclMessage,
  type AgentIdentifier,
  type Expression,
  performatives,
} from '../../../src/negotiation/acl.ts';
import { dateTime, relativeDateTime } from '../../../src/negotiation/acl-time.ts';

/** Whatever may stand in quotes or not: blanks, parentheses, quotes, backslashes, any letter. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', ' ', '(', ')', '#', ':', '\n', '\0', 'é', '🙂', 'a'),
  }),
  fc.constantFrom('word', ':sender', '#3"abc', '42', '-1', '@x', '20260131T235959999Z', 'X-y'),
);
const text = anyText.filter((each) => each !== '');

const expression: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    anyText,
    fc.array(tie('tree'), { maxLength: 3 }),
  ),
})).tree;

const ownName = fc.stringMatching(/^X-[A-Za-z][A-Za-z0-9:.#"-]{0,6}$/);
const own = fc.dictionary(ownName, expression, { maxKeys: 2 });

const agent: fc.Arbitrary<AgentIdentifier> = fc.letrec<{ agent: AgentIdentifier }>((tie) => ({
  agent: fc
    .tuple(
      own,
      fc.record(
        {
          name: text,
          addresses: fc.array(text, { maxLength: 2 }),
          resolvers: fc.array(tie('agent'), { maxLength: 1, depthIdentifier: 'agent' }),
        },
        { requiredKeys: ['name'] },
      ),
    )
    .map(([extra, known]) => ({ ...extra, ...known })),
})).agent;

const agents = fc.array(agent, { minLength: 1, maxLength: 2 });
const time = fc.oneof(
  fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }).map(dateTime),
  fc.integer({ min: -1e14, max: 1e14 }).map(relativeDateTime),
);

export const arbitraryAcl: fc.Arbitrary<AclMessage> = fc
  .tuple(
    own,
    fc.record(
      {
        performative: fc.constantFrom(...performatives),
        sender: agent,
        receiver: agents,
        'reply-to': agents,
        content: anyText,
        language: expression,
        encoding: expression,
        ontology: expression,
        protocol: text,
        'conversation-id': expression,
        'reply-with': expression,
        'in-reply-to': expression,
        'reply-by': time,
      },
      { requiredKeys: ['performative'] },
    ),
  )
  .map(([extra, known]) => ({ ...extra, ...known }));
