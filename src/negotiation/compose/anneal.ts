import type { Incumbent } from './heuristic.ts';
import type { Program } from './program.ts';
import { randomFrom } from './random.ts';

export interface AnnealOptions {
  /** Row prices near the optimum: what a broken row costs at first. */
  readonly multipliers: Float64Array;
  readonly moves: number;
  readonly shouldStop: () => boolean;
  readonly seed: number;
}

/** Moves between two looks at the penalties. */
const period = 500;

/** Temperatures as shares of the mean cost of a unit. */
const hottest = 0.05;
const coldest = 0.0005;

/**
 * Simulated annealing over single units, with broken rows and rules priced instead of forbidden.
 * The prices rise while something stays broken and fall while nothing is, so that the walk keeps
 * crossing the border of the feasible, where the cheap choices are. Groups that stay together are
 * left as they are.
 */
export function anneal(
  program: Program,
  start: Int32Array,
  options: AnnealOptions,
): Incumbent | undefined {
  return new Walk(program, start, options).run();
}

class Walk {
  readonly #program: Program;
  readonly #options: AnnealOptions;
  readonly #random: () => number;
  readonly #units: Int32Array;
  readonly #used: Float64Array;
  readonly #rowPrice: Float64Array;
  /** The movable units, one after another: which item each is of. */
  readonly #slotItem: Int32Array;
  #rulePrice: number;
  #broken = 0;
  #overfull = 0;
  #cost = 0;
  #best: Incumbent | undefined;

  constructor(program: Program, start: Int32Array, options: AnnealOptions) {
    this.#program = program;
    this.#options = options;
    this.#random = randomFrom(options.seed);
    this.#units = Int32Array.from(start);
    this.#used = new Float64Array(program.rowCount);
    const slots: number[] = [];
    let units = 0;
    for (let i = 0; i < program.itemCount; i++) {
      const count = start[i] ?? 0;
      const g = program.groupOf[i] ?? 0;
      units += count;
      this.#cost += count * (program.cost[i] ?? 0);
      for (let u = program.useStart[i] ?? 0; u < (program.useStart[i + 1] ?? 0); u++) {
        this.#take(program.useRow[u] ?? 0, count * (program.useAmount[u] ?? 0));
      }
      const movable = count - (program.least[i] ?? 0);
      if (program.together[g] === 1) continue;
      for (let n = 0; n < movable; n++) slots.push(i);
    }
    this.#slotItem = Int32Array.from(slots);
    const mean = this.#cost / Math.max(1, units);
    this.#rulePrice = mean;
    this.#rowPrice = options.multipliers.map((price) => Math.max(price * 1.2, mean * 0.05));
    for (let g = 0; g < program.groupCount; g++) {
      for (let i = program.start[g] ?? 0; i < (program.start[g + 1] ?? 0); i++) {
        if ((this.#units[i] ?? 0) > 0) this.#broken += (this.#units[i] ?? 0) * this.#clashes(i);
      }
    }
    this.#broken /= 2;
  }

  run(): Incumbent | undefined {
    const { moves, shouldStop } = this.#options;
    const slots = this.#slotItem.length;
    if (slots === 0) return undefined;
    const mean = this.#cost / slots;
    this.#keep();
    for (let move = 0; move < moves; move++) {
      if (move % period === 0) {
        if (shouldStop()) break;
        this.#reprice();
      }
      const temperature = mean * hottest * (coldest / hottest) ** (move / moves);
      this.#tryMove(Math.floor(this.#random() * slots), temperature);
    }
    return this.#best;
  }

  #tryMove(slot: number, temperature: number): void {
    const program = this.#program;
    const from = this.#slotItem[slot] ?? 0;
    const g = program.groupOf[from] ?? 0;
    const first = program.start[g] ?? 0;
    const span = (program.start[g + 1] ?? 0) - first;
    const to = first + Math.floor(this.#random() * span);
    if (to === from || (this.#units[to] ?? 0) >= (program.most[to] ?? 0)) return;
    const before = this.#penalty();
    const costStep = (program.cost[to] ?? 0) - (program.cost[from] ?? 0);
    const brokenBefore = this.#broken;
    this.#shift(from, to);
    const rise = costStep + this.#penalty() - before;
    if (rise > 0 && this.#random() >= Math.exp(-rise / temperature)) {
      this.#shift(to, from);
      this.#broken = brokenBefore;
      return;
    }
    this.#slotItem[slot] = to;
    this.#cost += costStep;
    this.#keep();
  }

  #penalty(): number {
    return this.#overfull + this.#broken * this.#rulePrice;
  }

  #shift(from: number, to: number): void {
    const { useStart, useRow, useAmount } = this.#program;
    for (let u = useStart[from] ?? 0; u < (useStart[from + 1] ?? 0); u++) {
      this.#take(useRow[u] ?? 0, -(useAmount[u] ?? 0));
    }
    this.#broken -= this.#clashes(from);
    this.#units[from] = (this.#units[from] ?? 0) - 1;
    this.#units[to] = (this.#units[to] ?? 0) + 1;
    this.#broken += this.#clashes(to);
    for (let u = useStart[to] ?? 0; u < (useStart[to + 1] ?? 0); u++) {
      this.#take(useRow[u] ?? 0, useAmount[u] ?? 0);
    }
  }

  #take(row: number, amount: number): void {
    const room = this.#program.room[row] ?? 0;
    const price = this.#rowPrice?.[row] ?? 0;
    const before = this.#used[row] ?? 0;
    const after = before + amount;
    this.#used[row] = after;
    this.#overfull += price * (Math.max(0, after - room) - Math.max(0, before - room));
  }

  /** Units of other groups that a unit of the item is not compatible with. */
  #clashes(item: number): number {
    const { program, units } = { program: this.#program, units: this.#units };
    const place = program.place[item] ?? -1;
    const rules = program.rulesOf[program.groupOf[item] ?? 0] ?? [];
    if (place < 0 || rules.length === 0) return 0;
    let clashes = 0;
    for (const { other, compatible } of rules) {
      const end = program.start[other + 1] ?? 0;
      for (let i = program.start[other] ?? 0; i < end; i++) {
        const count = units[i] ?? 0;
        if (count === 0) continue;
        const there = program.place[i] ?? -1;
        if (there >= 0 && compatible[place * program.placeCount + there] !== 1) clashes += count;
      }
    }
    return clashes;
  }

  #reprice(): void {
    const { room } = this.#program;
    this.#overfull = 0;
    for (let r = 0; r < room.length; r++) {
      const over = (this.#used[r] ?? 0) - (room[r] ?? 0);
      const price = (this.#rowPrice[r] ?? 0) * (over > 0 ? 1.15 : 0.97);
      this.#rowPrice[r] = Math.max(price, (this.#options.multipliers[r] ?? 0) * 0.8);
      if (over > 0) this.#overfull += over * (this.#rowPrice[r] ?? 0);
    }
    this.#rulePrice *= this.#broken > 0 ? 1.15 : 0.97;
  }

  #keep(): void {
    if (this.#broken > 0 || this.#cost >= (this.#best?.cost ?? Infinity)) return;
    const { room } = this.#program;
    for (let r = 0; r < room.length; r++) {
      if ((this.#used[r] ?? 0) > (room[r] ?? 0)) return;
    }
    this.#best = { units: Int32Array.from(this.#units), cost: this.#cost };
  }
}
