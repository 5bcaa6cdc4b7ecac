import { type Choice, keyOf, type Problem, rowTolerance } from '../problem.ts';
import { presolve, usableUnits } from './presolve.ts';

/**
 * A presolved problem in flat arrays: what the search runs on. Items are numbered through all
 * groups, those of group g from `start[g]` to `start[g + 1]`, cheapest first. Each row is scaled so
 * that its uses take 1 on average: then the multipliers of all rows are of one scale.
 */
export interface Program {
  readonly problem: Problem;
  readonly groupCount: number;
  readonly itemCount: number;
  readonly rowCount: number;
  readonly start: Int32Array;
  readonly count: Int32Array;
  /** 1 where all units of the group share one key. */
  readonly together: Uint8Array;
  readonly cost: Float64Array;
  readonly least: Int32Array;
  readonly most: Int32Array;
  readonly place: Int32Array;
  readonly key: Int32Array;
  readonly groupOf: Int32Array;
  /** Uses of item i lie from `useStart[i]` to `useStart[i + 1]`. */
  readonly useStart: Int32Array;
  readonly useRow: Int32Array;
  readonly useAmount: Float64Array;
  /** What there is of each row, a shade under its tolerance, so that rounding spoils no yes. */
  readonly room: Float64Array;
  /** The item's index in its group of the problem. */
  readonly origin: Int32Array;
  /** Rules by group: the group is `left` in the first, `right` in the second list. */
  readonly rulesOf: readonly (readonly GroupRule[])[];
  readonly placeCount: number;
}

/** A pair rule seen from one of its groups. */
export interface GroupRule {
  readonly other: number;
  /** 1 at `placeHere * placeCount + placeThere`. */
  readonly compatible: Uint8Array;
}

export function programOf(problem: Problem): Program {
  const reduced = presolve(problem);
  const liveRow = new Int32Array(problem.rows.length).fill(-1);
  let rowCount = 0;
  reduced.liveRows.forEach((live, r) => {
    if (live) liveRow[r] = rowCount++;
  });
  const flat = problem.groups.flatMap((group, g) =>
    (reduced.items[g] ?? []).flatMap((i) => {
      const item = group.items[i];
      return item === undefined ? [] : [{ group, g, item, i }];
    }),
  );
  const useStart = new Int32Array(flat.length + 1);
  const useRow: number[] = [];
  const useAmount: number[] = [];
  flat.forEach(({ item }, f) => {
    for (const { row, amount } of item.uses) {
      const live = liveRow[row] ?? -1;
      if (live < 0 || amount === 0) continue;
      useRow.push(live);
      useAmount.push(amount);
    }
    useStart[f + 1] = useRow.length;
  });
  const room = scaled(problem, liveRow, { useRow, useAmount });
  const start = new Int32Array(problem.groups.length + 1);
  for (const { g } of flat) start[g + 1] = (start[g + 1] ?? 0) + 1;
  for (let g = 0; g < problem.groups.length; g++)
    start[g + 1] = (start[g + 1] ?? 0) + (start[g] ?? 0);
  return {
    problem,
    groupCount: problem.groups.length,
    itemCount: flat.length,
    rowCount,
    start,
    count: Int32Array.from(problem.groups, (group) => group.count),
    together: Uint8Array.from(problem.groups, (group) => (group.together === undefined ? 0 : 1)),
    cost: Float64Array.from(flat, ({ item }) => item.cost),
    least: Int32Array.from(flat, ({ item }) => item.fixed),
    most: Int32Array.from(flat, ({ group, item }) => usableUnits(problem, group, item)),
    place: Int32Array.from(flat, ({ item }) => item.place),
    key: Int32Array.from(flat, ({ group, item }) => keyOf(group, item)),
    groupOf: Int32Array.from(flat, ({ g }) => g),
    useStart,
    useRow: Int32Array.from(useRow),
    useAmount: Float64Array.from(useAmount),
    room,
    origin: Int32Array.from(flat, ({ i }) => i),
    rulesOf: rulesByGroup(problem),
    placeCount: problem.placeCount,
  };
}

/** Divides the amounts of each live row by their mean, in place, and answers the rooms likewise. */
function scaled(
  problem: Problem,
  liveRow: Int32Array,
  uses: { readonly useRow: readonly number[]; readonly useAmount: number[] },
): Float64Array {
  const { useRow, useAmount } = uses;
  const rowCount = liveRow.reduce((count, live) => Math.max(count, live + 1), 0);
  const sums = new Float64Array(rowCount);
  const counts = new Float64Array(rowCount);
  useRow.forEach((row, u) => {
    sums[row] = (sums[row] ?? 0) + (useAmount[u] ?? 0);
    counts[row] = (counts[row] ?? 0) + 1;
  });
  const mean = sums.map((sum, row) => (sum > 0 ? sum / (counts[row] ?? 1) : 1));
  useRow.forEach((row, u) => {
    useAmount[u] = (useAmount[u] ?? 0) / (mean[row] ?? 1);
  });
  const room = new Float64Array(rowCount);
  problem.rows.forEach((bound, r) => {
    const live = liveRow[r] ?? -1;
    const tolerance = 0.9 * rowTolerance * Math.max(1, Math.abs(bound.available));
    if (live >= 0) room[live] = (bound.available + tolerance) / (mean[live] ?? 1);
  });
  return room;
}

/** Units by flat item, as a choice of the problem. */
export function choiceOf(program: Program, units: Int32Array): Choice {
  const choice = program.problem.groups.map((group) => group.items.map(() => 0));
  for (let i = 0; i < program.itemCount; i++) {
    const group = choice[program.groupOf[i] ?? 0];
    if (group !== undefined) group[program.origin[i] ?? 0] = units[i] ?? 0;
  }
  return choice;
}

/** A choice of the problem by flat item; undefined when it uses what the program has dropped. */
export function unitsOf(program: Program, choice: Choice): Int32Array | undefined {
  const units = Int32Array.from(
    program.origin,
    (item, i) => choice[program.groupOf[i] ?? 0]?.[item] ?? 0,
  );
  const needed = program.count.reduce((sum, count) => sum + count, 0);
  return units.reduce((sum, count) => sum + count, 0) === needed ? units : undefined;
}

/** The program without the items that `most` rules out; bounds become the given ones. */
export function narrowed(
  program: Program,
  bounds: { readonly least: Int32Array; readonly most: Int32Array },
): Program {
  const stays: number[] = [];
  const start = new Int32Array(program.groupCount + 1);
  for (let i = 0; i < program.itemCount; i++) {
    if ((bounds.most[i] ?? 0) === 0) continue;
    stays.push(i);
    const g = (program.groupOf[i] ?? 0) + 1;
    start[g] = (start[g] ?? 0) + 1;
  }
  for (let g = 0; g < program.groupCount; g++) start[g + 1] = (start[g + 1] ?? 0) + (start[g] ?? 0);
  const useStart = new Int32Array(stays.length + 1);
  const useRow: number[] = [];
  const useAmount: number[] = [];
  stays.forEach((i, f) => {
    for (let u = program.useStart[i] ?? 0; u < (program.useStart[i + 1] ?? 0); u++) {
      useRow.push(program.useRow[u] ?? 0);
      useAmount.push(program.useAmount[u] ?? 0);
    }
    useStart[f + 1] = useRow.length;
  });
  const ints = (from: Int32Array): Int32Array => Int32Array.from(stays, (i) => from[i] ?? 0);
  return {
    ...program,
    itemCount: stays.length,
    start,
    cost: Float64Array.from(stays, (i) => program.cost[i] ?? 0),
    least: ints(bounds.least),
    most: ints(bounds.most),
    place: ints(program.place),
    key: ints(program.key),
    groupOf: ints(program.groupOf),
    useStart,
    useRow: Int32Array.from(useRow),
    useAmount: Float64Array.from(useAmount),
    origin: ints(program.origin),
  };
}

function rulesByGroup(problem: Problem): readonly (readonly GroupRule[])[] {
  const rules = problem.groups.map((): GroupRule[] => []);
  for (const { left, right, compatible } of problem.rules) {
    const turned = new Uint8Array(compatible.length);
    for (let a = 0; a < problem.placeCount; a++) {
      for (let b = 0; b < problem.placeCount; b++) {
        turned[b * problem.placeCount + a] = compatible[a * problem.placeCount + b] ?? 0;
      }
    }
    rules[left]?.push({ other: right, compatible });
    rules[right]?.push({ other: left, compatible: turned });
  }
  return rules;
}
