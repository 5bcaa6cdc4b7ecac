import type { Proof, Shortfall } from '../../sla/sla.ts';
import type { ComposeInput, SlaProblem } from './build.ts';
import {
  type Choice,
  costOf,
  type Group,
  type Item,
  type Problem,
  type Solution,
} from './problem.ts';
import { shortfallsOf } from './shortfalls.ts';

export interface Closest {
  readonly choice: Choice;
  readonly shortfalls: readonly Shortfall[];
  readonly proof: Proof;
}

/** A demand of the template that the closest contract may break. */
type Demand =
  | { readonly kind: 'row'; readonly row: number }
  | { readonly kind: 'rule'; readonly rule: number }
  | { readonly kind: 'together'; readonly group: number };

/**
 * The contract that comes closest where none meets the template. In this order: it serves as many
 * machines as vendors' units and capacities allow; it keeps as much as it can of `together`,
 * `apart`, `near` and the budget, the budget being given up first; it costs least, and where the
 * budget is given up it overshoots least.
 */
export function* closest(
  sla: SlaProblem,
  input: ComposeInput,
  failed: Solution,
): Generator<Problem, Closest, Solution> {
  const stages = demandsOf(sla);
  const all = stages.flat();
  const strict = yield* served(sla, all);
  const loose = yield* served(sla, []);
  let kept: readonly Demand[] = [];
  let best = loose;
  if (strict.unserved <= loose.unserved) {
    kept = all;
    best = strict;
  } else {
    for (const stage of stages) {
      const whole = yield* served(sla, [...kept, ...stage]);
      if (whole.unserved <= best.unserved) {
        kept = [...kept, ...stage];
        best = whole;
        continue;
      }
      for (const demand of stage.length > 1 ? stage : []) {
        const one = yield* served(sla, [...kept, demand]);
        if (one.unserved > best.unserved) continue;
        kept = [...kept, demand];
        best = one;
      }
    }
  }
  if (givesUpBudget(sla, kept)) {
    const frugal = yield* served({ ...sla, problem: pricedAsCost(sla.problem) }, kept);
    if (frugal.unserved <= best.unserved) best = frugal;
  }
  const { choice, proof } = best;
  return { choice, shortfalls: shortfallsOf(sla, input, { choice, failed, proof }), proof };
}

/** The demands by what is kept first; those of one stage are tried together, then one by one. */
function demandsOf({ problem, rows }: SlaProblem): readonly (readonly Demand[])[] {
  const row = (kind: 'apart' | 'budget'): readonly Demand[] =>
    rows.flatMap((meaning, r) => (meaning.kind === kind ? [{ kind: 'row', row: r }] : []));
  const together = problem.groups.flatMap((group, g): Demand[] =>
    group.together === undefined ? [] : [{ kind: 'together', group: g }],
  );
  const near = problem.rules.map((_, r): Demand => ({ kind: 'rule', rule: r }));
  return [together, row('apart'), near, row('budget')].filter((stage) => stage.length > 0);
}

function givesUpBudget({ rows }: SlaProblem, kept: readonly Demand[]): boolean {
  if (rows[0]?.kind !== 'budget') return false;
  return !kept.some((demand) => demand.kind === 'row' && demand.row === 0);
}

interface Served {
  readonly choice: Choice;
  readonly unserved: number;
  readonly proof: Proof;
}

/** Solves with some demands kept and, in every group, a dear unit that stands for going without. */
function* served(sla: SlaProblem, kept: readonly Demand[]): Generator<Problem, Served, Solution> {
  const { problem } = sla;
  const relaxed = withoutDemands(sla, kept);
  const missing = dearest(problem) + 1;
  const groups = relaxed.groups.map((group): Group => {
    const without: Item = {
      cost: missing,
      units: group.count,
      fixed: 0,
      place: -1,
      vendor: -1,
      uses: [],
    };
    return { ...group, items: [...group.items, without] };
  });
  const solution = yield { ...relaxed, groups };
  // Without a solution at all only what is kept already stays served.
  const taken =
    solution.at === 'found'
      ? solution.choice
      : groups.map((group) => group.items.map((item) => item.fixed));
  const choice = taken.map((units) => units.slice(0, -1));
  const unserved = problem.groups.reduce(
    (sum, group, g) => sum + group.count - (choice[g] ?? []).reduce((a, b) => a + b, 0),
    0,
  );
  const optimal = solution.at === 'found' && solution.bound >= solution.cost;
  if (optimal) return { choice, unserved, proof: { kind: 'optimal', gapPercent: 0 } };
  if (solution.at === 'none') return { choice, unserved, proof: { kind: 'time-limit' } };
  // The gap is told in the price of the contract itself, not of the machines it goes without.
  const cost = Math.max(1, costOf(problem, choice));
  const gapPercent = Math.min(100, (100 * (solution.cost - solution.bound)) / cost);
  return { choice, unserved, proof: { kind: 'time-limit', gapPercent } };
}

function withoutDemands({ problem, rows }: SlaProblem, kept: readonly Demand[]): Problem {
  const keeps = new Set(kept.map((demand) => JSON.stringify(demand)));
  const keeping = (demand: Demand): boolean => keeps.has(JSON.stringify(demand));
  return {
    ...problem,
    groups: problem.groups.map((group, g) => {
      if (group.together === undefined || keeping({ kind: 'together', group: g })) return group;
      const { name, count, items } = group;
      return { name, count, items };
    }),
    rows: problem.rows.map((row, r) =>
      rows[r]?.kind === 'capacity' || keeping({ kind: 'row', row: r })
        ? row
        : { ...row, available: Number.MAX_VALUE },
    ),
    rules: problem.rules.filter((_, r) => keeping({ kind: 'rule', rule: r })),
  };
}

/** With the budget in row 0, what it counts becomes what is minimised. */
function pricedAsCost(problem: Problem): Problem {
  return {
    ...problem,
    groups: problem.groups.map((group) => ({
      ...group,
      items: group.items.map((item) => ({
        ...item,
        cost: item.uses.find((use) => use.row === 0)?.amount ?? 0,
      })),
    })),
  };
}

/** More than any choice of the problem costs. */
function dearest(problem: Problem): number {
  return problem.groups.reduce(
    (sum, group) =>
      sum + group.count * group.items.reduce((top, item) => Math.max(top, item.cost), 0),
    0,
  );
}
