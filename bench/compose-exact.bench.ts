/** Our own search against trying everything, on small random programs of every kind. */
import { isProven } from '../src/negotiation/compose/problem.ts';
import { composeSync } from '../src/negotiation/compose/search/search.ts';
import { bruteForce, randomProblem } from '../test/unit/compose/random-problem.ts';
import { print, type Row, short } from './harness.ts';

const CASES = 1_000;

export async function run(): Promise<readonly Row[]> {
  let equal = 0;
  let feasible = 0;
  let ownMs = 0;
  let bruteMs = 0;
  for (let seed = 1; seed <= CASES; seed += 1) {
    const problem = randomProblem(seed);
    const startMs = performance.now();
    const own = composeSync(problem);
    const middleMs = performance.now();
    const best = bruteForce(problem);
    ownMs += middleMs - startMs;
    bruteMs += performance.now() - middleMs;
    if (best !== undefined) feasible += 1;
    const cost = own.at === 'found' ? own.cost : undefined;
    if (isProven(own) && cost === best?.cost) equal += 1;
  }
  return [
    {
      what: 'composing, proven optimum equal to brute force',
      figure: equal,
      unit: `of ${CASES}`,
      goal: `all ${short(CASES)}`,
      met: equal === CASES,
      reference: `brute force ${short(bruteMs / CASES)} ms a case, ours ${short(ownMs / CASES)} ms`,
      conditions: `≤ 6 objectives, ≤ 5 vendors, budget, capacities, apart, together, near; ${feasible} have a solution`,
    },
  ];
}

if (import.meta.main) print(await run());
