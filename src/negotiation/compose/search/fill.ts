import type { Program } from './program.ts';

/** Lower and upper units of each item: a node of the search. */
export interface Bounds {
  readonly least: Int32Array;
  readonly most: Int32Array;
}

/** Which items of a group a fill may add to: those of one key, or in marked places; absent: all. */
export interface Among {
  readonly key?: number;
  /** 1 where a place may be used; -1, nowhere, always may. */
  readonly places?: Uint8Array;
}

/**
 * Fills one group with its cheapest units under given prices: the subproblem that is left once
 * rows and rules are priced or ignored. The last fill can be read from `picked`.
 */
export class Filler {
  /** Items of the last fill that got units beyond their least, dearest last. */
  readonly picked: Int32Array;
  readonly pickedUnits: Int32Array;
  pickedCount = 0;
  /** Items of which the bounds force some units. */
  readonly forced: Int32Array;
  forcedCount = 0;
  /** Price of the dearest unit beyond the least; -Infinity when there is none. */
  dearest: number = -Infinity;
  readonly #program: Program;
  readonly #prices: Float64Array;

  constructor(program: Program, prices: Float64Array) {
    this.#program = program;
    this.#prices = prices;
    let longest = 1;
    for (const count of program.count) longest = Math.max(longest, count);
    this.picked = new Int32Array(longest + 1);
    this.pickedUnits = new Int32Array(longest + 1);
    this.forced = new Int32Array(longest + 1);
  }

  /** The least price of the group's units, or Infinity when the bounds leave too few. */
  fill(group: number, bounds: Bounds, among: Among = {}): number {
    const program = this.#program;
    const from = program.start[group] ?? 0;
    const to = program.start[group + 1] ?? 0;
    let needed = program.count[group] ?? 0;
    let price = 0;
    this.pickedCount = 0;
    this.forcedCount = 0;
    this.dearest = -Infinity;
    for (let i = from; i < to; i++) {
      const least = bounds.least[i] ?? 0;
      if (least === 0) continue;
      if (!this.#allows(i, among)) return Infinity;
      needed -= least;
      if (needed < 0) return Infinity;
      this.forced[this.forcedCount++] = i;
      price += least * (this.#prices[i] ?? 0);
    }
    if (needed === 0) return price;
    const filled = this.#pick(group, bounds, { among, needed });
    if (filled < needed) return Infinity;
    for (let k = 0; k < this.pickedCount; k++) {
      price += (this.pickedUnits[k] ?? 0) * (this.#prices[this.picked[k] ?? 0] ?? 0);
    }
    this.dearest = this.#prices[this.picked[this.pickedCount - 1] ?? 0] ?? 0;
    return price;
  }

  #allows(item: number, { key, places }: Among): boolean {
    if (key !== undefined) {
      const own = this.#program.key[item] ?? -1;
      if (own !== key && own !== -1) return false;
    }
    if (places === undefined) return true;
    const place = this.#program.place[item] ?? -1;
    return place < 0 || places[place] === 1;
  }

  /** Keeps the cheapest units in a short sorted list; answers how many units it holds. */
  #pick(
    group: number,
    { least, most }: Bounds,
    { among, needed }: { readonly among: Among; readonly needed: number },
  ): number {
    const { picked, pickedUnits } = this;
    const prices = this.#prices;
    const to = this.#program.start[group + 1] ?? 0;
    const anything = among.key === undefined && among.places === undefined;
    let length = 0;
    let held = 0;
    for (let i = this.#program.start[group] ?? 0; i < to; i++) {
      const free = (most[i] ?? 0) - (least[i] ?? 0);
      if (free <= 0) continue;
      const price = prices[i] ?? 0;
      if (held >= needed && price >= (prices[picked[length - 1] ?? 0] ?? 0)) continue;
      if (!anything && !this.#allows(i, among)) continue;
      let at = length;
      while (at > 0 && (prices[picked[at - 1] ?? 0] ?? 0) > price) {
        picked[at] = picked[at - 1] ?? 0;
        pickedUnits[at] = pickedUnits[at - 1] ?? 0;
        at -= 1;
      }
      picked[at] = i;
      pickedUnits[at] = free < needed ? free : needed;
      held += pickedUnits[at] ?? 0;
      length += 1;
      while (held - (pickedUnits[length - 1] ?? 0) >= needed) {
        length -= 1;
        held -= pickedUnits[length] ?? 0;
      }
    }
    if (held > needed) {
      pickedUnits[length - 1] = (pickedUnits[length - 1] ?? 0) - (held - needed);
      held = needed;
    }
    this.pickedCount = length;
    return held;
  }
}
