import { expect, test } from 'vitest';
import { solveByHighs } from '../../../src/agency/solver/highs.ts';
import { compose, solve } from '../../../src/agency/solver/solver.ts';
import { solveThoroughly } from '../../../src/agency/solver/thorough.ts';
import { lpOf } from '../../../src/negotiation/compose/lp.ts';
import { costOf, violations } from '../../../src/negotiation/compose/problem.ts';
import { market, objective, proposal } from './market.ts';
import { bruteForce, knapsacks, marketSplit, randomProblem } from './random-problem.ts';

test('the program written for HiGHS has the optimum that trying everything finds', async () => {
  const wrong: number[] = [];
  for (let seed = 1; seed <= 40; seed++) {
    const problem = randomProblem(seed);
    const program = lpOf(problem);
    const report = await solveByHighs({
      text: program.text,
      columns: program.unitColumns,
      timeLimitMs: 10_000,
    });
    const choice =
      report.at === 'optimal' && report.values !== undefined
        ? program.choiceOf(report.values)
        : undefined;
    if (choice !== undefined && violations(problem, choice).length > 0) wrong.push(seed);
    const cost = choice === undefined ? undefined : costOf(problem, choice);
    if (cost !== bruteForce(problem)?.cost) wrong.push(seed);
  }
  expect(wrong).toEqual([]);
});

test('a solution that is known to HiGHS as its start is taken over', async () => {
  const problem = knapsacks(8);
  const known = await solve(problem, { timeLimitMs: 1_000, signal: AbortSignal.timeout(9_000) });
  if (known.at !== 'found') throw new Error('the knapsacks have a choice');
  const program = lpOf(problem, { cutoff: known.cost });
  const start = program.valuesOf(known.choice);
  const job = { text: program.text, columns: program.unitColumns, timeLimitMs: 10_000 };
  const report = await solveByHighs({ ...job, start });
  expect(report).toMatchObject({ at: 'optimal', values: expect.anything() });
});

test('what the search does not settle is settled by HiGHS in a thread', async () => {
  const signal = new AbortController().signal;
  // Odd halves of even amounts: HiGHS sees that at once, a search of choices does not.
  const solution = await solve(marketSplit(20), { timeLimitMs: 4_000, signal });
  expect(solution).toEqual({ at: 'none', proven: true });
});

test('a solve ends with the reason of its signal, also while the thread works', async () => {
  const controller = new AbortController();
  const solving = solve(marketSplit(60), { timeLimitMs: 60_000, signal: controller.signal });
  const reason = new Error('the user has had enough');
  setTimeout(() => controller.abort(reason), 400);
  await expect(solving).rejects.toBe(reason);
  const again = solve(knapsacks(2), { timeLimitMs: 1_000, signal: controller.signal });
  await expect(again).rejects.toBe(reason);
});

test('HiGHS that ends at its limit without a choice leaves what was known', async () => {
  const problem = marketSplit(60);
  const known = { at: 'none', proven: false } as const;
  const solution = await solveThoroughly({ problem, known, timeLimitMs: 250 });
  expect(solution.at).toBe('none');
});

test('a choice of HiGHS that is better than what was known is taken over', async () => {
  const problem = knapsacks(12);
  const best = await solve(problem, { timeLimitMs: 2_000, signal: new AbortController().signal });
  if (best.at !== 'found') throw new Error('the knapsacks have a choice');
  const choice = problem.groups.map(() => [1, 0]);
  const known = { at: 'found', choice, cost: costOf(problem, choice), bound: 0 } as const;
  expect(await solveThoroughly({ problem, known, timeLimitMs: 4_000 })).toEqual(best);
});

test('a known optimum survives a thorough solve without time', async () => {
  const problem = knapsacks(4);
  const known = await solve(problem, { timeLimitMs: 500, signal: new AbortController().signal });
  expect(await solveThoroughly({ problem, known, timeLimitMs: 0 })).toEqual(known);
});

test('an ordinary template is composed with a proof', async () => {
  const input = market([objective('web', { count: 3 })], [proposal('a'), proposal('b')]);
  const { signal } = new AbortController();
  const { composite } = await compose(input, { timeLimitMs: 1_000, signal });
  expect(composite).toMatchObject({ status: 'OK', proof: { kind: 'optimal', gapPercent: 0 } });
});
