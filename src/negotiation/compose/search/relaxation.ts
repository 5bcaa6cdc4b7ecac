import { type Bounds, Filler } from './fill.ts';
import { Pairing } from './pairing.ts';
import type { Program } from './program.ts';

/**
 * The Lagrangian relaxation of a program: rows are priced by multipliers instead of enforced. What
 * remains falls apart into a network of the groups under pair rules and one fill per other group.
 */
export class Relaxation {
  readonly program: Program;
  /** Cost of one unit of each item plus what it takes of the rows, at the last multipliers. */
  readonly prices: Float64Array;
  readonly multipliers: Float64Array;
  /** The relaxed choice of the last evaluation. */
  readonly units: Int32Array;
  /** The items it takes, the first `takenCount` of these. */
  readonly taken: Int32Array;
  takenCount = 0;
  /** What the relaxed choice takes of each row. */
  readonly used: Float64Array;
  /** Price of the dearest unit that each group took beyond its bounds. */
  readonly dearest: Float64Array;
  /** Item prices computed so far: the deterministic measure of work. */
  work = 0;
  readonly #filler: Filler;
  readonly #pairing: Pairing | undefined;
  readonly #keys: readonly (readonly number[])[];

  constructor(program: Program) {
    this.program = program;
    this.prices = new Float64Array(program.itemCount);
    this.multipliers = new Float64Array(program.rowCount);
    this.units = new Int32Array(program.itemCount);
    this.taken = new Int32Array(program.itemCount);
    this.used = new Float64Array(program.rowCount);
    this.dearest = new Float64Array(program.groupCount);
    this.#filler = new Filler(program, this.prices);
    this.#keys = keysByGroup(program);
    this.#pairing = program.rulesOf.some((rules) => rules.length > 0)
      ? new Pairing(program)
      : undefined;
  }

  /** What one evaluation adds to `work`; a tuple of the network is a quarter as dear as an item. */
  get evaluationWork(): number {
    return this.program.itemCount + (this.#pairing?.tupleCount ?? 0) / 4;
  }

  /** Makes evaluations cheaper that are all within these bounds. */
  focus(bounds: Bounds): void {
    this.#pairing?.focus(bounds);
  }

  /** A lower bound on the cost within the bounds; Infinity when some group cannot be filled. */
  evaluate(bounds: Bounds, multipliers: Float64Array): number {
    const { program, used } = this;
    this.multipliers.set(multipliers);
    this.#price(multipliers);
    this.work += this.evaluationWork;
    this.units.set(bounds.least);
    this.takenCount = 0;
    let bound = 0;
    for (let r = 0; r < program.rowCount; r++) {
      bound -= (multipliers[r] ?? 0) * (program.room[r] ?? 0);
    }
    if (this.#pairing !== undefined)
      bound += this.#pairing.evaluate(bounds, this.prices, this.#filler);
    if (bound === Infinity) return bound;
    this.#pairing?.decided((group, among) => {
      this.#filler.fill(group, bounds, among);
      this.#take(group);
    });
    for (let g = 0; g < program.groupCount; g++) {
      if (this.#pairing?.covers[g] === 1) continue;
      bound += this.#fillGroup(g, bounds);
      if (bound === Infinity) return bound;
    }
    used.fill(0);
    for (let n = 0; n < this.takenCount; n++) {
      const i = this.taken[n] ?? 0;
      const units = this.units[i] ?? 0;
      for (let u = program.useStart[i] ?? 0; u < (program.useStart[i + 1] ?? 0); u++) {
        const row = program.useRow[u] ?? 0;
        used[row] = (used[row] ?? 0) + units * (program.useAmount[u] ?? 0);
      }
    }
    return bound;
  }

  /** By how much the bound rises at least when one more unit of the item is used. */
  regret(item: number): number {
    const group = this.program.groupOf[item] ?? 0;
    if (this.#pairing?.covers[group] === 1) return this.#pairing.regret(item, this.prices);
    if (this.program.together[group] === 1) return 0;
    return (this.prices[item] ?? 0) - (this.dearest[group] ?? 0);
  }

  /** Whether the relaxed choice keeps all rows and pair rules. */
  feasible(): boolean {
    const { program, units, used } = this;
    for (let r = 0; r < used.length; r++) {
      if ((used[r] ?? 0) > (program.room[r] ?? 0)) return false;
    }
    for (let i = 0; i < program.itemCount; i++) {
      const place = program.place[i] ?? -1;
      const rules = program.rulesOf[program.groupOf[i] ?? 0] ?? [];
      if ((units[i] ?? 0) === 0 || place < 0) continue;
      for (const { other, compatible } of rules) {
        for (let j = program.start[other] ?? 0; j < (program.start[other + 1] ?? 0); j++) {
          const there = program.place[j] ?? -1;
          if ((units[j] ?? 0) === 0 || there < 0) continue;
          if (compatible[place * program.placeCount + there] !== 1) return false;
        }
      }
    }
    return true;
  }

  #price(multipliers: Float64Array): void {
    const { program, prices } = this;
    const { useStart, useRow, useAmount, cost } = program;
    let u = 0;
    for (let i = 0; i < program.itemCount; i++) {
      let price = cost[i] ?? 0;
      const end = useStart[i + 1] ?? 0;
      for (; u < end; u++) price += (multipliers[useRow[u] ?? 0] ?? 0) * (useAmount[u] ?? 0);
      prices[i] = price;
    }
  }

  #fillGroup(group: number, bounds: Bounds): number {
    const filler = this.#filler;
    let best = Infinity;
    if (this.program.together[group] === 1) {
      let bestKey = -1;
      for (const key of this.#keys[group] ?? []) {
        const price = filler.fill(group, bounds, { key });
        if (price < best) {
          best = price;
          bestKey = key;
        }
      }
      if (best === Infinity) return best;
      filler.fill(group, bounds, { key: bestKey });
    } else {
      best = filler.fill(group, bounds);
    }
    this.#take(group);
    return best;
  }

  /** Adds the last fill to the relaxed choice. */
  #take(group: number): void {
    const filler = this.#filler;
    this.dearest[group] = filler.dearest;
    for (let k = 0; k < filler.pickedCount; k++) {
      const item = filler.picked[k] ?? 0;
      if ((this.units[item] ?? 0) === 0) this.taken[this.takenCount++] = item;
      this.units[item] = (this.units[item] ?? 0) + (filler.pickedUnits[k] ?? 0);
    }
    for (let k = 0; k < filler.forcedCount; k++) {
      this.taken[this.takenCount++] = filler.forced[k] ?? 0;
    }
  }
}

/** The keys of each group that stays together; -1 stands for a fill of keyless items alone. */
export function keysByGroup(program: Program): readonly (readonly number[])[] {
  return Array.from({ length: program.groupCount }, (_, g) => {
    const keys = new Set<number>();
    for (let i = program.start[g] ?? 0; i < (program.start[g + 1] ?? 0); i++) {
      keys.add(program.key[i] ?? -1);
    }
    return [...keys];
  });
}
