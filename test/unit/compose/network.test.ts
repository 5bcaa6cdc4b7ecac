import { expect, test } from 'vitest';
import { Network } from '../../../src/negotiation/compose/search/network.ts';
import type { Constraint } from '../../../src/negotiation/compose/search/network-steps.ts';
import { randomFrom } from '../../../src/negotiation/compose/search/random.ts';

function constraint(
  [a, b]: readonly [number, number],
  size: number,
  allows: (x: number, y: number) => boolean,
): Constraint {
  const allowed = new Uint8Array(size * size);
  for (let x = 0; x < size; x++) {
    for (let y = 0; y < size; y++) allowed[x * size + y] = allows(x, y) ? 1 : 0;
  }
  return { a, b, allowed, optional: false };
}

function priced(network: Network, seed: number): readonly (readonly number[])[] {
  const random = randomFrom(seed);
  return network.prices.map((values) => {
    values.forEach((_, v) => {
      values[v] = Math.floor(random() * 100);
    });
    return [...values];
  });
}

/** All assignments of `count` variables that the constraints allow. */
function assignments(
  count: number,
  size: number,
  constraints: readonly Constraint[],
): readonly (readonly number[])[] {
  let all: number[][] = [[]];
  for (let v = 0; v < count; v++) {
    all = all.flatMap((some) => Array.from({ length: size }, (_, x) => [...some, x]));
  }
  return all.filter((values) =>
    constraints.every(
      ({ a, b, allowed }) => allowed[(values[a] ?? 0) * size + (values[b] ?? 0)] === 1,
    ),
  );
}

/** A ring with a chord, and one variable by itself. */
const size = 4;
const differ = (x: number, y: number): boolean => x !== y;
const close = (x: number, y: number): boolean => Math.abs(x - y) <= 1;
const ring = [
  constraint([0, 1], size, differ),
  constraint([1, 2], size, close),
  constraint([3, 2], size, close),
  constraint([3, 0], size, differ),
  constraint([0, 2], size, close),
];

test('minimum, choice and marginals are those of trying all assignments', () => {
  const network = new Network([size, size, size, size, size], ring);
  expect(network.complete).toBe(true);
  for (let seed = 1; seed <= 20; seed++) {
    const prices = priced(network, seed);
    const priceOf = (values: readonly number[]): number =>
      values.reduce((sum, x, v) => sum + (prices[v]?.[x] ?? 0), 0);
    const all = assignments(5, size, ring);
    const least = Math.min(...all.map(priceOf));
    expect(network.minimum()).toBe(least);
    network.choose();
    expect(priceOf([...network.chosen])).toBe(least);
    expect(all).toContainEqual([...network.chosen]);
    network.weigh();
    for (const v of [0, 1, 2, 3, 4]) {
      const lowest = Math.min(...(network.marginals[v] ?? []));
      for (let x = 0; x < size; x++) {
        const best = Math.min(...all.filter((values) => values[v] === x).map(priceOf));
        expect((network.marginals[v]?.[x] ?? 0) - lowest).toBe(best - least);
      }
    }
  }
});

test('a focus leaves out values, and a wider one brings them back', () => {
  const network = new Network([size, size], [constraint([0, 1], size, differ)]);
  network.prices[0]?.set([1, 5, 5, 5]);
  network.prices[1]?.set([1, 2, 9, 9]);
  expect(network.minimum()).toBe(3);
  network.focus([Uint8Array.of(0, 1, 1, 1), Uint8Array.of(0, 1, 1, 1)]);
  expect(network.minimum()).toBe(7);
  network.focus([Uint8Array.of(0, 1, 0, 0), Uint8Array.of(0, 1, 0, 0)]);
  expect(network.minimum()).toBe(Infinity);
  network.focus([Uint8Array.of(1, 1, 1, 1), Uint8Array.of(1, 1, 1, 1)]);
  expect(network.minimum()).toBe(3);
});

test('where all constraints would be too many, optional ones go first, then the loosest', () => {
  const many = 30;
  const pairs = [0, 1, 2, 3, 4].flatMap((a) =>
    [0, 1, 2, 3, 4].filter((b) => a < b).map((b): readonly [number, number] => [a, b]),
  );
  const clique = pairs.map((pair) => ({ ...constraint(pair, many, differ), optional: true }));
  const tight = constraint([0, 1], many, (x, y) => x === y);
  const loose = pairs.map((pair) => constraint(pair, many, differ));
  const sizes = [many, many, many, many, many];
  const withOptional = new Network(sizes, [tight, ...clique]);
  const withLoose = new Network(sizes, [tight, ...loose]);
  for (const network of [withOptional, withLoose]) {
    expect(network.complete).toBe(false);
    network.prices[0]?.set([0, 3], 0);
    network.prices[1]?.fill(9);
    network.prices[1]?.set([7], 1);
    network.prices[0]?.fill(20, 2);
    expect(network.minimum()).toBeGreaterThanOrEqual(9);
    network.choose();
    expect(network.chosen[0]).toBe(network.chosen[1]);
  }
});
