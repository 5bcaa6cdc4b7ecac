/** One variable of an elimination order and the variables it is eliminated in the presence of. */
export interface Bag {
  readonly variable: number;
  /** In the order in which they are eliminated later; the first is the parent. */
  readonly scope: readonly number[];
}

/** An order by least fill-in, ties by smaller tables, and the size of its largest table. */
export function eliminationOrder(
  sizes: readonly number[],
  edges: Iterable<readonly [number, number]>,
): { readonly bags: readonly Bag[]; readonly largest: number } {
  const near = sizes.map(() => new Set<number>());
  for (const [a, b] of edges) {
    near[a]?.add(b);
    near[b]?.add(a);
  }
  const left = new Set(near.keys());
  const scopes: { variable: number; scope: ReadonlySet<number> }[] = [];
  let largest = 0;
  while (left.size > 0) {
    let next = -1;
    let leastFill = Infinity;
    let leastTable = Infinity;
    for (const variable of left) {
      const fill = fillIn(near, variable, leastFill);
      if (fill > leastFill) continue;
      const table = tableOf(sizes, near[variable] ?? new Set(), variable);
      if (fill === leastFill && table >= leastTable) continue;
      next = variable;
      leastFill = fill;
      leastTable = table;
    }
    const scope = near[next] ?? new Set<number>();
    largest = Math.max(largest, leastTable);
    for (const a of scope) {
      near[a]?.delete(next);
      for (const b of scope) if (a !== b) near[a]?.add(b);
    }
    left.delete(next);
    scopes.push({ variable: next, scope });
  }
  const rank = new Map(scopes.map(({ variable }, position) => [variable, position]));
  const bags = scopes.map(({ variable, scope }) => ({
    variable,
    scope: [...scope].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)),
  }));
  return { bags, largest };
}

/** Edges that eliminating the variable adds; more than `enough` is not counted further. */
function fillIn(near: readonly ReadonlySet<number>[], variable: number, enough: number): number {
  const scope = [...(near[variable] ?? [])];
  let fill = 0;
  for (let i = 0; i < scope.length; i++) {
    for (let j = i + 1; j < scope.length; j++) {
      if (near[scope[i] ?? 0]?.has(scope[j] ?? 0) !== true) fill += 1;
    }
    if (fill > enough) return fill;
  }
  return fill;
}

function tableOf(sizes: readonly number[], scope: ReadonlySet<number>, variable: number): number {
  let table = sizes[variable] ?? 1;
  for (const other of scope) table *= sizes[other] ?? 1;
  return table;
}
