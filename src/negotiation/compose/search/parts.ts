import type { Incumbent } from './heuristic.ts';
import { narrowed, type Program } from './program.ts';
import { randomFrom } from './random.ts';
import { exploreTree } from './tree.ts';

export interface PartsOptions {
  readonly multipliers: Float64Array;
  readonly work: number;
  readonly shouldStop: () => boolean;
  readonly seed: number;
}

/** Groups that are freed at once in the beginning; it grows and shrinks with the difficulty. */
const firstSize = 6;

/** Most work for one part: a part that needs more is too large. */
const partWork = 400_000;

/**
 * Improves a choice by freeing a few groups at a time and solving for them exactly while the
 * others stay. Parts grow as long as they are solved easily.
 */
export function improveByParts(
  program: Program,
  start: Incumbent,
  options: PartsOptions,
): { readonly best: Incumbent; readonly work: number } {
  const random = randomFrom(options.seed);
  let best = start;
  let work = 0;
  let size = Math.min(firstSize, program.groupCount);
  let fruitless = 0;
  while (
    work < options.work &&
    !options.shouldStop() &&
    fruitless < patience * program.groupCount
  ) {
    const freed = pickGroups(program, best, { size: Math.floor(size), random });
    const part = narrowed(program, boundsWith(program, best, freed));
    const result = exploreTree(part, {
      below: best.cost,
      multipliers: options.multipliers,
      work: partWork,
      shouldStop: options.shouldStop,
    });
    work += result.work + program.itemCount;
    fruitless += 1;
    if (result.units !== undefined) {
      best = { units: widened(program, part, result.units), cost: result.cost };
      fruitless = 0;
    }
    const solved = result.openBound === Infinity;
    size = solved ? Math.min(program.groupCount, size * 1.05) : Math.max(2, size * 0.9);
    if (solved && freed.size === program.groupCount) break;
  }
  return { best, work };
}

/** Fruitless parts for each group, after which there is nothing more to gain this way. */
const patience = 4;

interface Picking {
  readonly size: number;
  readonly random: () => number;
}

/** One group at random, then groups that are tied to those by rules or compete for their rows. */
function pickGroups(program: Program, best: Incumbent, { size, random }: Picking): Set<number> {
  const { groupCount, rulesOf } = program;
  const anyOf = (groups: readonly number[]): number =>
    groups[Math.floor(random() * groups.length)] ?? Math.floor(random() * groupCount);
  const first = Math.floor(random() * groupCount);
  const picked = new Set([first]);
  const rivals = rivalsOf(program, best, first);
  const tied = (rulesOf[first] ?? []).map(({ other }) => other);
  for (let tries = 0; picked.size < size && tries < 10 * size; tries++) {
    const dice = random();
    const among = dice < 0.6 && tied.length > 0 ? tied : dice < 0.85 ? rivals : [];
    const group = anyOf(among);
    if (picked.has(group)) continue;
    picked.add(group);
    tied.push(...(rulesOf[group] ?? []).map(({ other }) => other));
  }
  return picked;
}

/** Groups whose chosen units take from a row that the given group's chosen units take from. */
function rivalsOf(program: Program, best: Incumbent, group: number): readonly number[] {
  const rows = new Set<number>();
  eachUse(program, group, (item, row) => {
    if ((best.units[item] ?? 0) > 0) rows.add(row);
  });
  const rivals: number[] = [];
  for (let g = 0; g < program.groupCount; g++) {
    let rival = false;
    eachUse(program, g, (item, row) => {
      if ((best.units[item] ?? 0) > 0 && rows.has(row)) rival = true;
    });
    if (rival) rivals.push(g);
  }
  return rivals;
}

function eachUse(
  program: Program,
  group: number,
  visit: (item: number, row: number) => void,
): void {
  for (let i = program.start[group] ?? 0; i < (program.start[group + 1] ?? 0); i++) {
    for (let u = program.useStart[i] ?? 0; u < (program.useStart[i + 1] ?? 0); u++) {
      visit(i, program.useRow[u] ?? 0);
    }
  }
}

/** The program's own bounds for the freed groups, the choice's units for all others. */
function boundsWith(
  program: Program,
  best: Incumbent,
  freed: ReadonlySet<number>,
): { readonly least: Int32Array; readonly most: Int32Array } {
  const least = Int32Array.from(program.least);
  const most = Int32Array.from(program.most);
  for (let i = 0; i < program.itemCount; i++) {
    if (freed.has(program.groupOf[i] ?? 0)) continue;
    least[i] = best.units[i] ?? 0;
    most[i] = best.units[i] ?? 0;
  }
  return { least, most };
}

/** Units of a narrowed program in the items of the whole. */
function widened(program: Program, part: Program, units: Int32Array): Int32Array {
  const whole = new Int32Array(program.itemCount);
  let p = 0;
  for (let i = 0; i < program.itemCount && p < part.itemCount; i++) {
    const same = program.groupOf[i] === part.groupOf[p] && program.origin[i] === part.origin[p];
    if (same) whole[i] = units[p++] ?? 0;
  }
  return whole;
}
