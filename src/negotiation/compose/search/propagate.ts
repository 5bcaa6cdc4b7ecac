import type { Bounds } from './fill.ts';
import type { Program } from './program.ts';

/**
 * Tightens bounds by what rows, counts, `together` and pair rules imply, until nothing changes.
 * Answers false when they leave no choice; then the bounds are of no further use.
 */
export function propagate(program: Program, bounds: Bounds): boolean {
  for (;;) {
    const before = roomLeft(program, bounds);
    if (!withinRows(program, bounds)) return false;
    if (!withinCounts(program, bounds)) return false;
    if (!keptTogether(program, bounds)) return false;
    if (!withinRules(program, bounds)) return false;
    if (roomLeft(program, bounds) === before) return true;
  }
}

/** Falls with every tightening, so it tells when to stop. */
function roomLeft(program: Program, { least, most }: Bounds): number {
  let sum = 0;
  for (let i = 0; i < program.itemCount; i++) sum += (most[i] ?? 0) - (least[i] ?? 0);
  return sum;
}

function withinRows(program: Program, { least, most }: Bounds): boolean {
  const { useStart, useRow, useAmount } = program;
  const used = new Float64Array(program.rowCount);
  for (let i = 0; i < program.itemCount; i++) {
    const units = least[i] ?? 0;
    if (units === 0) continue;
    for (let u = useStart[i] ?? 0; u < (useStart[i + 1] ?? 0); u++) {
      const row = useRow[u] ?? 0;
      used[row] = (used[row] ?? 0) + units * (useAmount[u] ?? 0);
    }
  }
  for (let r = 0; r < used.length; r++) {
    if ((used[r] ?? 0) > (program.room[r] ?? 0)) return false;
  }
  for (let i = 0; i < program.itemCount; i++) {
    const from = least[i] ?? 0;
    let to = most[i] ?? 0;
    if (from === to) continue;
    for (let u = useStart[i] ?? 0; u < (useStart[i + 1] ?? 0); u++) {
      const row = useRow[u] ?? 0;
      const amount = useAmount[u] ?? 0;
      const left = (program.room[row] ?? 0) - (used[row] ?? 0);
      if (amount * (to - from) > left) to = from + Math.floor(left / amount);
    }
    most[i] = to;
  }
  return true;
}

function withinCounts(program: Program, { least, most }: Bounds): boolean {
  for (let g = 0; g < program.groupCount; g++) {
    const from = program.start[g] ?? 0;
    const to = program.start[g + 1] ?? 0;
    const count = program.count[g] ?? 0;
    let low = 0;
    let high = 0;
    for (let i = from; i < to; i++) {
      low += least[i] ?? 0;
      high += most[i] ?? 0;
    }
    if (low > count || high < count) return false;
    const open = count - low;
    for (let i = from; i < to; i++) {
      const fewest = least[i] ?? 0;
      if ((most[i] ?? 0) > fewest + open) {
        high -= (most[i] ?? 0) - fewest - open;
        most[i] = fewest + open;
      }
    }
    for (let i = from; i < to; i++) {
      // Without the others' help the group would stay short: so many units must come from here.
      const needed = count - (high - (most[i] ?? 0));
      if (needed > (least[i] ?? 0)) least[i] = needed;
    }
  }
  return true;
}

function keptTogether(program: Program, { least, most }: Bounds): boolean {
  for (let g = 0; g < program.groupCount; g++) {
    if (program.together[g] !== 1) continue;
    const from = program.start[g] ?? 0;
    const to = program.start[g + 1] ?? 0;
    let decided = -1;
    let anywhere = 0;
    const units = new Map<number, number>();
    for (let i = from; i < to; i++) {
      const key = program.key[i] ?? -1;
      if (key < 0) {
        anywhere += most[i] ?? 0;
        continue;
      }
      units.set(key, (units.get(key) ?? 0) + (most[i] ?? 0));
      if ((least[i] ?? 0) === 0 || key === decided) continue;
      if (decided >= 0) return false;
      decided = key;
    }
    for (let i = from; i < to; i++) {
      const key = program.key[i] ?? -1;
      if (key < 0 || (most[i] ?? 0) === 0) continue;
      const enough = (units.get(key) ?? 0) + anywhere >= (program.count[g] ?? 0);
      if (enough && (decided < 0 || decided === key)) continue;
      if ((least[i] ?? 0) > 0) return false;
      most[i] = 0;
    }
  }
  return true;
}

/** A place stays only if the other group's decided places, and units enough, are compatible. */
function withinRules(program: Program, { least, most }: Bounds): boolean {
  if (program.problem.rules.length === 0) return true;
  const { placeCount, groupCount } = program;
  const high = new Int32Array(groupCount * placeCount);
  const low = new Int32Array(groupCount * placeCount);
  const anywhere = new Int32Array(groupCount);
  for (let i = 0; i < program.itemCount; i++) {
    const g = program.groupOf[i] ?? 0;
    const place = program.place[i] ?? -1;
    if (place < 0) anywhere[g] = (anywhere[g] ?? 0) + (most[i] ?? 0);
    else {
      const at = g * placeCount + place;
      high[at] = (high[at] ?? 0) + (most[i] ?? 0);
      low[at] = (low[at] ?? 0) + (least[i] ?? 0);
    }
  }
  const closed = new Uint8Array(placeCount);
  for (let g = 0; g < groupCount; g++) {
    const rules = program.rulesOf[g] ?? [];
    if (rules.length === 0) continue;
    closed.fill(0);
    for (const { other, compatible } of rules) {
      const base = other * placeCount;
      for (let place = 0; place < placeCount; place++) {
        if ((high[g * placeCount + place] ?? 0) === 0) continue;
        let units = anywhere[other] ?? 0;
        let clash = false;
        for (let there = 0; there < placeCount; there++) {
          if (compatible[place * placeCount + there] === 1) units += high[base + there] ?? 0;
          else if ((low[base + there] ?? 0) > 0) clash = true;
        }
        if (clash || units < (program.count[other] ?? 0)) closed[place] = 1;
      }
    }
    for (let i = program.start[g] ?? 0; i < (program.start[g + 1] ?? 0); i++) {
      const place = program.place[i] ?? -1;
      if (place < 0 || closed[place] !== 1 || (most[i] ?? 0) === 0) continue;
      if ((least[i] ?? 0) > 0) return false;
      most[i] = 0;
    }
  }
  return true;
}
