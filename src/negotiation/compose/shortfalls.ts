import { formatPrice } from '../../sla/money.ts';
import type { Objective } from '../../sla/objective.ts';
import type { Proof, Shortfall } from '../../sla/sla.ts';
import type { ComposeInput, SlaProblem } from './build.ts';
import { latencyMs } from './places.ts';
import { brokenPairs, type Choice, type Solution } from './problem.ts';

export interface Failing {
  readonly choice: Choice;
  /** What the search for a contract that meets everything came to. */
  readonly failed: Solution;
  /** Of the closest contract. */
  readonly proof: Proof;
}

/** Every way in which a choice does not meet the template, in words and numbers. */
export function shortfallsOf(
  sla: SlaProblem,
  input: ComposeInput,
  { choice, failed, proof }: Failing,
): readonly Shortfall[] {
  const { objectives } = input.template;
  const found = [
    ...objectives.flatMap((objective, g) => tooFew(sla, input, { objective, g, choice })),
    ...objectives.flatMap((objective, g) => scattered(sla, choice, { objective, g })),
    ...crowded(sla, choice),
    ...farApart(sla, input, choice),
    ...overBudget(sla, { choice, proof }),
  ];
  const gaveUp = failed.at === 'none' && !failed.proven;
  if (!gaveUp || found.length === 0) return found;
  const detail = 'the search ended before it could rule out a contract that meets everything';
  return [...found, { kind: 'time-limit', detail }];
}

interface Of {
  readonly objective: Objective;
  readonly g: number;
}

function tooFew(
  { problem, excluded }: SlaProblem,
  input: ComposeInput,
  { objective, g, choice }: Of & { readonly choice: Choice },
): readonly Shortfall[] {
  const units = (choice[g] ?? []).reduce((sum, taken) => sum + taken, 0);
  const { name, count } = objective;
  if (units >= count) return [];
  const items = problem.groups[g]?.items ?? [];
  if (items.length === 0) {
    const refused = input.answers
      .filter((answer) => answer.objective === name)
      .flatMap((answer) => answer.refusals)
      .map((refusal) => `${refusal.vendor}: ${refusal.reason}, ${refusal.detail}`);
    const unfit = excluded
      .filter(({ proposal }) => proposal.objective === name)
      .map(({ proposal, reason }) => `${proposal.vendor} ${proposal.shape}: ${reason}`);
    const reasons = [...new Set([...refused, ...unfit])];
    const why = reasons.length === 0 ? 'no vendor answered' : shortList(reasons);
    return [
      { objective: name, kind: 'no-proposal', detail: `asked ${count}, offered none (${why})` },
    ];
  }
  const offered = items.reduce((sum, item) => sum + item.units, 0);
  if (offered < count) {
    const detail = `asked ${count}, all proposals together serve ${offered}`;
    return [{ objective: name, kind: 'too-few', detail }];
  }
  const detail = `asked ${count}, served ${units}: ${tightRows({ problem, g, choice })}`;
  return [{ objective: name, kind: 'capacity', detail }];
}

/** What keeps a group from taking one more unit: the rows that its unused items run into. */
function tightRows(of: {
  readonly problem: SlaProblem['problem'];
  readonly g: number;
  readonly choice: Choice;
}): string {
  const { problem, g, choice } = of;
  const taken = takenOf(problem, choice);
  const words = new Set<string>();
  problem.groups[g]?.items.forEach((item, i) => {
    if ((choice[g]?.[i] ?? 0) >= item.units) return;
    for (const { row, amount } of item.uses) {
      const { name, available } = problem.rows[row] ?? { name: '', available: 0 };
      const left = available - (taken[row] ?? 0);
      if (amount > left) words.add(`${name} has ${round(left)} left, one takes ${round(amount)}`);
    }
  });
  return words.size === 0 ? 'no proposal has units left' : shortList([...words]);
}

function scattered(sla: SlaProblem, choice: Choice, { objective, g }: Of): readonly Shortfall[] {
  const { together } = objective.place;
  if (together === undefined) return [];
  const keys = new Set(
    (sla.proposals[g] ?? [])
      .filter((_, i) => (choice[g]?.[i] ?? 0) > 0)
      .map(({ vendor, site }) => (together === 'site' ? `${vendor} ${site}` : vendor)),
  );
  if (keys.size < 2) return [];
  const detail = `asked all in one ${together}, no ${together} serves ${objective.count}: ${shortList([...keys])}`;
  return [{ objective: objective.name, kind: 'together', detail }];
}

function crowded({ problem, rows }: SlaProblem, choice: Choice): readonly Shortfall[] {
  const taken = takenOf(problem, choice);
  return rows.flatMap((meaning, r): Shortfall[] => {
    const units = taken[r] ?? 0;
    if (meaning.kind !== 'apart' || units <= 1) return [];
    const detail = `asked at most one at ${meaning.at}, there are ${units}`;
    return [{ objective: meaning.objective, kind: 'apart', detail }];
  });
}

function farApart(
  { problem, nears, places }: SlaProblem,
  { sites }: ComposeInput,
  choice: Choice,
): readonly Shortfall[] {
  return nears.flatMap((objective, r): Shortfall[] => {
    const { near } = objective.place;
    if (near === undefined) return [];
    const pairs = brokenPairs(problem, choice, r).flatMap(([left, right]) => {
      const [a, b] = [places[left], places[right]];
      if (a === undefined || b === undefined) return [];
      const apartMs = latencyMs(sites, a, b);
      const time = apartMs === undefined ? 'an unknown time' : `${round(apartMs)} ms`;
      return [`${a.vendor} ${a.site} and ${b.vendor} ${b.site} are ${time} apart`];
    });
    if (pairs.length === 0) return [];
    const detail = `asked within ${near.withinMs} ms of ${near.objective}: ${shortList(pairs)}`;
    return [{ objective: objective.name, kind: 'near', detail }];
  });
}

function overBudget(
  { problem, rows }: SlaProblem,
  { choice, proof }: Pick<Failing, 'choice' | 'proof'>,
): readonly Shortfall[] {
  const [budget] = rows;
  if (budget?.kind !== 'budget') return [];
  const micros = takenOf(problem, choice)[0] ?? 0;
  if (micros <= budget.limitMicros) return [];
  const { currency, limitMicros } = budget;
  const which = proof.kind === 'optimal' ? 'the cheapest is' : 'the cheapest found is';
  const limit = formatPrice({ micros: limitMicros, currency });
  const detail = `asked ${limit} at most, ${which} ${formatPrice({ micros, currency })}`;
  return [{ kind: 'budget', detail }];
}

function takenOf(problem: SlaProblem['problem'], choice: Choice): Float64Array {
  const taken = new Float64Array(problem.rows.length);
  problem.groups.forEach((group, g) => {
    group.items.forEach((item, i) => {
      for (const { row, amount } of item.uses) {
        taken[row] = (taken[row] ?? 0) + amount * (choice[g]?.[i] ?? 0);
      }
    });
  });
  return taken;
}

/** A reader takes in a few reasons; the rest are counted. */
function shortList(words: readonly string[]): string {
  const shown = words.slice(0, 4).join('; ');
  return words.length > 4 ? `${shown}; and ${words.length - 4} more` : shown;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
