import type { Incumbent } from './heuristic.ts';
import type { Program } from './program.ts';
import { randomFrom } from './random.ts';

export interface AnnealOptions {
  /** Row prices near the optimum: about what an overfull row costs at first. */
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
 * Simulated annealing over single units, with overfull rows priced instead of forbidden. The price
 * of a row rises while it is overfull and falls while it is not, so that the walk keeps crossing
 * the border of the feasible, where the cheap choices are. Groups that stay together are left as
 * they are; pair rules are not looked at.
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
  #overfull = 0;
  #cost = 0;
  #best: Incumbent | undefined;

  constructor(program: Program, start: Int32Array, options: AnnealOptions) {
    this.#program = program;
    this.#options = options;
    this.#random = randomFrom(options.seed);
    this.#units = Int32Array.from(start);
    this.#used = new Float64Array(program.rowCount);
    this.#rowPrice = new Float64Array(program.rowCount);
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
    this.#rowPrice.set(options.multipliers.map((price) => Math.max(price * 1.2, mean * 0.05)));
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
    const before = this.#overfull;
    const costStep = (program.cost[to] ?? 0) - (program.cost[from] ?? 0);
    this.#shift(from, to);
    const rise = costStep + this.#overfull - before;
    if (rise > 0 && this.#random() >= Math.exp(-rise / temperature)) {
      this.#shift(to, from);
      return;
    }
    this.#slotItem[slot] = to;
    this.#cost += costStep;
    this.#keep();
  }

  #shift(from: number, to: number): void {
    const { useStart, useRow, useAmount } = this.#program;
    for (let u = useStart[from] ?? 0; u < (useStart[from + 1] ?? 0); u++) {
      this.#take(useRow[u] ?? 0, -(useAmount[u] ?? 0));
    }
    this.#units[from] = (this.#units[from] ?? 0) - 1;
    this.#units[to] = (this.#units[to] ?? 0) + 1;
    for (let u = useStart[to] ?? 0; u < (useStart[to + 1] ?? 0); u++) {
      this.#take(useRow[u] ?? 0, useAmount[u] ?? 0);
    }
  }

  #take(row: number, amount: number): void {
    const room = this.#program.room[row] ?? 0;
    const price = this.#rowPrice[row] ?? 0;
    const before = this.#used[row] ?? 0;
    const after = before + amount;
    this.#used[row] = after;
    this.#overfull += price * (Math.max(0, after - room) - Math.max(0, before - room));
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
  }

  #keep(): void {
    if (this.#cost >= (this.#best?.cost ?? Infinity)) return;
    const { room } = this.#program;
    for (let r = 0; r < room.length; r++) {
      if ((this.#used[r] ?? 0) > (room[r] ?? 0)) return;
    }
    this.#best = { units: Int32Array.from(this.#units), cost: this.#cost };
  }
}
