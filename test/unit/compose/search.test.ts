import { expect, test } from 'vitest';
import type { Group, Item, Problem } from '../../../src/negotiation/compose/problem.ts';
import { violations } from '../../../src/negotiation/compose/problem.ts';
import { composeSync } from '../../../src/negotiation/compose/search/search.ts';
import { bruteForce, knapsacks, randomProblem } from './random-problem.ts';

test('small programs are solved to the optimum that trying everything finds', () => {
  const wrong: number[] = [];
  for (let seed = 1; seed <= 200; seed++) {
    const problem = randomProblem(seed);
    const solution = composeSync(problem);
    const best = bruteForce(problem);
    if (best === undefined) {
      if (solution.at !== 'none' || !solution.proven) wrong.push(seed);
    } else if (
      solution.at !== 'found' ||
      solution.cost !== best.cost ||
      solution.bound !== solution.cost ||
      violations(problem, solution.choice).length > 0
    ) {
      wrong.push(seed);
    }
  }
  expect(wrong).toEqual([]);
});

test('the same problem, budget and seed give the same choice', () => {
  const problem = randomProblem(17);
  const options = { work: 10_000, seed: 5 };
  expect(composeSync(problem, options)).toEqual(composeSync(problem, options));
});

const item = (given: Partial<Item>): Item => ({
  cost: 1,
  units: 1,
  fixed: 0,
  place: 0,
  vendor: 0,
  uses: [],
  ...given,
});

const problemOf = (groups: readonly Group[], rest: Partial<Problem> = {}): Problem => ({
  groups,
  rows: [],
  rules: [],
  placeCount: 2,
  ...rest,
});

test('a group without items has provably no choice', () => {
  const solution = composeSync(problemOf([{ name: 'web', count: 1, items: [] }]));
  expect(solution).toEqual({ at: 'none', proven: true });
});

test('a problem without groups is solved by taking nothing', () => {
  expect(composeSync(problemOf([]))).toEqual({ at: 'found', choice: [], cost: 0, bound: 0 });
});

test('fixed units are always taken, whatever they cost', () => {
  const items = [item({ cost: 90, fixed: 1 }), item({ cost: 5, units: 3 })];
  const solution = composeSync(problemOf([{ name: 'web', count: 2, items }]));
  expect(solution).toMatchObject({ at: 'found', choice: [[1, 1]], cost: 95, bound: 95 });
});

test('a rule of a group with itself keeps its own machines close', () => {
  const items = [
    item({ cost: 1, place: 0 }),
    item({ cost: 1, place: 1 }),
    item({ cost: 9, place: 1 }),
  ];
  const compatible = new Uint8Array([1, 0, 0, 1]);
  const rules = [{ left: 0, right: 0, compatible }];
  const solution = composeSync(problemOf([{ name: 'web', count: 2, items }], { rules }));
  expect(solution).toMatchObject({ at: 'found', choice: [[0, 1, 1]], cost: 10, bound: 10 });
});

test('a search that may not work at all still tells a choice from a proof', () => {
  const solution = composeSync(knapsacks(40), { work: 0, shouldStop: () => true });
  if (solution.at !== 'found') throw new Error('the greedy start finds a choice');
  expect(solution.bound).toBeLessThan(solution.cost);
});
