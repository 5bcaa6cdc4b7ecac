import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bargain, tacticNames, tactics } from '../../../src/sla/tactics.ts';

/** A seller that asks 100 and would take 80. */
const seller: Bargain = { round: 0, rounds: 5, start: 100, reservation: 80, opponent: [] };

const rounded = (values: readonly number[]): readonly number[] =>
  values.map((value) => Math.round(value * 100) / 100);
const byRound = (name: 'boulware' | 'conceder', bargain: Bargain): readonly number[] =>
  rounded([0, 1, 2, 3, 4].map((round) => tactics[name]({ ...bargain, round })));

test('boulware holds its price until the end and reaches the reservation in the last round', () =>
  expect(byRound('boulware', seller)).toEqual([100, 99.92, 98.75, 93.67, 80]));

test('a conceder gives most of the way in the second round', () =>
  expect(byRound('conceder', seller)).toEqual([100, 85.86, 83.18, 81.39, 80]));

test('a buyer rises by the same curve by which a seller falls', () =>
  expect(byRound('boulware', { ...seller, start: 60, reservation: 80 })).toEqual([
    60, 60.08, 61.25, 66.33, 80,
  ]));

test('with one round nobody concedes', () => {
  for (const name of tacticNames) {
    expect(tactics[name]({ ...seller, rounds: 1, opponent: [50] })).toBe(100);
  }
});

test('tit-for-tat waits for a second offer before it moves', () => {
  expect(tactics['tit-for-tat'](seller)).toBe(100);
  expect(tactics['tit-for-tat']({ ...seller, opponent: [50] })).toBe(100);
});

test('tit-for-tat answers each step of the buyer in proportion', () => {
  expect(tactics['tit-for-tat']({ ...seller, opponent: [50, 55] })).toBeCloseTo(100 / 1.1);
  expect(tactics['tit-for-tat']({ ...seller, opponent: [50, 55, 60] })).toBeCloseTo(100 / 1.2);
});

test('tit-for-tat takes back its concession when the buyer does', () =>
  expect(tactics['tit-for-tat']({ ...seller, opponent: [50, 55, 50] })).toBeCloseTo(100));

test('tit-for-tat answers in size where an offer of zero allows no proportion', () =>
  expect(tactics['tit-for-tat']({ ...seller, start: 1, reservation: 0, opponent: [0, 0.25] })).toBe(
    0.75,
  ));

test('micro answers each new offer by one step, and a repeated one by none', () => {
  expect(tactics.micro(seller)).toBe(100);
  expect(tactics.micro({ ...seller, opponent: [50] })).toBe(95);
  expect(tactics.micro({ ...seller, opponent: [50, 50, 50] })).toBe(95);
  expect(tactics.micro({ ...seller, opponent: [50, 51] })).toBe(90);
});

test('micro over a list of outcomes gives the index of the next', () => {
  const outcomes: Bargain = { round: 9, rounds: 180, start: 0, reservation: 179, opponent: [] };
  expect(tactics.micro({ ...outcomes, opponent: [0.1, 0.2, 0.3] })).toBeCloseTo(3);
});

test('no tactic ever offers beyond its start or its reservation', () => {
  const price = fc.double({ min: 0, max: 1000, noNaN: true });
  const bargain = fc.record({
    round: fc.nat(30),
    rounds: fc.integer({ min: 1, max: 20 }),
    start: price,
    reservation: price,
    opponent: fc.array(price, { maxLength: 20 }),
  });
  fc.assert(
    fc.property(bargain, fc.constantFrom(...tacticNames), (at, name) => {
      const offer = tactics[name](at);
      expect(offer).toBeGreaterThanOrEqual(Math.min(at.start, at.reservation));
      expect(offer).toBeLessThanOrEqual(Math.max(at.start, at.reservation));
    }),
  );
});
