import { expect, test } from 'vitest';
import { brokenPromises, promisesOf } from '../../../src/vendors/ec2/promises.ts';
import type { ServicePromise } from '../../../src/vendors/vendor.ts';
import { cfpOf, settingsOf } from './fixture.ts';

const month = 30 * 86_400_000;
const asks = (...promises: ServicePromise[]) => cfpOf({ promises }).objective;
const availability = (value: number, windowMs = month): ServicePromise => ({
  metric: 'availability',
  bound: 'atLeast',
  value,
  windowMs,
});
const steal: ServicePromise = { metric: 'cpu.steal', bound: 'atMost', value: 5, windowMs: 300_000 };

test("Amazon's agreement is given, over its month and longer windows", () => {
  const asked = asks(availability(99), availability(99, 2 * month));
  expect(brokenPromises(asked, settingsOf())).toEqual([]);
  expect(promisesOf(asked, settingsOf())).toEqual([
    availability(99.5),
    availability(99.5, 2 * month),
  ]);
});

test('it is not given at a higher level or over a shorter window', () => {
  expect(
    brokenPromises(asks(availability(99.9), availability(99, 86_400_000)), settingsOf()),
  ).toEqual([
    'availability at least 99.9 % over 30 d asked, EC2 promises 99.5 % over 30 d; the setting promises.availability can vouch for it',
    'availability at least 99 % over 1 d asked, EC2 promises 99.5 % over 30 d; the setting promises.availability can vouch for it',
  ]);
});

test('nothing is promised that nobody stands for', () => {
  expect(brokenPromises(asks(steal), settingsOf())).toEqual([
    'cpu.steal at most 5 % over 5 min asked, EC2 promises none; the setting promises.cpu.steal can vouch for it',
  ]);
});

test('what the user vouches for is promised, at that level', () => {
  const settings = settingsOf({ promises: { 'cpu.steal': 2, availability: 99.9 } });
  const asked = asks(steal, availability(99.9, 86_400_000));
  expect(brokenPromises(asked, settings)).toEqual([]);
  expect(promisesOf(asked, settings)).toEqual([
    { ...steal, value: 2 },
    availability(99.9, 86_400_000),
  ]);
  expect(brokenPromises(asks({ ...steal, value: 1 }), settings)).toEqual([
    'cpu.steal at most 1 % over 5 min asked, 2 is vouched for',
  ]);
});

test('availability is named without asking, except on spot', () => {
  expect(promisesOf(asks(), settingsOf())).toEqual([availability(99.5)]);
  expect(promisesOf(asks(), settingsOf({ market: 'spot' }))).toEqual([]);
  expect(brokenPromises(asks(availability(1)), settingsOf({ market: 'spot' }))).toEqual([
    'availability at least 1 % over 30 d asked, EC2 promises none; the setting promises.availability can vouch for it',
  ]);
});
