import { Builder } from './builder.ts';
import type { Bounds } from './fill.ts';
import type { Program } from './program.ts';

/** A feasible choice by flat item. */
export interface Incumbent {
  readonly units: Int32Array;
  readonly cost: number;
}

/** By how much row prices are raised when room runs out; at last only room counts. */
const rowPriceFactors = [1, 1.05, 1.15, 1.4, 2, 4, Infinity];

/** Builds and improves feasible choices; it keeps the best one it has seen. */
export class Heuristic {
  best: Incumbent | undefined;
  readonly #program: Program;
  readonly #builder: Builder;
  readonly #order: number[];
  readonly #prices: Float64Array;

  constructor(program: Program, bounds: Bounds) {
    this.#program = program;
    this.#builder = new Builder(program, bounds);
    this.#prices = new Float64Array(program.itemCount);
    this.#order = Array.from({ length: program.groupCount }, (_, g) => g);
    const weight = (g: number): number =>
      (program.rulesOf[g]?.length ?? 0) * 1e6 + widthOf(program, g);
    this.#order.sort((a, b) => weight(b) - weight(a) || a - b);
  }

  get work(): number {
    return this.#builder.work;
  }

  /**
   * Fills group after group, cheapest first by cost and priced rows. Where that gets stuck the rows
   * are priced higher, and the group that found no room comes first from then on.
   */
  construct(multipliers: Float64Array): boolean {
    const program = this.#program;
    for (const dearer of rowPriceFactors) {
      for (let i = 0; i < program.itemCount; i++) {
        let price = dearer < Infinity ? (program.cost[i] ?? 0) : 0;
        for (let u = program.useStart[i] ?? 0; u < (program.useStart[i + 1] ?? 0); u++) {
          const row = program.useRow[u] ?? 0;
          const rowPrice =
            dearer < Infinity ? (multipliers[row] ?? 0) * dearer : 1 / (program.room[row] ?? 1);
          price += (program.useAmount[u] ?? 0) * rowPrice;
        }
        this.#prices[i] = price;
      }
      for (let attempt = 0; attempt < 3; attempt++) {
        this.#builder.clear();
        const failed = this.#order.findIndex((g) => !this.#builder.fill(g, this.#prices));
        if (failed < 0) {
          this.#improve();
          this.#keep();
          return true;
        }
        const [group] = this.#order.splice(failed, 1);
        if (group !== undefined) this.#order.unshift(group);
      }
    }
    return false;
  }

  /** Takes over a choice that is known to be feasible. */
  adopt(units: Int32Array): void {
    this.#builder.copy(units);
    this.#improve();
    this.#keep();
  }

  /** Refills single groups at true cost as long as that is cheaper. */
  #improve(groups: readonly number[] = this.#order): void {
    const builder = this.#builder;
    for (let better = true; better; ) {
      better = false;
      for (const g of groups) {
        const before = builder.costOf(g);
        const kept = Int32Array.from(builder.units);
        builder.empty(g);
        if (builder.fill(g, this.#program.cost) && builder.costOf(g) < before) better = true;
        else builder.copy(kept);
      }
    }
  }

  #keep(): void {
    const cost = this.#builder.cost();
    if (this.best !== undefined && cost >= this.best.cost) return;
    this.best = { units: Int32Array.from(this.#builder.units), cost };
  }
}

/** How much of the rows a group needs: wide groups are placed first. */
function widthOf(program: Program, group: number): number {
  let width = 0;
  for (let i = program.start[group] ?? 0; i < (program.start[group + 1] ?? 0); i++) {
    let share = 0;
    for (let u = program.useStart[i] ?? 0; u < (program.useStart[i + 1] ?? 0); u++) {
      share += (program.useAmount[u] ?? 0) / (program.room[program.useRow[u] ?? 0] ?? 1);
    }
    width = Math.max(width, share);
  }
  return width * (program.count[group] ?? 0);
}
