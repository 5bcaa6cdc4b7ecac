import { expect, test } from 'vitest';
import { bargain, type Party, preferenceOf } from '../../../src/negotiation/bargain.ts';
import { type TacticName, tacticNames } from '../../../src/sla/tactics.ts';
import { Table } from './table.ts';

/** A pie of so many pieces: outcome n gives n of them to the first party, the rest to the second. */
function pie(
  tactics: readonly [TacticName, TacticName],
  terms: { readonly reservation?: number; readonly discount?: number } = {},
  pieces = 20,
): readonly [Party, Party] {
  const first = Float64Array.from({ length: pieces + 1 }, (_, n) => n / pieces);
  const second = first.map((share) => 1 - share);
  return [
    { preference: preferenceOf(first, terms), tactic: tactics[0] },
    { preference: preferenceOf(second, terms), tactic: tactics[1] },
  ];
}

test('two equal tactics share the pie about equally', () => {
  for (const tactic of ['boulware', 'conceder', 'micro'] as const) {
    const [first = 0, second = 0] = bargain(...pie([tactic, tactic]), 100).utilities;
    expect(Math.abs(first - second)).toBeLessThan(0.2);
    expect(first + second).toBeCloseTo(1);
  }
});

test('who holds out gets more from one who gives way at once', () => {
  const { utilities, round } = bargain(...pie(['boulware', 'conceder']), 100);
  expect(utilities[0]).toBeGreaterThan(0.8);
  expect(round).toBeLessThan(70);
});

test('two parties that only answer in kind never move, and part with their reservations', () => {
  const parties = pie(['tit-for-tat', 'tit-for-tat'], { reservation: 0.2 });
  expect(bargain(...parties, 10)).toEqual({ round: 10, utilities: [0.2, 0.2] });
});

test('nothing below a reservation is offered or accepted', () => {
  for (const first of tacticNames) {
    const { outcome, utilities } = bargain(...pie([first, 'boulware'], { reservation: 0.45 }), 50);
    expect(Math.min(...utilities)).toBeGreaterThanOrEqual(0.45);
    if (outcome !== undefined) expect([9, 10, 11]).toContain(outcome);
  }
});

test('parties whose reservations exclude each other do not agree', () => {
  const { outcome } = bargain(...pie(['conceder', 'micro'], { reservation: 0.6 }), 50);
  expect(outcome).toBeUndefined();
});

test('a party to whom no outcome is good enough makes no offer', () => {
  const [willing, other] = pie(['boulware', 'micro']);
  const unwilling: Party = {
    preference: preferenceOf(other.preference.utilities, { reservation: 2 }),
    tactic: 'micro',
  };
  expect(bargain(unwilling, willing, 10)).toMatchObject({ round: 0, utilities: [2, 0] });
  expect(bargain(willing, unwilling, 10)).toMatchObject({ round: 0, utilities: [0, 2] });
});

test('what is agreed late is worth less where time costs', () => {
  const free = bargain(...pie(['boulware', 'boulware']), 100);
  const dear = bargain(...pie(['boulware', 'boulware'], { discount: 0.5 }), 100);
  expect(dear.round).toBe(free.round);
  expect(dear.utilities[0]).toBeCloseTo(free.utilities[0] * 0.5 ** (free.round / 100));
});

test('both parties must value the same outcomes', () => {
  const [first] = pie(['micro', 'micro']);
  const [, second] = pie(['micro', 'micro'], {}, 7);
  expect(() => bargain(first, second, 5)).toThrow(/same outcomes/);
});

test('the conversation of bargaining.lcc comes to the same agreement as the functions', () => {
  for (const first of tacticNames) {
    for (const second of tacticNames) {
      const parties = pie([first, second]);
      const table = new Table(parties, 30);
      expect([first, second, table.play()]).toEqual([
        first,
        second,
        bargain(...parties, 30).outcome,
      ]);
    }
  }
});

test('n offers and an agreement are n + 1 messages', () => {
  const table = new Table(pie(['conceder', 'conceder']), 100);
  const { outcome, round } = bargain(...pie(['conceder', 'conceder']), 100);
  expect(table.play()).toBe(outcome);
  expect([2 * round + 1, 2 * round + 2]).toContain(table.messages);
});
