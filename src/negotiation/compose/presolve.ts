import { type Group, type Item, keyOf, type Problem, roomOf } from './problem.ts';

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
    const possible = group.items.flatMap((item, i) =>
      usableUnits(problem, group, item) > 0 ? [i] : [],
    );
    possible.sort((a, b) => (group.items[a]?.cost ?? 0) - (group.items[b]?.cost ?? 0) || a - b);
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
  for (const group of problem.groups) {
    const mostOfGroup = new Map<number, number>();
    for (const item of group.items) {
      for (const { row, amount } of item.uses) {
        mostOfGroup.set(row, Math.max(mostOfGroup.get(row) ?? 0, amount * group.count));
      }
    }
    for (const [row, amount] of mostOfGroup) most[row] = (most[row] ?? 0) + amount;
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
  const usesOf = new Map<number, ReadonlyMap<number, number>>();
  for (const i of order) {
    const item = group.items[i];
    if (item === undefined) continue;
    const uses = new Map<number, number>();
    for (const { row, amount } of item.uses) {
      if (amount > 0 && liveRows[row] === true) uses.set(row, amount);
    }
    let units = 0;
    let dominator = -1;
    for (const k of item.fixed > 0 ? [] : kept) {
      const better = group.items[k];
      const betterUses = usesOf.get(k);
      if (better === undefined || betterUses === undefined) continue;
      if (samePlace && better.place !== item.place && better.place !== -1) continue;
      const key = keyOf(group, better);
      if (key !== -1 && key !== keyOf(group, item)) continue;
      if (!usesNoMore(betterUses, uses)) continue;
      if (dominator < 0) dominator = k;
      units += usableUnits(problem, group, better);
      if (units >= group.count) break;
    }
    if (units >= group.count) dominators.set(i, dominator);
    else {
      kept.push(i);
      usesOf.set(i, uses);
    }
  }
  return { kept, dominators };
}

function usesNoMore(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  if (a.size > b.size) return false;
  for (const [row, amount] of a) {
    if (amount > (b.get(row) ?? 0)) return false;
  }
  return true;
}
