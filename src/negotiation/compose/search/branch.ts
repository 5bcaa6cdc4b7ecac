import type { Ascent } from './ascent.ts';
import type { Bounds } from './fill.ts';
import type { Program } from './program.ts';
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
  const places = splitPlaces(relaxation, bounds, ascent);
  if (places !== undefined) return places;
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

/** Where even the likeliest place of a group has more than this share, places are not in doubt. */
const certainty = 0.9;

/**
 * Splits the places of a group in two: those like its likeliest one, and the others. A relaxed
 * choice that is a mixture of two neighbourhoods is so told to decide for one of them, and the
 * groups that are tied to it follow. Undefined when no group is in doubt about its place.
 */
function splitPlaces(
  relaxation: Relaxation,
  bounds: Bounds,
  { mean }: Ascent,
): readonly Bounds[] | undefined {
  const { program } = relaxation;
  let group = -1;
  let mostDoubt = 0;
  for (let g = 0; g < program.groupCount; g++) {
    const rules = program.rulesOf[g] ?? [];
    if (rules.length === 0 || !oneSited(program, g)) continue;
    const mass = massByPlace(program, g, mean);
    const certain = Math.max(0, ...mass.values()) / Math.max(1, program.count[g] ?? 0);
    if (certain > certainty) continue;
    const doubt = (1 - certain) * rules.length;
    if (doubt > mostDoubt) {
      mostDoubt = doubt;
      group = g;
    }
  }
  if (group < 0) return undefined;
  const near = likePlaces(program, group, { bounds, mean });
  const inside = { least: Int32Array.from(bounds.least), most: Int32Array.from(bounds.most) };
  const outside = { least: Int32Array.from(bounds.least), most: Int32Array.from(bounds.most) };
  return closeElsewhere(program, group, { near, inside, outside }) ? [outside, inside] : undefined;
}

/** Whether all units of a group are in one place, so that a place is either its or not. */
function oneSited(program: Program, group: number): boolean {
  return program.count[group] === 1 || program.problem.groups[group]?.together === 'place';
}

function massByPlace(program: Program, group: number, mean: Float64Array): Map<number, number> {
  const mass = new Map<number, number>();
  for (let i = program.start[group] ?? 0; i < (program.start[group + 1] ?? 0); i++) {
    const place = program.place[i] ?? -1;
    if (place >= 0) mass.set(place, (mass.get(place) ?? 0) + (mean[i] ?? 0));
  }
  return mass;
}

/** The likeliest place and those that have most neighbours in common with it, up to half of all. */
function likePlaces(
  program: Program,
  group: number,
  { bounds, mean }: { readonly bounds: Bounds; readonly mean: Float64Array },
): ReadonlySet<number> {
  const { placeCount } = program;
  const mass = massByPlace(program, group, mean);
  const [top = -1] = [...mass.keys()].sort((a, b) => (mass.get(b) ?? 0) - (mass.get(a) ?? 0));
  const open = new Set<number>();
  for (let i = program.start[group] ?? 0; i < (program.start[group + 1] ?? 0); i++) {
    if ((bounds.most[i] ?? 0) > 0) open.add(program.place[i] ?? -1);
  }
  const common = (place: number): number => {
    let count = 0;
    for (const { compatible } of program.rulesOf[group] ?? []) {
      for (let there = 0; there < placeCount; there++) {
        const both = compatible[top * placeCount + there] === 1;
        if (both && compatible[place * placeCount + there] === 1) count += 1;
      }
    }
    return count;
  };
  const ordered = [...open]
    .filter((place) => place >= 0 && place !== top)
    .map((place) => ({ place, common: common(place) }))
    .sort((a, b) => b.common - a.common || a.place - b.place);
  const near = new Set([top]);
  let sum = mass.get(top) ?? 0;
  const half = [...mass.values()].reduce((a, b) => a + b, 0) / 2;
  for (const { place, common: shared } of ordered) {
    sum += mass.get(place) ?? 0;
    if (sum > half || shared === 0) break;
    near.add(place);
  }
  return near;
}

/** False when one of the two sides would be no smaller than the whole. */
function closeElsewhere(
  program: Program,
  group: number,
  sides: { readonly near: ReadonlySet<number>; readonly inside: Bounds; readonly outside: Bounds },
): boolean {
  const { near, inside, outside } = sides;
  const closed = [0, 0];
  for (let i = program.start[group] ?? 0; i < (program.start[group + 1] ?? 0); i++) {
    const place = program.place[i] ?? -1;
    // An item without a place may go with any side, so a split would not be a partition.
    if (place < 0 || (inside.least[i] ?? 0) > 0) return false;
    if ((inside.most[i] ?? 0) === 0) continue;
    const [side, at] = near.has(place) ? [outside, 1] : [inside, 0];
    side.most[i] = 0;
    closed[at] = (closed[at] ?? 0) + 1;
  }
  return closed.every((count) => count > 0);
}

/** The open item that is most in doubt, or -1. */
function contested(relaxation: Relaxation, bounds: Bounds, { mean }: Ascent): number {
  const { program, units, dearest } = relaxation;
  const inConflict = conflicts(relaxation);
  let best = -1;
  let bestDoubt = -Infinity;
  for (let i = 0; i < program.itemCount; i++) {
    if ((bounds.least[i] ?? 0) >= (bounds.most[i] ?? 0)) continue;
    const average = mean[i] ?? 0;
    const fraction = Math.abs(average - Math.round(average));
    const g = program.groupOf[i] ?? 0;
    const taken = (units[i] ?? 0) > (bounds.least[i] ?? 0);
    const gap = Math.abs(relaxation.regret(i)) / (Math.abs(dearest[g] ?? 0) + 1);
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
