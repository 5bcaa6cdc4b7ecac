import type { Among, Bounds, Filler } from './fill.ts';
import { Network } from './network.ts';
import type { Constraint } from './network-steps.ts';
import type { Program } from './program.ts';

/** A group that uses exactly one place, and so is a variable of the network. */
interface Sited {
  readonly group: number;
  /** Its possible places; -1 stands for items without one. */
  readonly places: readonly number[];
  /** Groups of several places that follow this one: where each of its places lets them be. */
  readonly followers: readonly Follower[];
}

interface Follower {
  readonly group: number;
  /** By value of the leader: 1 where the follower may be. */
  readonly open: readonly Uint8Array[];
}

/**
 * The pair rules of a program, kept exactly as far as possible: groups that use one place each form
 * a network; a group of several places follows one of them; what is left over (rules between groups
 * of several places) is for the branching to see to.
 */
export class Pairing {
  /** 1 for each group that the network decides, as a variable or as a follower. */
  readonly covers: Uint8Array;
  readonly #program: Program;
  readonly #sited: readonly Sited[];
  readonly #network: Network;
  readonly #variableOf: Int32Array;
  /** Which value of its group's variable an item belongs to; -1: none that is possible. */
  readonly #valueOf: Int32Array;
  /** Least marginal of each variable. */
  readonly #least: Float64Array;
  readonly #one: Uint8Array;
  #weighed = false;

  constructor(program: Program) {
    this.#program = program;
    this.covers = new Uint8Array(program.groupCount);
    this.#variableOf = new Int32Array(program.groupCount).fill(-1);
    const groups = [...program.rulesOf.keys()].filter((g) => isSited(program, g));
    groups.forEach((group, v) => {
      this.#variableOf[group] = v;
      this.covers[group] = 1;
    });
    this.#sited = groups.map((group) => this.#sitedOf(group));
    this.#valueOf = new Int32Array(program.itemCount).fill(-1);
    for (let i = 0; i < program.itemCount; i++) {
      const sited = this.#sited[this.#variableOf[program.groupOf[i] ?? 0] ?? -1];
      this.#valueOf[i] = sited?.places.indexOf(program.place[i] ?? -1) ?? -1;
    }
    const sizes = this.#sited.map(({ places }) => places.length);
    this.#network = new Network(sizes, [...this.#constraints(), ...this.#conflicts(sizes)]);
    this.#least = new Float64Array(this.#sited.length);
    this.#one = new Uint8Array(program.placeCount);
  }

  /** What an evaluation passes over. */
  get tupleCount(): number {
    return this.#network.tupleCount;
  }

  /** From now on expects bounds within these. */
  focus({ least, most }: Bounds): void {
    const { start } = this.#program;
    const alive = this.#sited.map(({ group, places }) => {
      const values = new Uint8Array(places.length);
      for (let i = start[group] ?? 0; i < (start[group + 1] ?? 0); i++) {
        const x = this.#valueOf[i] ?? -1;
        if ((least[i] ?? 0) > 0 && (this.#program.place[i] ?? -1) >= 0) values.fill(0);
        if (x >= 0 && (most[i] ?? 0) > 0) values[x] = 1;
        if ((least[i] ?? 0) > 0 && (this.#program.place[i] ?? -1) >= 0) break;
      }
      return values;
    });
    this.#network.focus(alive);
  }

  /** The least price of all groups that it covers. */
  evaluate(bounds: Bounds, prices: Float64Array, filler: Filler): number {
    this.#sited.forEach(({ group, places, followers }, v) => {
      const values = this.#network.prices[v] ?? nothing;
      if (this.#program.count[group] === 1) this.#priceOne(v, bounds, prices);
      else {
        places.forEach((place, x) => {
          values[x] = filler.fill(group, bounds, { places: this.#only(place) });
        });
      }
      for (const { group: follower, open } of followers) {
        for (let x = 0; x < places.length; x++) {
          if ((values[x] ?? 0) === Infinity) continue;
          const price = filler.fill(follower, bounds, { places: open[x] ?? this.#one });
          values[x] = (values[x] ?? 0) + price;
        }
      }
    });
    const least = this.#network.minimum();
    if (least === Infinity) return least;
    this.#network.choose();
    this.#weighed = false;
    return least;
  }

  /** Calls back with every group it covers and what the cheapest whole fills it from. */
  decided(fill: (group: number, among: Among) => void): void {
    this.#sited.forEach(({ group, places, followers }, v) => {
      const chosen = this.#network.chosen[v] ?? 0;
      fill(group, { places: this.#only(places[chosen] ?? -1) });
      for (const { group: follower, open } of followers) {
        fill(follower, { places: open[chosen] ?? this.#one });
      }
    });
  }

  /** By how much the least price rises when an item is used; 0 where that is not known. */
  regret(item: number, prices: Float64Array): number {
    if (!this.#weighed) this.#weigh();
    const group = this.#program.groupOf[item] ?? 0;
    const v = this.#variableOf[group] ?? -1;
    const sited = this.#sited[v];
    if (sited === undefined) return 0;
    const x = this.#valueOf[item] ?? -1;
    // An item without a place may be part of a fill in any place.
    if ((this.#program.place[item] ?? -1) < 0 && this.#program.count[group] !== 1) return 0;
    const rise = (this.#network.marginals[v]?.[x] ?? Infinity) - (this.#least[v] ?? 0);
    if (this.#program.count[group] !== 1 || sited.followers.length > 0) return rise;
    return rise + (prices[item] ?? 0) - (this.#network.prices[v]?.[x] ?? 0);
  }

  #weigh(): void {
    this.#network.weigh();
    this.#network.marginals.forEach((marginals, v) => {
      let lowest = Infinity;
      for (const marginal of marginals) if (marginal < lowest) lowest = marginal;
      this.#least[v] = lowest;
    });
    this.#weighed = true;
  }

  #priceOne(v: number, { least, most }: Bounds, prices: Float64Array): void {
    const { start } = this.#program;
    const sited = this.#sited[v];
    const values = this.#network.prices[v] ?? nothing;
    values.fill(Infinity);
    if (sited === undefined) return;
    for (let i = start[sited.group] ?? 0; i < (start[sited.group + 1] ?? 0); i++) {
      if ((most[i] ?? 0) === 0) continue;
      if ((least[i] ?? 0) > 0) values.fill(Infinity);
      const x = this.#valueOf[i] ?? -1;
      const price = prices[i] ?? 0;
      if (x >= 0 && price < (values[x] ?? 0)) values[x] = price;
      if ((least[i] ?? 0) > 0) break;
    }
  }

  #only(place: number): Uint8Array {
    this.#one.fill(0);
    if (place >= 0) this.#one[place] = 1;
    return this.#one;
  }

  #sitedOf(group: number): Sited {
    const { rulesOf, placeCount, count, together } = this.#program;
    const rules = rulesOf[group] ?? [];
    const places = placesOf(this.#program, group).filter((place) =>
      rules.every(
        ({ other, compatible }) =>
          other !== group || place < 0 || compatible[place * placeCount + place] === 1,
      ),
    );
    const followers: Follower[] = [];
    for (const { other } of rules) {
      if (isSited(this.#program, other) || this.covers[other] === 1) continue;
      if (count[other] === 0 || together[other] === 1) continue;
      this.covers[other] = 1;
      const both = rules.filter((rule) => rule.other === other);
      const open = places.map((place) => openTo(both, place, placeCount));
      followers.push({ group: other, open });
    }
    return { group, places, followers };
  }

  #constraints(): readonly Constraint[] {
    const { rulesOf, placeCount } = this.#program;
    const constraints: Constraint[] = [];
    this.#sited.forEach(({ group, places }, a) => {
      for (const { other, compatible } of rulesOf[group] ?? []) {
        const b = this.#variableOf[other] ?? -1;
        const there = this.#sited[b]?.places;
        if (b <= a || there === undefined) continue;
        const allowed = new Uint8Array(places.length * there.length);
        places.forEach((place, x) => {
          const open = openTo([{ compatible }], place, placeCount);
          there.forEach((far, y) => {
            allowed[x * there.length + y] = far < 0 ? 1 : (open[far] ?? 0);
          });
        });
        constraints.push({ a, b, allowed, optional: false });
      }
    });
    return constraints;
  }

  /** Pairs of places that cannot go together because some row has no room for both. */
  #conflicts(sizes: readonly number[]): readonly Constraint[] {
    const { rowCount, room } = this.#program;
    const needs = Array.from({ length: rowCount }, (): Need[] => []);
    this.#sited.forEach((_, v) => {
      this.#needsOf(v, needs);
    });
    const found = new Map<string, Constraint>();
    needs.forEach((row, r) => {
      const space = room[r] ?? 0;
      const [first = 0, second = 0] = row.map(({ amount }) => amount).sort((x, y) => y - x);
      if (first + second <= space) return;
      for (const one of row) {
        for (const other of row) {
          if (one.v >= other.v || one.amount + other.amount <= space) continue;
          const [a, b] = [one.v, other.v];
          const known = found.get(`${a} ${b}`);
          const allowed =
            known?.allowed ?? new Uint8Array((sizes[a] ?? 0) * (sizes[b] ?? 0)).fill(1);
          allowed[one.x * (sizes[b] ?? 0) + other.x] = 0;
          if (known === undefined) found.set(`${a} ${b}`, { a, b, allowed, optional: true });
        }
      }
    });
    return [...found.values()];
  }

  /** Adds what each value of a variable takes of each row at least. */
  #needsOf(v: number, needs: readonly Need[][]): void {
    const { start, count, useStart, useRow, useAmount, place } = this.#program;
    const { group, places } = this.#sited[v] ?? { group: -1, places: [] };
    places.forEach((at, x) => {
      const least = new Map<number, number>();
      let items = 0;
      for (let i = start[group] ?? 0; i < (start[group + 1] ?? 0); i++) {
        if (place[i] !== at && place[i] !== -1) continue;
        items += 1;
        const here = new Map<number, number>();
        for (let u = useStart[i] ?? 0; u < (useStart[i + 1] ?? 0); u++) {
          here.set(useRow[u] ?? 0, useAmount[u] ?? 0);
        }
        for (const [row, amount] of items === 1 ? here : least) {
          const both = items === 1 ? amount : Math.min(amount, here.get(row) ?? 0);
          least.set(row, both);
        }
      }
      for (const [row, amount] of least) {
        if (amount > 0) needs[row]?.push({ v, x, amount: amount * (count[group] ?? 0) });
      }
    });
  }
}

/** What a value of a variable takes of a row. */
interface Need {
  readonly v: number;
  readonly x: number;
  readonly amount: number;
}

const nothing = new Float64Array(0);

/** Whether a group is under a rule and its units are all in one place. */
function isSited(program: Program, group: number): boolean {
  if ((program.rulesOf[group] ?? []).length === 0 || program.count[group] === 0) return false;
  return program.count[group] === 1 || program.problem.groups[group]?.together === 'place';
}

function placesOf(program: Program, group: number): readonly number[] {
  const places = new Set<number>();
  for (let i = program.start[group] ?? 0; i < (program.start[group + 1] ?? 0); i++) {
    if ((program.most[i] ?? 0) > 0) places.add(program.place[i] ?? -1);
  }
  return [...places];
}

/** 1 for each place that all rules allow together with the given one. */
function openTo(
  rules: readonly { readonly compatible: Uint8Array }[],
  place: number,
  placeCount: number,
): Uint8Array {
  const open = new Uint8Array(placeCount).fill(1);
  if (place < 0) return open;
  for (const { compatible } of rules) {
    for (let there = 0; there < placeCount; there++) {
      if (compatible[place * placeCount + there] !== 1) open[there] = 0;
    }
  }
  return open;
}
