import type { Bounds } from './fill.ts';
import type { Incumbent } from './heuristic.ts';
import type { Relaxation } from './relaxation.ts';

/** By how much an overfull row gets dearer at a time, as shares of the mean cost of a group. */
const raises = [0.02, 0.01];

/** Steps after which raising prices goes round in circles. */
const settlingSteps = 150;

/**
 * Raises the prices of overfull rows, and never lowers any, until the relaxed choice has room: what
 * a market does. It keeps the pair rules throughout, which building up piece by piece cannot.
 */
export function settle(
  relaxation: Relaxation,
  bounds: Bounds,
  options: { readonly multipliers: Float64Array; readonly shouldStop: () => boolean },
): Incumbent | undefined {
  const { program, units, used } = relaxation;
  let best: Incumbent | undefined;
  for (const raise of raises) {
    const prices = Float64Array.from(options.multipliers);
    for (let step = 0; step < settlingSteps; step++) {
      const bound = relaxation.evaluate(bounds, prices);
      if (bound === Infinity || options.shouldStop()) return best;
      let cost = 0;
      for (let i = 0; i < program.itemCount; i++) cost += (units[i] ?? 0) * (program.cost[i] ?? 0);
      if (relaxation.feasible()) {
        if (best === undefined || cost < best.cost) best = { units: Int32Array.from(units), cost };
        break;
      }
      const share = (raise * cost) / Math.max(1, program.groupCount);
      for (let r = 0; r < used.length; r++) {
        const over = (used[r] ?? 0) - (program.room[r] ?? 0);
        if (over > 0) prices[r] = (prices[r] ?? 0) + share * Math.min(over, 3);
      }
    }
  }
  return best;
}
