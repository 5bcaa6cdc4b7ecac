import { invariant } from '../../base/failure.ts';

/**
 * Composing as an integer program, free of every word about clouds: from each group exactly
 * `count` units of its items, at the least total cost, within shared rows and pair rules.
 *
 * Everything the template says becomes one of four things: a unit bound, a row (budget, shared
 * capacity, `apart`), a `together`, or a pair rule (`near`). docs/adr/composing.md argues the form.
 */
export interface Problem {
  readonly groups: readonly Group[];
  readonly rows: readonly Row[];
  readonly rules: readonly PairRule[];
  /** Places are the integers below this. */
  readonly placeCount: number;
}

/** One objective: how many units it needs, and what they may be taken from. */
export interface Group {
  readonly name: string;
  readonly count: number;
  readonly items: readonly Item[];
  /** All units in one place, or at one vendor; items without a place or vendor fit any. */
  readonly together?: 'place' | 'vendor';
}

/** One alternative. */
export interface Item {
  /** Of one unit; a safe integer, at least 0. */
  readonly cost: number;
  /** Units there are at most; at least `fixed`. */
  readonly units: number;
  /** Units that are decided already. */
  readonly fixed: number;
  /** -1: nowhere, which is near everything. */
  readonly place: number;
  /** -1: nobody's. */
  readonly vendor: number;
  /** What one unit takes; at most one entry for a row. */
  readonly uses: readonly Use[];
}

export interface Use {
  readonly row: number;
  /** At least 0. */
  readonly amount: number;
}

/** Over all chosen units, the sum of `amount` is at most `available`. */
export interface Row {
  readonly name: string;
  readonly available: number;
}

/** Every unit of `left` and every unit of `right` lie in compatible places. */
export interface PairRule {
  readonly left: number;
  readonly right: number;
  /** 1 at `leftPlace * placeCount + rightPlace` when the two may be used together. */
  readonly compatible: Uint8Array;
}

/** Units taken, by group and item. */
export type Choice = readonly (readonly number[])[];

/** What a solver found out. */
export type Solution =
  | {
      readonly at: 'found';
      readonly choice: Choice;
      readonly cost: number;
      /** No choice costs less; equal to `cost` when that is optimal. */
      readonly bound: number;
    }
  /** `proven`: there is no choice. Otherwise none was found within the budget. */
  | { readonly at: 'none'; readonly proven: boolean };

/** Whether nothing is left to find out. */
export function isProven(solution: Solution): boolean {
  return solution.at === 'none' ? solution.proven : solution.bound >= solution.cost;
}

/** Capacities are sums of floats; a row is broken only beyond this share of its size. */
export const rowTolerance = 1e-9;

/** The most that may be taken from a row. */
export function roomOf(row: Row): number {
  return row.available + rowTolerance * Math.max(1, Math.abs(row.available));
}

/** Total cost of a choice, feasible or not. */
export function costOf(problem: Problem, choice: Choice): number {
  let cost = 0;
  problem.groups.forEach((group, g) => {
    group.items.forEach((item, i) => {
      cost += item.cost * (choice[g]?.[i] ?? 0);
    });
  });
  return cost;
}

/** One way in which a choice breaks its problem. */
export type Violation =
  | { readonly kind: 'count'; readonly group: number; readonly taken: number }
  | { readonly kind: 'units'; readonly group: number; readonly item: number }
  | { readonly kind: 'together'; readonly group: number }
  | { readonly kind: 'row'; readonly row: number; readonly taken: number }
  | { readonly kind: 'rule'; readonly rule: number };

/** Everything that is wrong with a choice; empty when it is feasible. The one definition of it. */
export function violations(problem: Problem, choice: Choice): readonly Violation[] {
  const found: Violation[] = [];
  const taken = new Float64Array(problem.rows.length);
  problem.groups.forEach((group, g) => {
    let units = 0;
    const keys = new Set<number>();
    group.items.forEach((item, i) => {
      const chosen = choice[g]?.[i] ?? 0;
      if (chosen < item.fixed || chosen > item.units) {
        found.push({ kind: 'units', group: g, item: i });
      }
      if (chosen === 0) return;
      units += chosen;
      const key = keyOf(group, item);
      if (key >= 0) keys.add(key);
      for (const use of item.uses) taken[use.row] = (taken[use.row] ?? 0) + use.amount * chosen;
    });
    if (units !== group.count) found.push({ kind: 'count', group: g, taken: units });
    if (keys.size > 1) found.push({ kind: 'together', group: g });
  });
  problem.rows.forEach((row, r) => {
    const sum = taken[r] ?? 0;
    if (sum > roomOf(row)) found.push({ kind: 'row', row: r, taken: sum });
  });
  problem.rules.forEach((_, r) => {
    if (brokenPairs(problem, choice, r).length > 0) found.push({ kind: 'rule', rule: r });
  });
  return found;
}

/** The pairs of places that a choice uses against a rule. */
export function brokenPairs(
  problem: Problem,
  choice: Choice,
  rule: number,
): readonly (readonly [left: number, right: number])[] {
  const said = problem.rules[rule];
  invariant(said !== undefined, 'a rule of the problem');
  const pairs: [number, number][] = [];
  for (const left of placesUsed(problem, choice, said.left)) {
    for (const right of placesUsed(problem, choice, said.right)) {
      if (said.compatible[left * problem.placeCount + right] !== 1) pairs.push([left, right]);
    }
  }
  return pairs;
}

/** What must be equal for all units of a group that stays together; -1 for an item that fits any. */
export function keyOf(group: Group, item: Item): number {
  if (group.together === undefined) return -1;
  return group.together === 'place' ? item.place : item.vendor;
}

function placesUsed(problem: Problem, choice: Choice, group: number): ReadonlySet<number> {
  const places = new Set<number>();
  problem.groups[group]?.items.forEach((item, i) => {
    if ((choice[group]?.[i] ?? 0) > 0 && item.place >= 0) places.add(item.place);
  });
  return places;
}
