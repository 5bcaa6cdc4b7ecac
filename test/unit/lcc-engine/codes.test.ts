import { expect, test } from 'vitest';
import { codesOf } from '../../../src/lcc/codes.ts';
import type { Message } from '../../../src/lcc/step.ts';
import { data, list, struct, type Term } from '../../../src/lcc/term.ts';
import { program } from './actor.ts';

const { codes } = program(`
  @annotation(@role(buyer), code, "client:S1")
  @annotation(@role(closer), code, "negotiator:S7")
  @annotation(@message(propose), code, "client:2")
  @annotation(@message(propose, seller), code, "negotiator:6", "negotiator:7")
  @annotation(@message(done, vendor, closer), code, "mediator:5")
  @annotation(@message(failure(error(Code, _))), code, Code, "negotiator:10")
  @annotation(@message(failure(0, "x")), code, "two arguments")
  @annotation(@message(failure([X | _])), code, "a list is not looked into")
  @annotation(@message(propose), note, "not a code")
  @annotation(@variable(X), code, "nor is this")
  a(buyer, X) :: propose() => a(seller, s) then null
`);

function codesFor(name: string, from: string, to: string, ...args: readonly Term[]) {
  const message: Message = { from: { role: from, id: 'a' }, to: { role: to, id: 'b' }, name, args };
  return codesOf(codes, message);
}

test('a message has its own codes, those of the role that sends it, then of the role that gets it', () => {
  expect(codesFor('propose', 'buyer', 'closer')).toEqual([
    'client:2',
    'client:S1',
    'negotiator:S7',
  ]);
  expect(codesFor('cfp', 'buyer', 'closer')).toEqual(['client:S1', 'negotiator:S7']);
  expect(codesFor('cfp', 'seller', 'vendor')).toEqual([]);
});

test('an annotation may be of one sender, and of one receiver', () => {
  expect(codesFor('propose', 'seller', 'x')).toEqual(['client:2', 'negotiator:6', 'negotiator:7']);
  expect(codesFor('done', 'vendor', 'closer')).toEqual(['mediator:5', 'negotiator:S7']);
  expect(codesFor('done', 'vendor', 'buyer')).toEqual(['client:S1']);
});

test('a code may be what the message carries', () => {
  const error = struct('error', 'negotiator:102', 'nobody');
  expect(codesFor('failure', 'x', 'y', error)).toEqual(['negotiator:102', 'negotiator:10']);
  expect(codesFor('failure', 'x', 'y', struct('error', data({}), ''))).toEqual(['negotiator:10']);
});

test('an annotation with arguments is about messages with such arguments alone', () => {
  expect(codesFor('failure', 'x', 'y', 'in other words')).toEqual([]);
  expect(codesFor('failure', 'x', 'y', 0, 'x')).toEqual(['two arguments']);
  expect(codesFor('failure', 'x', 'y', 1, 'x')).toEqual([]);
  expect(codesFor('failure', 'x', 'y', list(['x']))).toEqual([]);
});
