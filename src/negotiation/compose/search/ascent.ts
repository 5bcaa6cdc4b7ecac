import type { Bounds } from './fill.ts';
import type { Relaxation } from './relaxation.ts';

export interface Ascent {
  /** The best lower bound; Infinity when the bounds leave no choice. */
  readonly bound: number;
  /** The multipliers that gave it. */
  readonly multipliers: Float64Array;
  /** Units of each item averaged over the steps: near what a linear relaxation would take. */
  readonly mean: Float64Array;
}

export interface AscentOptions {
  readonly steps: number;
  /** A choice of this cost is known or would not be wanted: reaching it ends the ascent. */
  readonly cutoff: number;
  /** How far above the first bound the first aim is, as a share of it. */
  readonly reach: number;
  readonly shouldStop: () => boolean;
  /** Called after each step with the bound of that step. */
  readonly onStep?: (bound: number) => void;
}

/** Share of the mean that each new relaxed choice contributes. */
const meanShare = 0.1;

/** Steps without a better bound before the next aim is set lower. */
const patience = 10;

/**
 * Raises the bound by subgradient steps from the given multipliers. Each step is as long as would
 * reach an aim somewhat above the best bound (Polyak); an aim that is not reached is lowered.
 */
export function ascend(
  relaxation: Relaxation,
  bounds: Bounds,
  from: Float64Array,
  options: AscentOptions,
): Ascent {
  const { used } = relaxation;
  const { room } = relaxation.program;
  const mean = new Mean(relaxation);
  const multipliers = Float64Array.from(from);
  const bestMultipliers = Float64Array.from(from);
  const direction = new Float64Array(multipliers.length);
  relaxation.focus(bounds);
  let best = -Infinity;
  let ahead = 0;
  let stale = 0;
  for (let step = 0; step < options.steps; step++) {
    const bound = relaxation.evaluate(bounds, multipliers);
    if (bound === Infinity) return { bound, multipliers, mean: mean.values() };
    mean.add(Math.max(meanShare, 1 / (step + 1)));
    if (step === 0) ahead = options.reach * Math.abs(bound) + 1;
    if (bound > best) {
      if (bound > best + ahead / 2 && step > 0) ahead *= 1.5;
      if (bound > best + ahead / 100) stale = 0;
      best = bound;
      bestMultipliers.set(multipliers);
    } else if (++stale >= patience) {
      ahead /= 2;
      stale = 0;
      multipliers.set(bestMultipliers);
      direction.fill(0);
      if (ahead < 1e-6 * Math.abs(best) + 0.1) break;
      relaxation.evaluate(bounds, multipliers);
    }
    options.onStep?.(bound);
    if (best >= options.cutoff || options.shouldStop()) break;
    const aim = Math.min(best + ahead, options.cutoff + 1);
    if (!advance({ used, room, multipliers, direction }, aim - bound)) break;
  }
  return { bound: best, multipliers: bestMultipliers, mean: mean.values() };
}

/** A moving average over relaxed choices that touches only what each of them takes. */
class Mean {
  readonly #relaxation: Relaxation;
  readonly #scaled: Float64Array;
  /** What the scaled values are to be multiplied with. */
  #scale = 1;

  constructor(relaxation: Relaxation) {
    this.#relaxation = relaxation;
    this.#scaled = new Float64Array(relaxation.program.itemCount);
  }

  add(share: number): void {
    const { taken, takenCount, units } = this.#relaxation;
    if (share >= 1) this.#scaled.fill(0);
    this.#scale = share >= 1 ? 1 : this.#scale * (1 - share);
    for (let n = 0; n < takenCount; n++) {
      const item = taken[n] ?? 0;
      this.#scaled[item] = (this.#scaled[item] ?? 0) + ((units[item] ?? 0) * share) / this.#scale;
    }
  }

  values(): Float64Array {
    return this.#scaled.map((value) => value * this.#scale);
  }
}

interface Position {
  readonly used: Float64Array;
  readonly room: Float64Array;
  readonly multipliers: Float64Array;
  readonly direction: Float64Array;
}

/** One step along a smoothed subgradient; false when no row asks for a change. */
function advance({ used, room, multipliers, direction }: Position, rise: number): boolean {
  let square = 0;
  let product = 0;
  for (let r = 0; r < used.length; r++) {
    let slope = (used[r] ?? 0) - (room[r] ?? 0);
    if (slope < 0 && (multipliers[r] ?? 0) === 0) slope = 0;
    const turned = slope + 0.8 * (direction[r] ?? 0);
    direction[r] = turned;
    square += turned * turned;
    product += slope * slope;
  }
  if (product < 1e-18 || square < 1e-18) return false;
  const pace = rise / square;
  for (let r = 0; r < used.length; r++) {
    multipliers[r] = Math.max(0, (multipliers[r] ?? 0) + pace * (direction[r] ?? 0));
  }
  return true;
}
