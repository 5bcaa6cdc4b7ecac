import type { Bounds } from './fill.ts';
import type { Program } from './program.ts';
import { keysByGroup } from './relaxation.ts';

/**
 * A choice under construction: units are added and taken away group by group, and never more than
 * rows, rules and `together` allow.
 */
export class Builder {
  readonly program: Program;
  readonly units: Int32Array;
  /** Item looks so far: the deterministic measure of work. */
  work = 0;
  readonly #used: Float64Array;
  readonly #bounds: Bounds;
  /** Units by group and place. */
  readonly #at: Int32Array;
  readonly #open: Uint8Array;
  readonly #keys: readonly (readonly number[])[];

  constructor(program: Program, bounds: Bounds) {
    this.program = program;
    this.#bounds = bounds;
    this.units = new Int32Array(program.itemCount);
    this.#used = new Float64Array(program.rowCount);
    this.#at = new Int32Array(program.groupCount * program.placeCount);
    this.#open = new Uint8Array(program.placeCount);
    this.#keys = keysByGroup(program);
    this.clear();
  }

  /** Back to what the bounds force. */
  clear(): void {
    this.units.fill(0);
    this.#used.fill(0);
    this.#at.fill(0);
    for (let i = 0; i < this.program.itemCount; i++) {
      const least = this.#bounds.least[i] ?? 0;
      if (least > 0) this.#add(i, least);
    }
  }

  /** Takes over a whole choice. */
  copy(units: Int32Array): void {
    this.units.fill(0);
    this.#used.fill(0);
    this.#at.fill(0);
    for (let i = 0; i < this.program.itemCount; i++) {
      const count = units[i] ?? 0;
      if (count > 0) this.#add(i, count);
    }
  }

  /** True cost of the group's units. */
  costOf(group: number): number {
    let cost = 0;
    for (let i = this.#from(group); i < this.#to(group); i++) {
      cost += (this.units[i] ?? 0) * (this.program.cost[i] ?? 0);
    }
    return cost;
  }

  cost(): number {
    let cost = 0;
    for (let g = 0; g < this.program.groupCount; g++) cost += this.costOf(g);
    return cost;
  }

  /** Takes all units of the group away that the bounds do not force. */
  empty(group: number): void {
    for (let i = this.#from(group); i < this.#to(group); i++) {
      const surplus = (this.units[i] ?? 0) - (this.#bounds.least[i] ?? 0);
      if (surplus > 0) this.#add(i, -surplus);
    }
  }

  /** Fills an emptied group, cheapest first by `prices`; false, and emptied, when that fails. */
  fill(group: number, prices: Float64Array): boolean {
    if (this.program.together[group] !== 1) return this.#fillAmong(group, prices, -2);
    let bestKey = -2;
    let best = Infinity;
    for (const key of this.#keys[group] ?? []) {
      if (!this.#fillAmong(group, prices, key)) continue;
      let price = 0;
      for (let i = this.#from(group); i < this.#to(group); i++) {
        price += (this.units[i] ?? 0) * (prices[i] ?? 0);
      }
      this.empty(group);
      if (price < best) {
        best = price;
        bestKey = key;
      }
    }
    return best < Infinity && this.#fillAmong(group, prices, bestKey);
  }

  /** `key` -2: any; else only items of that key and those without. */
  #fillAmong(group: number, prices: Float64Array, key: number): boolean {
    const { program, units } = this;
    let needed = program.count[group] ?? 0;
    for (let i = this.#from(group); i < this.#to(group); i++) needed -= units[i] ?? 0;
    this.#openPlaces(group);
    while (needed > 0) {
      let best = -1;
      let bestPrice = Infinity;
      for (let i = this.#from(group); i < this.#to(group); i++) {
        const price = prices[i] ?? 0;
        if (price >= bestPrice || (units[i] ?? 0) >= (this.#bounds.most[i] ?? 0)) continue;
        const own = program.key[i] ?? -1;
        if (key !== -2 && own !== -1 && own !== key) continue;
        const place = program.place[i] ?? -1;
        if (place >= 0 && this.#open[place] !== 1) continue;
        if (this.#fits(i) === 0) continue;
        best = i;
        bestPrice = price;
      }
      this.work += this.#to(group) - this.#from(group);
      if (best < 0) {
        this.empty(group);
        return false;
      }
      const free = (this.#bounds.most[best] ?? 0) - (units[best] ?? 0);
      const taken = Math.min(needed, free, this.#fits(best));
      this.#add(best, taken);
      needed -= taken;
      if (this.#rulesItself(group)) this.#openPlaces(group);
    }
    return true;
  }

  /** How many more units the rows have room for. */
  #fits(item: number): number {
    const { useStart, useRow, useAmount, room } = this.program;
    let units = 0x7fffffff;
    for (let u = useStart[item] ?? 0; u < (useStart[item + 1] ?? 0); u++) {
      const row = useRow[u] ?? 0;
      const left = (room[row] ?? 0) - (this.#used[row] ?? 0);
      const amount = useAmount[u] ?? 0;
      if (amount > left) return 0;
      units = Math.min(units, Math.floor(left / amount));
    }
    return units;
  }

  #rulesItself(group: number): boolean {
    return (this.program.rulesOf[group] ?? []).some(({ other }) => other === group);
  }

  /** Marks the places that are compatible with everything that other groups use already. */
  #openPlaces(group: number): void {
    const { placeCount } = this.program;
    this.#open.fill(1);
    for (const { other, compatible } of this.program.rulesOf[group] ?? []) {
      for (let there = 0; there < placeCount; there++) {
        if ((this.#at[other * placeCount + there] ?? 0) === 0) continue;
        for (let here = 0; here < placeCount; here++) {
          if (compatible[here * placeCount + there] !== 1) this.#open[here] = 0;
        }
      }
      if (other !== group) continue;
      for (let here = 0; here < placeCount; here++) {
        if (compatible[here * placeCount + here] !== 1) this.#open[here] = 0;
      }
    }
  }

  #add(item: number, units: number): void {
    const { useStart, useRow, useAmount, placeCount } = this.program;
    this.units[item] = (this.units[item] ?? 0) + units;
    for (let u = useStart[item] ?? 0; u < (useStart[item + 1] ?? 0); u++) {
      const row = useRow[u] ?? 0;
      this.#used[row] = (this.#used[row] ?? 0) + units * (useAmount[u] ?? 0);
    }
    const place = this.program.place[item] ?? -1;
    if (place < 0) return;
    const at = (this.program.groupOf[item] ?? 0) * placeCount + place;
    this.#at[at] = (this.#at[at] ?? 0) + units;
  }

  #from(group: number): number {
    return this.program.start[group] ?? 0;
  }

  #to(group: number): number {
    return this.program.start[group + 1] ?? 0;
  }
}
