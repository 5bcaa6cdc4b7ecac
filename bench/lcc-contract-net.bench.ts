/** FIPA contract nets in memory: the shipped models/contract-net.lcc, with evaluation. */
import { readFileSync } from 'node:fs';
import { compile } from '../src/lcc/compile.ts';
import { type ConstraintSpec, constraintTable } from '../src/lcc/constraint.ts';
import { InMemoryNet } from '../src/lcc/in-memory.ts';
import { parseModel } from '../src/lcc/parser.ts';
import { list, listItems, type Term } from '../src/lcc/term.ts';
import { contractNetConstraints } from '../src/migration/constraints.ts';
import { bareQueue } from './bare-queue.ts';
import { coreSeconds } from './core-seconds.ts';
import { median, print, type Row, short } from './harness.ts';

const sizes = [
  { vendors: 4, goal: 20_000, jade: 1_463 },
  { vendors: 20, goal: 10_000, jade: 834 },
  { vendors: 100, goal: 2_000, jade: 124 },
] as const;

const REPEATS = 5;

export async function run(): Promise<readonly Row[]> {
  return sizes.map(measure);
}

function measure({ vendors, goal, jade }: (typeof sizes)[number]): Row {
  const rounds = Math.ceil(60_000 / vendors);
  const messages = 3 * vendors + 1;
  const market = new Market(vendors);
  market.play(rounds);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    bare.push(bareQueue(vendors + 1, 1_000_000) / messages);
    ours.push(market.play(rounds));
  }
  const figure = median(ours);
  const reference = median(bare);
  return {
    what: `contract net, ${vendors} vendors, in memory`,
    figure,
    unit: 'rounds/s',
    goal: `≥ ${short(goal)}`,
    met: figure >= goal,
    reference: `bare routed queue, ${messages} messages a round: ${short(reference)}; JADE ${short(jade)}, not in this run`,
    ratio: figure / reference,
    conditions: `time of one core, median of ${REPEATS} × ${rounds} rounds of ${messages} messages, with evaluation`,
  };
}

/** Vendors that live through all rounds; each round has a new initiator. */
class Market {
  private readonly net: InMemoryNet;
  private ready = 0;
  private round = 0;
  private price = 0;

  constructor(vendors: number) {
    const model = readFileSync(new URL('../models/contract-net.lcc', import.meta.url), 'utf8');
    this.net = new InMemoryNet(compile(parseModel(model), constraintTable(this.specs())));
    for (let index = 0; index < vendors; index += 1) {
      this.net.start({ id: `vendor${index}`, role: 'vendor' });
    }
  }

  /** Rounds per second. */
  play(rounds: number): number {
    this.ready = 0;
    const seconds = coreSeconds(() => {
      for (let round = 0; round < rounds; round += 1) {
        this.net.start({ id: 'initiator', role: 'initiator' });
        this.net.run();
      }
    });
    if (this.ready !== rounds) throw new Error(`${this.ready} of ${rounds} rounds were concluded`);
    return rounds / seconds;
  }

  private nextRound(): number {
    this.round += 1;
    return this.round;
  }

  /** Different each time, and the same in every run. */
  private nextPrice(): number {
    this.price = (this.price * 7_919 + 12_345) % 100_003;
    return this.price;
  }

  private specs(): readonly ConstraintSpec[] {
    const answers: Readonly<Record<string, ConstraintSpec['compute']>> = {
      objective: () => [this.nextRound(), 'one machine', 30_000],
      bid: () => [this.nextPrice()],
      evaluate: ([, proposals]) => cheapest(proposals),
      allocate: () => ['ssh://machine'],
      rejected: () => [],
      ready: () => {
        this.ready += 1;
        return [];
      },
      failed: () => [],
    };
    return contractNetConstraints.map((spec) => {
      const compute = answers[spec.name];
      return { ...spec, kind: 'compute', ...(compute ? { compute } : {}) };
    });
  }
}

function cheapest(answers: Term | undefined): readonly Term[] | undefined {
  let best: Term | undefined;
  let least = Number.POSITIVE_INFINITY;
  const proposers: Term[] = [];
  for (const answer of listItems(answers ?? '') ?? []) {
    if (typeof answer !== 'object' || answer.kind !== 'struct') continue;
    const [vendor, price] = answer.args;
    if (answer.name !== 'proposal' || vendor === undefined || typeof price !== 'number') continue;
    proposers.push(vendor);
    if (price >= least) continue;
    least = price;
    best = vendor;
  }
  return best === undefined ? undefined : [best, list(proposers.filter((each) => each !== best))];
}

if (import.meta.main) print(await run());
