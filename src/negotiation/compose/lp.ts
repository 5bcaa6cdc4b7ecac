import { invariant } from '../../base/failure.ts';
import { type Choice, type Group, keyOf, type PairRule, type Problem, roomOf } from './problem.ts';
import { presolve, usableUnits } from './search/presolve.ts';

/** A problem as a program in CPLEX's LP format, and the way back. */
export interface LpProgram {
  readonly text: string;
  /** Names of the columns that hold units; their values, in this order, are a choice. */
  readonly unitColumns: readonly string[];
  /** The program's objective times this is the cost. */
  readonly costScale: number;
  readonly choiceOf: (values: readonly number[]) => Choice;
  readonly valuesOf: (choice: Choice) => readonly number[];
}

/**
 * Writes what presolve leaves. Pair rules between groups that use one place each become a flow
 * between their places, whose linear relaxation is far tighter than a row per forbidden pair; other
 * groups get an indicator per place. With `cutoff`, only choices of at most that cost are wanted.
 */
export function lpOf(problem: Problem, options: { readonly cutoff?: number } = {}): LpProgram {
  const { items, liveRows } = presolve(problem);
  const rows: string[] = [];
  const columns = new Columns();
  const takes: string[][] = problem.rows.map(() => []);
  const cost: string[] = [];
  const unitColumns: string[] = [];
  const costScale = dearestUnit(problem);
  problem.groups.forEach((group, g) => {
    const live = items[g] ?? [];
    for (const i of live) {
      const item = group.items[i];
      if (item === undefined) continue;
      const column = columns.whole(`x${g}_${i}`, item.fixed, usableUnits(problem, group, item));
      unitColumns.push(column);
      cost.push(term(item.cost / costScale, column));
      for (const { row, amount } of item.uses) {
        if (liveRows[row] === true && amount > 0) takes[row]?.push(term(amount, column));
      }
    }
    // A group without items still has to say that it cannot be filled.
    const all = live.length === 0 ? [columns.whole(`n${g}`, 0, 0)] : live.map((i) => `x${g}_${i}`);
    rows.push(`${sum(all)} = ${group.count}`);
    rows.push(...togetherRows(group, { g, items: live, columns }));
  });
  takes.forEach((terms, r) => {
    const row = problem.rows[r];
    if (terms.length > 0 && row !== undefined) rows.push(`${sum(terms)} <= ${roomOf(row)}`);
  });
  problem.rules.forEach((rule, r) => {
    rows.push(...ruleRows(problem, rule, { r, items, columns }));
  });
  if (options.cutoff !== undefined && cost.length > 0) {
    rows.push(`${sum(cost)} <= ${options.cutoff / costScale}`);
  }
  return { text: textOf(cost, rows, columns), unitColumns, costScale, ...wayBack(problem, items) };
}

function textOf(cost: readonly string[], rows: readonly string[], columns: Columns): string {
  return [
    'Minimize',
    ` obj: ${sum(cost.length === 0 ? ['0 n0'] : cost)}`,
    'Subject To',
    ...rows.map((row, n) => ` c${n}: ${row}`),
    'Bounds',
    ...columns.bounds,
    'General',
    ...columns.integers.map((column) => ` ${column}`),
    'End',
    '',
  ].join('\n');
}

function wayBack(
  problem: Problem,
  items: readonly (readonly number[])[],
): Pick<LpProgram, 'choiceOf' | 'valuesOf'> {
  return {
    choiceOf: (values) => {
      let next = 0;
      return problem.groups.map((group, g) => {
        const units = group.items.map(() => 0);
        for (const i of items[g] ?? []) units[i] = Math.round(values[next++] ?? 0);
        return units;
      });
    },
    valuesOf: (choice) => items.flatMap((live, g) => live.map((i) => choice[g]?.[i] ?? 0)),
  };
}

/** Divides all costs, since solvers work to absolute tolerances. */
function dearestUnit(problem: Problem): number {
  let dearest = 1;
  for (const { items } of problem.groups) {
    for (const { cost } of items) dearest = Math.max(dearest, cost);
  }
  return dearest;
}

class Columns {
  readonly bounds: string[] = [];
  readonly integers: string[] = [];

  whole(name: string, least: number, most: number): string {
    this.bounds.push(` ${least} <= ${name} <= ${most}`);
    this.integers.push(name);
    return name;
  }
}

interface Columned {
  readonly g: number;
  readonly items: readonly number[];
  readonly columns: Columns;
}

/** One indicator per place or vendor, of which one is 1; units elsewhere are 0. */
function togetherRows(group: Group, { g, items, columns }: Columned): readonly string[] {
  if (group.together === undefined) return [];
  const byKey = new Map<number, string[]>();
  for (const i of items) {
    const item = group.items[i];
    const key = item === undefined ? -1 : keyOf(group, item);
    if (key < 0) continue;
    byKey.set(key, [...(byKey.get(key) ?? []), `x${g}_${i}`]);
  }
  const keys = [...byKey.keys()].map((key) => columns.whole(`z${g}_${key}`, 0, 1));
  if (keys.length === 0) return [];
  return [
    `${sum(keys)} <= 1`,
    ...[...byKey].map(([key, units]) => `${sum(units)} - ${group.count} z${g}_${key} <= 0`),
  ];
}

interface Ruled {
  readonly r: number;
  readonly items: readonly (readonly number[])[];
  readonly columns: Columns;
}

function ruleRows(problem: Problem, rule: PairRule, ruled: Ruled): readonly string[] {
  const { placeCount } = problem;
  const [left, right] = [placesOf(problem, rule.left, ruled), placesOf(problem, rule.right, ruled)];
  if (rule.left !== rule.right && oneEach(problem, rule, ruled)) {
    return flowRows(problem, rule, ruled);
  }
  const rows: string[] = [];
  const used = (side: 'a' | 'b', group: number, units: ReadonlyMap<number, readonly string[]>) => {
    const count = problem.groups[group]?.count ?? 0;
    for (const [place, columns] of units) {
      const indicator = ruled.columns.whole(`${side}${ruled.r}_${place}`, 0, 1);
      rows.push(`${sum(columns)} - ${count} ${indicator} <= 0`);
    }
  };
  used('a', rule.left, left);
  used('b', rule.right, right);
  for (const here of left.keys()) {
    for (const there of right.keys()) {
      if (rule.compatible[here * placeCount + there] === 1) continue;
      rows.push(`a${ruled.r}_${here} + b${ruled.r}_${there} <= 1`);
    }
  }
  return rows;
}

/** Both groups have one unit, and every item of theirs has a place. */
function oneEach(problem: Problem, rule: PairRule, { items }: Ruled): boolean {
  return [rule.left, rule.right].every((g) => {
    const group = problem.groups[g];
    const placed = (items[g] ?? []).every((i) => (group?.items[i]?.place ?? -1) >= 0);
    return group?.count === 1 && placed;
  });
}

function flowRows(problem: Problem, rule: PairRule, ruled: Ruled): readonly string[] {
  const { placeCount } = problem;
  const [left, right] = [placesOf(problem, rule.left, ruled), placesOf(problem, rule.right, ruled)];
  const out = new Map<number, string[]>();
  const into = new Map<number, string[]>();
  for (const here of left.keys()) {
    for (const there of right.keys()) {
      if (rule.compatible[here * placeCount + there] !== 1) continue;
      const flow = `y${ruled.r}_${here}_${there}`;
      out.set(here, [...(out.get(here) ?? []), flow]);
      into.set(there, [...(into.get(there) ?? []), flow]);
    }
  }
  const balanced = (
    units: ReadonlyMap<number, readonly string[]>,
    flows: ReadonlyMap<number, readonly string[]>,
  ): readonly string[] =>
    [...units].map(([place, columns]) =>
      [sum(columns), ...(flows.get(place) ?? []).map((flow) => `- ${flow}`), '= 0'].join(' '),
    );
  return [...balanced(left, out), ...balanced(right, into)];
}

function placesOf(
  problem: Problem,
  g: number,
  { items }: Ruled,
): ReadonlyMap<number, readonly string[]> {
  const places = new Map<number, string[]>();
  for (const i of items[g] ?? []) {
    const place = problem.groups[g]?.items[i]?.place ?? -1;
    if (place < 0) continue;
    places.set(place, [...(places.get(place) ?? []), `x${g}_${i}`]);
  }
  return places;
}

/** Lines of bounded length: readers of the format need not take megabytes at a time. */
function sum(terms: readonly string[]): string {
  const lines: string[] = [];
  for (let n = 0; n < terms.length; n += 20) lines.push(terms.slice(n, n + 20).join(' + '));
  return lines.join('\n + ');
}

function term(factor: number, column: string): string {
  invariant(Number.isFinite(factor), 'factors are finite');
  return `${factor} ${column}`;
}
