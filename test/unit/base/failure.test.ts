import { expect, test } from 'vitest';
import { Bug, failure, invariant, isFailure, unreachable } from '../../../src/base/failure.ts';

test('a failure carries its code, facts, what is left behind and what to do next', () => {
  const cause = new Error('socket closed');
  const full = failure('VENDOR.TIMEOUT', 'aws did not answer', {
    retry: 'later',
    facts: { vendor: 'aws' },
    leftBehind: 'one launch template',
    next: 'skypact doctor',
    cause,
  });
  expect(full).toMatchObject({
    name: 'Failure',
    code: 'VENDOR.TIMEOUT',
    message: 'aws did not answer',
    retry: 'later',
    facts: { vendor: 'aws' },
    leftBehind: 'one launch template',
    next: 'skypact doctor',
    cause,
  });
});

test('a bare failure is final and leaves nothing behind', () => {
  const bare = failure('SLA.INVALID', 'no');
  expect(bare).toMatchObject({ retry: 'never', facts: {} });
  expect(bare).not.toHaveProperty('leftBehind');
  expect(bare).not.toHaveProperty('next');
});

test('a failure is known by its shape, whoever made it', () => {
  expect(isFailure(failure('SLA.INVALID', 'no'))).toBe(true);
  const foreign = Object.assign(new Error('no'), { code: 'PLUGIN.BROKEN', retry: 'never' });
  expect(isFailure(foreign)).toBe(true);
  expect(isFailure(Object.assign(new Error('no'), { code: 'ENOENT', retry: 'never' }))).toBe(false);
  expect(isFailure(Object.assign(new Error('no'), { code: 'A.B' }))).toBe(false);
  expect(isFailure(new Bug('no'))).toBe(false);
  expect(isFailure({ code: 'A.B', retry: 'never' })).toBe(false);
});

test('a broken invariant is a bug', () => {
  expect(() => invariant(false, 'two fences are equal')).toThrow(Bug);
  expect(() => invariant(true, 'fine')).not.toThrow();
  expect(() => Reflect.apply(unreachable, undefined, ['x'])).toThrow('unreachable: "x"');
});
