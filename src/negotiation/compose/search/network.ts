import { type Constraint, type Step, stepsOf } from './network-steps.ts';

/**
 * Variables with prices on their values and hard constraints on pairs of them, minimised exactly by
 * eliminating one variable after another (Bertelè and Brioschi, 1972). What the constraints allow
 * is written down once, as tuples; each evaluation is one pass over those that are live.
 */
export class Network {
  /** By variable and value; the caller sets them before each evaluation. */
  readonly prices: readonly Float64Array[];
  /** By variable: its value in the cheapest whole, after `choose`. */
  readonly chosen: Int32Array;
  /** By variable and value: price of the cheapest whole of its part with that value, after `weigh`. */
  readonly marginals: readonly Float64Array[];
  /** False when constraints had to be left out; then the minimum is a lower bound only. */
  readonly complete: boolean;
  /** Tuples that an evaluation passes over. */
  tupleCount = 0;
  readonly #steps: readonly Step[];

  constructor(sizes: readonly number[], constraints: readonly Constraint[]) {
    this.prices = sizes.map((size) => new Float64Array(size));
    this.marginals = sizes.map((size) => new Float64Array(size));
    this.chosen = new Int32Array(sizes.length);
    const { steps, complete } = stepsOf(sizes, constraints);
    this.#steps = steps;
    this.complete = complete;
    this.focus(sizes.map((size) => new Uint8Array(size).fill(1)));
  }

  /** From now on looks only at values with a 1; until then at all. */
  focus(alive: readonly Uint8Array[]): void {
    this.tupleCount = 0;
    for (const step of this.#steps) {
      focusStep(step, alive);
      this.tupleCount += step.live.start[step.live.cellCount] ?? 0;
    }
  }

  /** The least price of all variables together; Infinity when the constraints leave nothing. */
  minimum(): number {
    let total = 0;
    for (const step of this.#steps) {
      const { live, sums, table } = step;
      const { cells, start, cellCount } = live;
      sumTuples(step, this.prices[step.variable] ?? none);
      for (let c = 0; c < cellCount; c++) {
        const end = start[c + 1] ?? 0;
        let least = Infinity;
        for (let t = start[c] ?? 0; t < end; t++) {
          const sum = sums[t] ?? 0;
          if (sum < least) least = sum;
        }
        table[cells[c] ?? 0] = least;
      }
      if (step.scope.length === 0) total += table[0] ?? Infinity;
    }
    return total;
  }

  /** After `minimum`, if that is finite: finds `chosen`. */
  choose(): void {
    for (let s = this.#steps.length - 1; s >= 0; s--) {
      const step = this.#steps[s];
      if (step === undefined) continue;
      const { start, value } = step.live;
      const cell = step.cellAt[this.#ownIndex(step)] ?? 0;
      const end = start[cell + 1] ?? 0;
      let least = Infinity;
      for (let t = start[cell] ?? 0; t < end; t++) {
        const sum = step.sums[t] ?? 0;
        if (sum >= least) continue;
        least = sum;
        this.chosen[step.variable] = value[t] ?? 0;
      }
    }
  }

  /** After `minimum`: finds `marginals`. */
  weigh(): void {
    for (let s = this.#steps.length - 1; s >= 0; s--) {
      const step = this.#steps[s];
      if (step !== undefined) weighStep(step, this.marginals[step.variable] ?? none);
    }
  }

  /** Where in a step's table the values decided so far are. */
  #ownIndex({ scope, scopeSizes }: Step): number {
    let index = 0;
    for (let k = 0; k < scope.length; k++) {
      index = index * (scopeSizes[k] ?? 1) + (this.chosen[scope[k] ?? 0] ?? 0);
    }
    return index;
  }
}

const none = new Float64Array(0);
const noIndex = new Int32Array(0);

/** Copies the tuples of live values, of which every child has a live cell too. */
function focusStep(step: Step, alive: readonly Uint8Array[]): void {
  const { all, live, cellAt, table, children } = step;
  for (let c = 0; c < live.cellCount; c++) {
    cellAt[live.cells[c] ?? 0] = -1;
    table[live.cells[c] ?? 0] = Infinity;
  }
  const own = alive[step.variable] ?? noAlive;
  let cells = 0;
  let tuples = 0;
  for (let c = 0; c < all.cellCount; c++) {
    const cell = all.cells[c] ?? 0;
    if (!scopeIsAlive(step, cell, alive)) continue;
    const before = tuples;
    const end = all.start[c + 1] ?? 0;
    for (let t = all.start[c] ?? 0; t < end; t++) {
      if (own[all.value[t] ?? 0] !== 1) continue;
      let possible = true;
      for (let k = 0; k < children.length && possible; k++) {
        possible = (children[k]?.cellAt[all.childAt[k]?.[t] ?? 0] ?? -1) >= 0;
      }
      if (!possible) continue;
      live.value[tuples] = all.value[t] ?? 0;
      for (let k = 0; k < children.length; k++) {
        const at = live.childAt[k];
        if (at !== undefined) at[tuples] = all.childAt[k]?.[t] ?? 0;
      }
      tuples += 1;
    }
    if (tuples === before) continue;
    live.cells[cells] = cell;
    live.start[cells] = before;
    cellAt[cell] = cells;
    cells += 1;
  }
  live.start[cells] = tuples;
  live.cellCount = cells;
}

const noAlive = new Uint8Array(0);

function scopeIsAlive(
  { scope, scopeSizes }: Step,
  cell: number,
  alive: readonly Uint8Array[],
): boolean {
  let rest = cell;
  for (let k = scope.length - 1; k >= 0; k--) {
    const size = scopeSizes[k] ?? 1;
    const value = rest % size;
    if (alive[scope[k] ?? 0]?.[value] !== 1) return false;
    rest = (rest - value) / size;
  }
  return true;
}

/** The price of each live tuple with everything below it. */
function sumTuples({ live, sums, children }: Step, prices: Float64Array): void {
  const { value, childAt } = live;
  const count = live.start[live.cellCount] ?? 0;
  const [first = none, second = none] = children.map((child) => child.table);
  const [firstAt = noIndex, secondAt = noIndex] = childAt;
  if (children.length === 0) {
    for (let t = 0; t < count; t++) sums[t] = prices[value[t] ?? 0] ?? 0;
  } else if (children.length === 1) {
    for (let t = 0; t < count; t++) {
      sums[t] = (prices[value[t] ?? 0] ?? 0) + (first[firstAt[t] ?? 0] ?? 0);
    }
  } else {
    for (let t = 0; t < count; t++) {
      const both = (first[firstAt[t] ?? 0] ?? 0) + (second[secondAt[t] ?? 0] ?? 0);
      sums[t] = (prices[value[t] ?? 0] ?? 0) + both;
    }
  }
  for (let k = 2; k < children.length; k++) {
    const table = children[k]?.table ?? none;
    const at = childAt[k] ?? noIndex;
    for (let t = 0; t < count; t++) sums[t] = (sums[t] ?? 0) + (table[at[t] ?? 0] ?? 0);
  }
}

function weighStep({ live, sums, children, outside }: Step, marginals: Float64Array): void {
  const { cells, start, value, childAt, cellCount } = live;
  marginals.fill(Infinity);
  for (const child of children) {
    for (let c = 0; c < child.live.cellCount; c++)
      child.outside[child.live.cells[c] ?? 0] = Infinity;
  }
  for (let c = 0; c < cellCount; c++) {
    const beyond = outside[cells[c] ?? 0] ?? 0;
    const end = start[c + 1] ?? 0;
    for (let t = start[c] ?? 0; t < end; t++) {
      const whole = (sums[t] ?? 0) + beyond;
      if (whole === Infinity) continue;
      const v = value[t] ?? 0;
      if (whole < (marginals[v] ?? 0)) marginals[v] = whole;
      for (let k = 0; k < children.length; k++) {
        const child = children[k];
        if (child === undefined) continue;
        const index = childAt[k]?.[t] ?? 0;
        const rest = whole - (child.table[index] ?? 0);
        if (rest < (child.outside[index] ?? 0)) child.outside[index] = rest;
      }
    }
  }
}
