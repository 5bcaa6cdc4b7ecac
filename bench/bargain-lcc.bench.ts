/** The same bargains as conversations: models/bargaining.lcc over the in-memory engine. */
import { bargain, type Party } from '../src/negotiation/bargain.ts';
import { Table } from '../test/unit/bargain/table.ts';
import { type Domain, itexVersusCypress, missingDomains } from './bargain-domain.ts';
import { coreSeconds } from './core-seconds.ts';
import { median, print, type Row, short } from './harness.ts';

const ROUNDS = 100;
const BARGAINS = 1_000;
const REPEATS = 5;

export async function run(): Promise<readonly Row[]> {
  const what = 'bargaining on ItexvsCypress as LCC conversations';
  const domain = itexVersusCypress();
  if (domain === undefined) return [missingDomains(what)];
  const parties = partiesOf(domain);
  const table = new Table(parties, ROUNDS);
  const agreed = bargain(...parties, ROUNDS);
  if (table.play() !== agreed.outcome) throw new Error('the conversation ended elsewhere');
  const ours: number[] = [];
  const bare: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    ours.push(BARGAINS / coreSeconds(() => times(() => table.play())));
    bare.push(BARGAINS / coreSeconds(() => times(() => bargain(...parties, ROUNDS))));
  }
  const [figure, reference] = [median(ours), median(bare)];
  return [
    {
      what,
      figure,
      unit: 'negotiations/s',
      goal: `≥ ${short(1_000)}`,
      met: figure >= 1_000,
      reference: `the same tactics as functions: ${short(reference)}`,
      ratio: figure / reference,
      conditions: `time of one core, median of ${REPEATS} × ${BARGAINS}; boulware–boulware, ${table.messages} messages each, the same agreement`,
    },
  ];
}

function times(work: () => void): void {
  for (let n = 0; n < BARGAINS; n += 1) work();
}

function partiesOf({ first, second }: Domain): readonly [Party, Party] {
  return [
    { preference: first, tactic: 'boulware' },
    { preference: second, tactic: 'boulware' },
  ];
}

if (import.meta.main) print(await run());
