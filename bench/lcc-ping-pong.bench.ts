/** Messages per second between pairs of agents that run an LCC model in memory. */
import { compile } from '../src/lcc/compile.ts';
import { constraintTable } from '../src/lcc/constraint.ts';
import { InMemoryNet } from '../src/lcc/in-memory.ts';
import { parseModel } from '../src/lcc/parser.ts';
import { bareQueue } from './bare-queue.ts';
import { coreSeconds } from './core-seconds.ts';
import { median, print, type Row, short } from './harness.ts';

const model = `
  r(pinger, initial, 1, 800)
  r(ponger, necessary, 1, 800)
  a(pinger(Q), P) ::
    ping(1) => a(ponger, Q)
    then ( pong(N) <= a(ponger, Q) or null <- timeout(1000) )
    then a(pinger(Q), P)
  a(ponger, Q) ::
    ping(N) <= a(pinger, P)
    then pong(N) => a(pinger, P)
    then a(ponger, Q)
`;

const sizes = [
  { pairs: 1, goal: undefined, jade: '38,800' },
  { pairs: 100, goal: undefined, jade: 'about 100,000' },
  { pairs: 800, goal: 1_000_000, jade: '28,000' },
] as const;

const REPEATS = 5;
const MESSAGES = 1_000_000;

export async function run(): Promise<readonly Row[]> {
  return sizes.map(measure);
}

function measure({ pairs, goal, jade }: (typeof sizes)[number]): Row {
  const net = new InMemoryNet(compile(parseModel(model), constraintTable([])));
  for (let pair = 0; pair < pairs; pair += 1) net.start({ id: `pong${pair}`, role: 'ponger' });
  for (let pair = 0; pair < pairs; pair += 1) {
    net.start({ id: `ping${pair}`, role: 'pinger', args: [`pong${pair}`] });
  }
  net.run(MESSAGES / 2);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    bare.push(bareQueue(2 * pairs, 2 * MESSAGES));
    ours.push(MESSAGES / coreSeconds(() => net.run(MESSAGES)));
  }
  const figure = median(ours);
  const reference = median(bare);
  return {
    what: `ping-pong, ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}, LCC in memory`,
    figure,
    unit: 'messages/s',
    goal: goal === undefined ? '' : `≥ ${short(goal)}`,
    met: figure >= (goal ?? 0),
    reference: `bare routed queue ${short(reference)}; JADE ${jade}, not in this run`,
    ratio: figure / reference,
    conditions: `time of one core, a timeout on every wait, median of ${REPEATS} × ${MESSAGES / 1_000_000} M messages`,
  };
}

if (import.meta.main) print(await run());
