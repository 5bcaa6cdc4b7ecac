/** Bargaining on two domains of the ANAC competitions: the utilities of NegMAS, and its speed. */
import { bargain } from '../src/negotiation/bargain.ts';
import type { TacticName } from '../src/sla/tactics.ts';
import {
  type Domain,
  englandZimbabwe,
  itexVersusCypress,
  missingDomains,
} from './bargain-domain.ts';
import { coreSeconds } from './core-seconds.ts';
import { median, print, type Row, short } from './harness.ts';

const ROUNDS = 100;
const TOLERANCE = 0.05;
const BARGAINS = 5_000;
const REPEATS = 5;

interface Pair {
  readonly first: TacticName;
  readonly second: TacticName;
  /** Utilities that NegMAS 0.15.7 came to. */
  readonly negmas: readonly [number, number];
}

const played: readonly {
  readonly domain: () => Domain | undefined;
  readonly pairs: readonly Pair[];
}[] = [
  {
    domain: itexVersusCypress,
    pairs: [
      { first: 'boulware', second: 'boulware', negmas: [0.694, 0.676] },
      { first: 'boulware', second: 'conceder', negmas: [0.943, 0.314] },
      { first: 'micro', second: 'boulware', negmas: [0.837, 0.601] },
    ],
  },
  {
    domain: englandZimbabwe,
    pairs: [
      { first: 'boulware', second: 'boulware', negmas: [0.812, 0.819] },
      { first: 'boulware', second: 'conceder', negmas: [1, 0.356] },
      { first: 'micro', second: 'boulware', negmas: [0.87, 0.738] },
    ],
  },
];

export async function run(): Promise<readonly Row[]> {
  return played.flatMap(({ domain, pairs }) => {
    const found = domain();
    if (found === undefined) return [missingDomains('bargaining on an ANAC domain')];
    return [agreements(found, pairs), speed(found, pairs)];
  });
}

function agreements({ name, first, second }: Domain, pairs: readonly Pair[]): Row {
  const off = pairs.map((pair) => {
    const { utilities } = bargain(
      { preference: first, tactic: pair.first },
      { preference: second, tactic: pair.second },
      ROUNDS,
    );
    const [a, b] = utilities.map((utility, side) => Math.abs(utility - (pair.negmas[side] ?? 0)));
    const shown = utilities.map((utility) => utility.toFixed(3)).join('/');
    return { worst: Math.max(a ?? 1, b ?? 1), shown: `${pair.first}–${pair.second} ${shown}` };
  });
  const figure = Math.max(...off.map(({ worst }) => worst));
  const peers = pairs.map(({ negmas }) => negmas.map((one) => one.toFixed(3)).join('/')).join(', ');
  return {
    what: `bargaining on ${name}: utilities off NegMAS's by at most`,
    figure,
    unit: '',
    goal: `≤ ${TOLERANCE}`,
    met: figure <= TOLERANCE,
    reference: `NegMAS 0.15.7: ${peers}; not in this run`,
    conditions: `${ROUNDS} rounds, ${first.utilities.length} outcomes: ${off.map(({ shown }) => shown).join(', ')}`,
  };
}

function speed({ name, first, second }: Domain, pairs: readonly Pair[]): Row {
  const play = (): void => {
    for (let n = 0; n < BARGAINS; n += 1) {
      const pair = pairs[n % pairs.length];
      if (pair === undefined) continue;
      const party = { preference: first, tactic: pair.first };
      bargain(party, { preference: second, tactic: pair.second }, ROUNDS);
    }
  };
  play();
  const figure = median(Array.from({ length: REPEATS }, () => BARGAINS / coreSeconds(play)));
  return {
    what: `bargaining on ${name}, tactics as functions`,
    figure,
    unit: 'negotiations/s',
    goal: `≥ ${short(10_000)}`,
    met: figure >= 10_000,
    reference: 'NegMAS 17 to 43, not in this run',
    conditions: `time of one core, median of ${REPEATS} × ${BARGAINS}, the ${pairs.length} pairs in turn`,
  };
}

if (import.meta.main) print(await run());
