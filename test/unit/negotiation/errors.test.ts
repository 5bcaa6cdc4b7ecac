import { expect, test } from 'vitest';
import { data, struct } from '../../../src/lcc/term.ts';
import { errorText } from '../../../src/negotiation/errors.ts';

test('an error is told as its cause, with the codes from there outwards', () => {
  const cause = struct('error', 'mediator:101', 'nobody can serve db');
  expect(errorText('in short')).toBe('in short');
  expect(errorText(cause)).toBe('nobody can serve db (mediator:101)');
  expect(errorText(struct('error', 'negotiator:102', cause))).toBe(
    'nobody can serve db (mediator:101, negotiator:102)',
  );
});

test('what a client complains of is told as its own error', () => {
  const complaint = struct('complaint', struct('error', 'client:105', 'it cannot be read'));
  expect(errorText(struct('error', 'negotiator:200', complaint))).toBe(
    'it cannot be read (client:105, negotiator:200)',
  );
});

test('messages are named as FIPA spells them', () => {
  const unknown = struct('error', 'client:200', struct('unknown', 'accept_proposal'));
  expect(errorText(unknown)).toBe('accept-proposal is not part of the protocol (client:200)');
  expect(errorText(struct('unreadable', 'cfp'))).toBe('cfp could not be read');
  expect(errorText(struct('unanswered', 'proxy'))).toBe('proxy was not answered');
});

test('whatever else another agent says is no reason that can be read', () => {
  for (const term of [undefined, 7, data({}), struct('unknown', 7), struct('error', 'x')]) {
    expect(errorText(term)).toBe('what was said could not be read');
  }
  expect(errorText(struct('error', data({}), 'no code'))).toBe('no code (?)');
});
