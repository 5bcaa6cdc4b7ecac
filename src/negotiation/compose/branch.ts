import type { Ascent } from './ascent.ts';
import type { Bounds } from './fill.ts';
import type { Relaxation } from './relaxation.ts';

/**
 * Splits a node in two on the units of one item: at least so many, or fewer. The more promising
 * half comes last. Empty when all units are decided: then the relaxed choice was the only one.
 */
export function branchesOf(
  relaxation: Relaxation,
  bounds: Bounds,
  ascent: Ascent,
): readonly Bounds[] {
  const item = contested(relaxation, bounds, ascent);
  if (item < 0) return [];
  const least = bounds.least[item] ?? 0;
  const most = bounds.most[item] ?? 0;
  const mean = Math.max(least, Math.min(most, ascent.mean[item] ?? 0));
  const split = Math.min(most, Math.floor(mean + 1e-6) + 1);
  const atLeast = Math.max(split, least + 1);
  const up = { least: Int32Array.from(bounds.least), most: Int32Array.from(bounds.most) };
  up.least[item] = atLeast;
  const down = { least: Int32Array.from(bounds.least), most: Int32Array.from(bounds.most) };
  down.most[item] = atLeast - 1;
  return atLeast - mean > 0.6 ? [up, down] : [down, up];
}

/** The open item that is most in doubt, or -1. */
function contested(relaxation: Relaxation, bounds: Bounds, { mean }: Ascent): number {
  const { program, units, prices, dearest } = relaxation;
  const inConflict = conflicts(relaxation);
  let best = -1;
  let bestDoubt = -Infinity;
  for (let i = 0; i < program.itemCount; i++) {
    if ((bounds.least[i] ?? 0) >= (bounds.most[i] ?? 0)) continue;
    const average = mean[i] ?? 0;
    const fraction = Math.abs(average - Math.round(average));
    const g = program.groupOf[i] ?? 0;
    const taken = (units[i] ?? 0) > (bounds.least[i] ?? 0);
    const gap = Math.abs((prices[i] ?? 0) - (dearest[g] ?? 0)) / (Math.abs(dearest[g] ?? 0) + 1);
    const doubt =
      (inConflict[i] === 1 ? 2 : 0) + fraction * 2 + (taken ? 0.5 : 0) - Math.min(0.4, gap);
    if (doubt > bestDoubt) {
      bestDoubt = doubt;
      best = i;
    }
  }
  return best;
}

/** 1 for each item that the relaxed choice takes into an overfull row or a broken rule. */
function conflicts({ program, units, used }: Relaxation): Uint8Array {
  const found = new Uint8Array(program.itemCount);
  for (let i = 0; i < program.itemCount; i++) {
    if ((units[i] ?? 0) === 0) continue;
    for (let u = program.useStart[i] ?? 0; u < (program.useStart[i + 1] ?? 0); u++) {
      const row = program.useRow[u] ?? 0;
      if ((used[row] ?? 0) > (program.room[row] ?? 0)) found[i] = 1;
    }
    const place = program.place[i] ?? -1;
    if (place < 0) continue;
    for (const { other, compatible } of program.rulesOf[program.groupOf[i] ?? 0] ?? []) {
      for (let j = program.start[other] ?? 0; j < (program.start[other + 1] ?? 0); j++) {
        const there = program.place[j] ?? -1;
        if ((units[j] ?? 0) === 0 || there < 0) continue;
        if (compatible[place * program.placeCount + there] !== 1) found[i] = 1;
      }
    }
  }
  return found;
}
