import { type Bag, eliminationOrder } from './elimination.ts';

/** Which values of two variables go together. */
export interface Constraint {
  readonly a: number;
  readonly b: number;
  /** 1 at `valueOfA * sizeOfB + valueOfB` when the two go together. */
  readonly allowed: Uint8Array;
  /** Left out first when the network would grow too large. */
  readonly optional: boolean;
}

/** One elimination: its tuples, and the tables it reads and writes. */
export interface Step {
  readonly variable: number;
  /** The variables in whose presence it is eliminated; none for the last of a part. */
  readonly scope: readonly number[];
  readonly scopeSizes: readonly number[];
  /** All tuples that the constraints allow. */
  readonly all: Tuples;
  /** Those among them that are looked at now, in arrays of the same length. */
  readonly live: Tuples;
  /** By table index: which of the live cells that is, or -1. */
  readonly cellAt: Int32Array;
  /** Price of each live tuple with everything below it. */
  readonly sums: Float64Array;
  /** By table index: the least price below, Infinity where nothing is live. */
  readonly table: Float64Array;
  /** By table index: the least price of everything else. */
  readonly outside: Float64Array;
  /** The steps that were eliminated into this one. */
  readonly children: readonly Step[];
}

/** The entries of a table ("cells") that are possible, and what makes each of them so. */
export interface Tuples {
  cellCount: number;
  /** Table indices. */
  readonly cells: Int32Array;
  /** The tuples of cell c lie from start[c] to start[c + 1]. */
  readonly start: Int32Array;
  /** The variable's value, by tuple. */
  readonly value: Int32Array;
  /** By child and tuple: where to look in the child's table. */
  readonly childAt: readonly Int32Array[];
}

/** The eliminations of a network, in order; fewer constraints where all would be too many. */
export function stepsOf(
  sizes: readonly number[],
  constraints: readonly Constraint[],
): { readonly steps: readonly Step[]; readonly complete: boolean } {
  const { kept, bags } = affordable(sizes, constraints);
  return { steps: compiled(sizes, kept, bags), complete: kept.length === constraints.length };
}

/** Most combinations of one table, and of all together: some hundred megabytes would be too many. */
const tableLimit = 300_000;

/** Leaves out optional constraints, then the loosest ones, until the tables are small enough. */
function affordable(
  sizes: readonly number[],
  constraints: readonly Constraint[],
): { readonly kept: readonly Constraint[]; readonly bags: readonly Bag[] } {
  const edgesOf = (kept: readonly Constraint[]) =>
    kept.map(({ a, b }): readonly [number, number] => [a, b]);
  let kept = constraints;
  let order = eliminationOrder(sizes, edgesOf(kept));
  if (order.largest > tableLimit && kept.some((one) => one.optional)) {
    kept = kept.filter((one) => !one.optional);
    order = eliminationOrder(sizes, edgesOf(kept));
  }
  if (order.largest <= tableLimit) return { kept, bags: order.bags };
  const tightness = new Map(kept.map((one) => [one, density(one)]));
  const byTightness = kept.toSorted((x, y) => (tightness.get(x) ?? 0) - (tightness.get(y) ?? 0));
  while (order.largest > tableLimit && byTightness.length > 0) {
    byTightness.pop();
    order = eliminationOrder(sizes, edgesOf(byTightness));
  }
  return { kept: byTightness, bags: order.bags };
}

function density({ allowed }: Constraint): number {
  return allowed.reduce((sum, one) => sum + one, 0) / Math.max(1, allowed.length);
}

function compiled(
  sizes: readonly number[],
  constraints: readonly Constraint[],
  bags: readonly Bag[],
): readonly Step[] {
  const between = new Map<string, Uint8Array>();
  for (const { a, b, allowed } of constraints) {
    const [low, high] = a < b ? [a, b] : [b, a];
    const size = (sizes[low] ?? 0) * (sizes[high] ?? 0);
    const key = `${low} ${high}`;
    const both = between.get(key) ?? new Uint8Array(size).fill(1);
    for (let x = 0; x < (sizes[low] ?? 0); x++) {
      for (let y = 0; y < (sizes[high] ?? 0); y++) {
        const at = a < b ? x * (sizes[b] ?? 0) + y : y * (sizes[b] ?? 0) + x;
        if (allowed[at] !== 1) both[x * (sizes[high] ?? 0) + y] = 0;
      }
    }
    between.set(key, both);
  }
  const childrenOf = sizes.map((): Step[] => []);
  const steps: Step[] = [];
  for (const bag of bags) {
    const step = compiledStep(sizes, bag, { between, children: childrenOf[bag.variable] ?? [] });
    steps.push(step);
    const [parent] = bag.scope;
    if (parent !== undefined) childrenOf[parent]?.push(step);
  }
  return steps;
}

interface Among {
  readonly between: ReadonlyMap<string, Uint8Array>;
  readonly children: readonly Step[];
}

/** Lists what the constraints within a bag allow, as far as the steps below leave it possible. */
function compiledStep(sizes: readonly number[], bag: Bag, { between, children }: Among): Step {
  const { variable, scope } = bag;
  const scopeSizes = scope.map((other) => sizes[other] ?? 0);
  const variables = [...scope, variable];
  const values = new Int32Array(variables.length);
  const own: number[] = [];
  const value: number[] = [];
  const childAt = children.map((): number[] => []);
  const places = children.map((step) => step.scope.map((other) => variables.indexOf(other)));
  const checks = variables.map((q, depth) =>
    variables.slice(0, depth).flatMap((p, k) => {
      const allowed = between.get(p < q ? `${p} ${q}` : `${q} ${p}`);
      if (allowed === undefined) return [];
      const [stepK, stepDepth] = p < q ? [sizes[q] ?? 0, 1] : [1, sizes[p] ?? 0];
      return [{ k, allowed, stepK, stepDepth }];
    }),
  );
  const fits = (depth: number): boolean => {
    for (const { k, allowed, stepK, stepDepth } of checks[depth] ?? []) {
      if (allowed[(values[k] ?? 0) * stepK + (values[depth] ?? 0) * stepDepth] !== 1) return false;
    }
    return true;
  };
  const descend = (depth: number): void => {
    if (depth === variables.length) {
      const at = children.map((step, k) => indexIn(step.scopeSizes, places[k] ?? [], values));
      if (children.some((step, k) => (step.cellAt[at[k] ?? 0] ?? -1) < 0)) return;
      own.push(indexIn(scopeSizes, scope.keys(), values));
      value.push(values[scope.length] ?? 0);
      for (const [k, index] of at.entries()) childAt[k]?.push(index);
      return;
    }
    for (let x = 0; x < (sizes[variables[depth] ?? 0] ?? 0); x++) {
      values[depth] = x;
      if (fits(depth)) descend(depth + 1);
    }
  };
  descend(0);
  const size = scopeSizes.reduce((product, each) => product * each, 1);
  const cellAt = new Int32Array(size).fill(-1);
  const cells: number[] = [];
  const start: number[] = [];
  // Tuples come sorted by table entry, since the scope varies slower than the variable.
  own.forEach((at, t) => {
    if (at === cells.at(-1)) return;
    cellAt[at] = cells.length;
    cells.push(at);
    start.push(t);
  });
  start.push(own.length);
  const tuples = (): Tuples => ({
    cellCount: cells.length,
    cells: Int32Array.from(cells),
    start: Int32Array.from(start),
    value: Int32Array.from(value),
    childAt: childAt.map((at) => Int32Array.from(at)),
  });
  return {
    variable,
    scope,
    scopeSizes,
    all: tuples(),
    live: tuples(),
    cellAt,
    sums: new Float64Array(value.length),
    table: new Float64Array(size).fill(Infinity),
    outside: new Float64Array(size),
    children,
  };
}

function indexIn(sizes: readonly number[], places: Iterable<number>, values: Int32Array): number {
  let index = 0;
  let k = 0;
  for (const place of places) index = index * (sizes[k++] ?? 1) + (values[place] ?? 0);
  return index;
}
