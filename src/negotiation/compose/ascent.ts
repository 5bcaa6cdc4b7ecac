import type { Bounds } from './fill.ts';
import { roomShare } from './program.ts';
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
  /** Called after each step with the bound of that step. */
  readonly onStep?: (bound: number) => void;
}

/** Share of the mean that each new relaxed choice contributes. */
const meanShare = 0.1;

/** Steps without a better bound before the step length is halved. */
const patience = 6;

/** Raises the bound by subgradient steps of Polyak's length from the given multipliers. */
export function ascend(
  relaxation: Relaxation,
  bounds: Bounds,
  from: Float64Array,
  options: AscentOptions,
): Ascent {
  const { units, used } = relaxation;
  const mean = new Float64Array(relaxation.program.itemCount);
  const multipliers = Float64Array.from(from);
  const direction = new Float64Array(multipliers.length);
  let best = -Infinity;
  let bestMultipliers = Float64Array.from(from);
  let length = 1;
  let stale = 0;
  for (let step = 0; step < options.steps; step++) {
    const bound = relaxation.evaluate(bounds, multipliers);
    if (bound === Infinity) return { bound, multipliers, mean };
    const share = step === 0 ? 1 : Math.max(meanShare, 1 / (step + 1));
    for (let i = 0; i < mean.length; i++) {
      mean[i] = (mean[i] ?? 0) * (1 - share) + (units[i] ?? 0) * share;
    }
    if (bound > best + Math.abs(best) * 1e-9) {
      best = bound;
      bestMultipliers = Float64Array.from(multipliers);
      stale = 0;
    } else if (++stale >= patience) {
      length /= 2;
      stale = 0;
      if (length < 1e-3) break;
    }
    options.onStep?.(bound);
    if (best >= options.cutoff) break;
    let square = 0;
    for (let r = 0; r < used.length; r++) {
      let slope = (used[r] ?? 0) - roomShare;
      if (slope < 0 && (multipliers[r] ?? 0) === 0) slope = 0;
      const turned = slope + 0.5 * (direction[r] ?? 0);
      direction[r] = turned;
      square += turned * turned;
    }
    if (square < 1e-18) break;
    const pace = (length * Math.max(options.cutoff - bound, Math.abs(bound) * 1e-4 + 1)) / square;
    for (let r = 0; r < used.length; r++) {
      multipliers[r] = Math.max(0, (multipliers[r] ?? 0) + pace * (direction[r] ?? 0));
    }
  }
  return { bound: best, multipliers: bestMultipliers, mean };
}
