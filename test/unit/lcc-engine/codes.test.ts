import { expect, test } from 'vitest';
import { codesOf } from '../../../src/lcc/program.ts';
import { program } from './actor.ts';

const of = program(`
  @annotation(@role(buyer), code, "client:S1")
  @annotation(@message(propose), code, "client:e2")
  @annotation(@message(propose, seller), code, "negotiator:e7")
  @annotation(@message(propose), note, "not a code")
  @annotation(@variable(X), code, "nor is this")
  a(buyer, X) :: propose() => a(seller, s) then null
`);

test('a message has the codes of the role that sends it, then its own', () => {
  expect(codesOf(of, 'buyer', 'propose')).toEqual(['client:S1', 'client:e2']);
  expect(codesOf(of, 'seller', 'propose')).toEqual(['client:e2', 'negotiator:e7']);
  expect(codesOf(of, 'buyer', 'cfp')).toEqual(['client:S1']);
  expect(codesOf(of, 'seller', 'cfp')).toEqual([]);
});
