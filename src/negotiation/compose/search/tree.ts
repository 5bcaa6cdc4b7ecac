import { ascend } from './ascent.ts';
import { branchesOf } from './branch.ts';
import type { Bounds } from './fill.ts';
import type { Program } from './program.ts';
import { propagate } from './propagate.ts';
import { Relaxation } from './relaxation.ts';

export interface TreeOptions {
  /** Only choices that cost less are looked for. */
  readonly below: number;
  /** Row multipliers to begin with. */
  readonly multipliers: Float64Array;
  /** Most item prices to compute. */
  readonly work: number;
  readonly shouldStop: () => boolean;
}

export interface TreeResult {
  /** The cheapest choice found, by flat item; absent when none is cheaper than `below`. */
  readonly units?: Int32Array;
  readonly cost: number;
  /** The least bound of what was left unexplored; Infinity when nothing was. */
  readonly openBound: number;
  readonly work: number;
}

/**
 * Branch and bound within the bounds of a program: it dives for good choices, and starts each new
 * dive from the node with the least bound, so that the bound of the whole rises too.
 */
export function exploreTree(program: Program, options: TreeOptions): TreeResult {
  return new Tree(program, options).run();
}

interface Node {
  readonly bounds: Bounds;
  readonly multipliers: Float64Array;
  readonly bound: number;
}

/** Steps of the ascent at the root, and at every node below it. */
const rootSteps = 40;
const rootReach = 0.02;
const nodeSteps = 60;

/** Dead ends after which a dive is given up for one from the node with the least bound. */
const diveDeadEnds = 30;

/** More open nodes than this would take too much memory; then dives end where they began. */
const openNodes = 2_000;

class Tree {
  readonly #options: TreeOptions;
  readonly #relaxation: Relaxation;
  #units: Int32Array | undefined;
  #cost: number;

  constructor(program: Program, options: TreeOptions) {
    this.#options = options;
    this.#cost = options.below;
    this.#relaxation = new Relaxation(program);
  }

  run(): TreeResult {
    const { program } = this.#relaxation;
    const { least, most } = program;
    const bounds = { least: Int32Array.from(least), most: Int32Array.from(most) };
    const { multipliers } = this.#options;
    const open: Node[] = [];
    let dive = [...this.#expand({ bounds, multipliers, bound: -Infinity }, rootSteps)];
    let deadEnds = 0;
    while (!this.#exhausted()) {
      const node = dive.pop() ?? takeLeast(open);
      if (node === undefined) break;
      if (node.bound > this.#cutoff) continue;
      const children = this.#expand(node, nodeSteps);
      dive.push(...children);
      if (children.length > 0) continue;
      deadEnds += 1;
      if (deadEnds % diveDeadEnds !== 0 || open.length > openNodes) continue;
      open.push(...dive);
      dive = [];
    }
    let openBound = Infinity;
    for (const { bound } of [...open, ...dive]) {
      if (bound <= this.#cutoff) openBound = Math.min(openBound, bound);
    }
    const { work } = this.#relaxation;
    const found = this.#units === undefined ? {} : { units: this.#units };
    return { ...found, cost: this.#cost, openBound, work };
  }

  /** A bound above it leaves nothing cheaper; costs are integers. */
  get #cutoff(): number {
    return this.#cost - 1 + 1e-3;
  }

  /** The first aim of an ascent: part of the way to where the node could be closed. */
  #reach(bound: number): number {
    if (bound === -Infinity) return rootReach;
    return Math.min(0.1, Math.max(0.001, (0.3 * (this.#cutoff - bound)) / Math.abs(bound)));
  }

  #exhausted(): boolean {
    return this.#relaxation.work > this.#options.work || this.#options.shouldStop();
  }

  /** The children of a node, the one to look at first last. */
  #expand(node: Node, steps: number): readonly Node[] {
    const relaxation = this.#relaxation;
    const { bounds } = node;
    relaxation.work += relaxation.program.itemCount;
    if (!propagate(relaxation.program, bounds)) return [];
    const ascent = ascend(relaxation, bounds, node.multipliers, {
      steps,
      reach: this.#reach(node.bound),
      cutoff: this.#cutoff,
      shouldStop: this.#options.shouldStop,
      onStep: () => this.#take(),
    });
    if (ascent.bound > this.#cutoff) return [];
    const bound = Math.max(node.bound, relaxation.evaluate(bounds, ascent.multipliers));
    this.#take();
    fixByCost(relaxation, bounds, this.#cutoff - bound);
    const children = branchesOf(relaxation, bounds, ascent);
    return children.map((child) => ({ bounds: child, multipliers: ascent.multipliers, bound }));
  }

  /** Takes the relaxed choice over where it is feasible and cheaper. */
  #take(): void {
    const { program, units } = this.#relaxation;
    let cost = 0;
    for (let i = 0; i < program.itemCount; i++) cost += (units[i] ?? 0) * (program.cost[i] ?? 0);
    if (cost >= this.#cost || !this.#relaxation.feasible()) return;
    this.#units = Int32Array.from(units);
    this.#cost = cost;
  }
}

/** Rules out the items that would lift the bound past the margin to the best known choice. */
export function fixByCost(relaxation: Relaxation, bounds: Bounds, margin: number): void {
  const { program, units } = relaxation;
  for (let i = 0; i < program.itemCount; i++) {
    if ((units[i] ?? 0) > (bounds.least[i] ?? 0)) continue;
    if (relaxation.regret(i) > margin) bounds.most[i] = bounds.least[i] ?? 0;
  }
}

function takeLeast(open: Node[]): Node | undefined {
  let at = 0;
  for (let n = 1; n < open.length; n++) {
    if ((open[n]?.bound ?? 0) < (open[at]?.bound ?? 0)) at = n;
  }
  const last = open.pop();
  if (last === undefined || at === open.length) return last;
  const least = open[at];
  open[at] = last;
  return least;
}
