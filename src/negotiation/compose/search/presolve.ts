import { type Group, type Item, keyOf, type Problem, roomOf } from '../problem.ts';

/** Items that a search has to look at, by group: their indices in the problem, cheapest first. */
export interface Reduced {
  readonly items: readonly (readonly number[])[];
  /** Rows that some choice could break; the others never matter. */
  readonly liveRows: readonly boolean[];
  /** Of each dropped item that is dominated, the item that takes its place, by group. */
  readonly dominators: readonly ReadonlyMap<number, number>[];
}

/** Drops what no optimal choice needs: impossible and dominated items, rows that cannot bind. */
export function presolve(problem: Problem): Reduced {
  const liveRows = rowsThatCanBind(problem);
  const ruled = new Set(problem.rules.flatMap((rule) => [rule.left, rule.right]));
  const items: (readonly number[])[] = [];
  const dominators: ReadonlyMap<number, number>[] = [];
  problem.groups.forEach((group, g) => {
    const possible: number[] = [];
    const costs = Float64Array.from(group.items, (item) => item.cost);
    group.items.forEach((item, i) => {
      if (usableUnits(problem, group, item) > 0) possible.push(i);
    });
    possible.sort((a, b) => (costs[a] ?? 0) - (costs[b] ?? 0) || a - b);
    const pruned = undominated(problem, group, {
      order: possible,
      liveRows,
      samePlace: ruled.has(g),
    });
    items.push(pruned.kept);
    dominators.push(pruned.dominators);
  });
  return { items, liveRows, dominators };
}

/** How many units of an item any choice can hold: its own bound, the count, each row alone. */
export function usableUnits(problem: Problem, group: Group, item: Item): number {
  let units = Math.min(item.units, group.count);
  for (const { row, amount } of item.uses) {
    const bound = problem.rows[row];
    if (amount > 0 && bound !== undefined) {
      units = Math.min(units, Math.floor(roomOf(bound) / amount));
    }
  }
  return Math.max(units, item.fixed);
}

/** A row binds only if each group, taking its greediest items, could overfill it together. */
function rowsThatCanBind(problem: Problem): readonly boolean[] {
  const most = new Float64Array(problem.rows.length);
  const mostOfGroup = new Float64Array(problem.rows.length);
  for (const group of problem.groups) {
    mostOfGroup.fill(0);
    for (const item of group.items) {
      for (const { row, amount } of item.uses) {
        if (amount > (mostOfGroup[row] ?? 0)) mostOfGroup[row] = amount;
      }
    }
    for (let r = 0; r < most.length; r++) {
      most[r] = (most[r] ?? 0) + (mostOfGroup[r] ?? 0) * group.count;
    }
  }
  return problem.rows.map((row, r) => (most[r] ?? 0) > roomOf(row));
}

interface Pruning {
  /** Item indices, cheapest first. */
  readonly order: readonly number[];
  readonly liveRows: readonly boolean[];
  /** The group is under a pair rule, so only an item in the same place can stand in. */
  readonly samePlace: boolean;
}

/**
 * An item is dropped when the items that are no worse in every respect have units enough for the
 * whole group: whoever uses it leaves one of theirs free, and swapping breaks nothing.
 */
function undominated(
  problem: Problem,
  group: Group,
  { order, liveRows, samePlace }: Pruning,
): { readonly kept: readonly number[]; readonly dominators: ReadonlyMap<number, number> } {
  const kept: number[] = [];
  const dominators = new Map<number, number>();
  const classes = new UseClasses(liveRows);
  const amounts: number[] = [];
  for (const i of order) {
    const item = group.items[i];
    if (item === undefined) continue;
    const own = classes.of(item, samePlace ? item.place : -1, keyOf(group, item));
    classes.amountsOf(item, amounts);
    let units = 0;
    let dominator = -1;
    for (const { among, positions } of item.fixed > 0 ? [] : own.noWider) {
      for (const better of among.members) {
        if (!takesNoMore(better.amounts, amounts, positions)) continue;
        if (dominator < 0) dominator = better.index;
        units += better.units;
        if (units >= group.count) break;
      }
      if (units >= group.count) break;
    }
    if (units >= group.count) dominators.set(i, dominator);
    else {
      kept.push(i);
      const taken = [...amounts];
      own.members.push({ index: i, units: usableUnits(problem, group, item), amounts: taken });
    }
  }
  return { kept, dominators };
}

function takesNoMore(
  better: readonly number[],
  worse: readonly number[],
  positions: readonly number[],
): boolean {
  for (let n = 0; n < positions.length; n++) {
    if ((better[n] ?? 0) > (worse[positions[n] ?? 0] ?? 0)) return false;
  }
  return true;
}

/** Items of one group that take from the same live rows and are bound to the same place and key. */
interface UseClass {
  readonly rows: readonly number[];
  /** Place and key, -1 where it does not matter. */
  readonly bound: readonly [place: number, key: number];
  readonly members: { index: number; units: number; amounts: readonly number[] }[];
  /** The classes whose items may stand in for those of this one, and where their rows are here. */
  readonly noWider: { among: UseClass; positions: readonly number[] }[];
}

interface Branch {
  readonly next: Map<number, Branch>;
  ends?: UseClass;
}

class UseClasses {
  readonly #liveRows: readonly boolean[];
  readonly #all: UseClass[] = [];
  /** By place, key and then the live rows, one after another. */
  readonly #root: Branch = { next: new Map() };

  constructor(liveRows: readonly boolean[]) {
    this.#liveRows = liveRows;
  }

  of(item: Item, place: number, key: number): UseClass {
    let branch = turn(turn(this.#root, place), key);
    for (const { row, amount } of item.uses) {
      if (amount > 0 && this.#liveRows[row] === true) branch = turn(branch, row);
    }
    if (branch.ends === undefined) {
      const live = item.uses.filter((use) => use.amount > 0 && this.#liveRows[use.row] === true);
      const rows = live.map(({ row }) => row);
      branch.ends = { rows, bound: [place, key], members: [], noWider: [] };
      this.#relate(branch.ends);
    }
    return branch.ends;
  }

  /** Writes what the item takes of its class's rows. */
  amountsOf(item: Item, amounts: number[]): void {
    amounts.length = 0;
    for (const { row, amount } of item.uses) {
      if (amount > 0 && this.#liveRows[row] === true) amounts.push(amount);
    }
  }

  #relate(made: UseClass): void {
    this.#all.push(made);
    for (const other of this.#all) {
      if (mayStandIn(other, made)) made.noWider.push(related(other, made));
      if (other !== made && mayStandIn(made, other)) other.noWider.push(related(made, other));
    }
  }
}

function turn(branch: Branch, at: number): Branch {
  const known = branch.next.get(at);
  if (known !== undefined) return known;
  const made: Branch = { next: new Map() };
  branch.next.set(at, made);
  return made;
}

function mayStandIn(better: UseClass, worse: UseClass): boolean {
  return (
    better.bound.every((value, n) => value === -1 || value === worse.bound[n]) &&
    better.rows.every((row) => worse.rows.includes(row))
  );
}

function related(among: UseClass, worse: UseClass): UseClass['noWider'][number] {
  return { among, positions: among.rows.map((row) => worse.rows.indexOf(row)) };
}
