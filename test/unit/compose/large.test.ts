import { expect, test } from 'vitest';
import { syntheticMarket } from '../../../bench/compose-market.ts';
import { solveByHighs } from '../../../src/agency/solver/highs.ts';
import { composeProblem } from '../../../src/negotiation/compose/build.ts';
import { lpOf } from '../../../src/negotiation/compose/lp.ts';
import {
  costOf,
  type Group,
  type PairRule,
  type Problem,
  violations,
} from '../../../src/negotiation/compose/problem.ts';
import { randomFrom } from '../../../src/negotiation/compose/search/random.ts';
import { composeSync } from '../../../src/negotiation/compose/search/search.ts';

test('a market where everything binds is solved to a small proven gap', () => {
  const market = syntheticMarket({ objectives: 20, alternatives: 120, vendors: 6, seed: 4 });
  const { problem } = composeProblem(market);
  const solution = composeSync(problem, { work: 30_000_000 });
  if (solution.at !== 'found') throw new Error('the market has a choice');
  expect(violations(problem, solution.choice)).toEqual([]);
  expect(solution.cost).toBe(costOf(problem, solution.choice));
  expect(solution.bound).toBeGreaterThan(0.98 * solution.cost);
});

test('a search continues from a known choice and never loses it', () => {
  const market = syntheticMarket({ objectives: 10, alternatives: 40, vendors: 4, seed: 2 });
  const { problem } = composeProblem(market);
  const first = composeSync(problem, { work: 3_000_000 });
  if (first.at !== 'found') throw new Error('the market has a choice');
  const again = composeSync(problem, { work: 100_000, start: first.choice });
  expect(again.at === 'found' && again.cost <= first.cost).toBe(true);
});

/** A tree of groups with latencies between neighbours, on a line of places with little room each. */
function neighbourhood(groupCount: number, placeCount: number, seed: number): Problem {
  const random = randomFrom(seed);
  const room = Math.max(2, Math.ceil((1.4 * groupCount) / placeCount));
  const rows = Array.from({ length: placeCount }, (_, p) => ({ name: `p${p}`, available: room }));
  const groups = Array.from({ length: groupCount }, (_, g): Group => {
    const size = 1 + random();
    const items = rows.map((_, place) => ({
      cost: Math.round(1_000 * size * (1 + 0.1 * place + 0.2 * random())),
      units: 1,
      fixed: 0,
      place,
      vendor: place,
      uses: [{ row: place, amount: 1 }],
    }));
    return { name: `g${g}`, count: 1, items };
  });
  const rules = Array.from({ length: groupCount - 1 }, (_, n): PairRule => {
    const reach = 1 + Math.floor(random() * 3);
    const compatible = new Uint8Array(placeCount ** 2);
    for (let a = 0; a < placeCount; a++) {
      for (let b = 0; b < placeCount; b++) {
        compatible[a * placeCount + b] = Math.abs(a - b) <= reach ? 1 : 0;
      }
    }
    return { left: Math.floor(random() * (n + 1)), right: n + 1, compatible };
  });
  return { groups, rows, rules, placeCount };
}

test('a neighbourhood of groups is solved to the optimum that HiGHS proves', async () => {
  for (const seed of [1, 2, 3]) {
    const problem = neighbourhood(10, 7, seed);
    const program = lpOf(problem);
    const job = { text: program.text, columns: program.unitColumns, timeLimitMs: 15_000 };
    const report = await solveByHighs(job);
    if (report.at !== 'optimal' || report.values === undefined) throw new Error('HiGHS is done');
    const best = costOf(problem, program.choiceOf(report.values));
    expect(composeSync(problem)).toMatchObject({ at: 'found', cost: best, bound: best });
  }
});

test('a large neighbourhood is settled by raising prices, within what is proven possible', () => {
  const problem = neighbourhood(60, 12, 5);
  const solution = composeSync(problem, { work: 20_000_000 });
  if (solution.at !== 'found') throw new Error('the neighbourhood has room');
  expect(violations(problem, solution.choice)).toEqual([]);
  expect(solution.bound).toBeGreaterThan(0.8 * solution.cost);
});
