import { invariant } from '../../base/failure.ts';
import { ascend } from './ascent.ts';
import { branchesOf } from './branch.ts';
import type { Bounds } from './fill.ts';
import { Heuristic } from './heuristic.ts';
import { type Choice, type Problem, type Solution, violations } from './problem.ts';
import { choiceOf, narrowed, type Program, programOf, unitsOf } from './program.ts';
import { propagate } from './propagate.ts';
import { Relaxation } from './relaxation.ts';

export interface SearchOptions {
  /** Most item prices to look at: the same budget gives the same answer on every machine. */
  readonly work: number;
  /** Asked now and then; the search ends early when it answers true. */
  readonly shouldStop?: () => boolean;
  /** Of the random moves; the same seed gives the same answer. */
  readonly seed?: number;
  /** A feasible choice to start from. */
  readonly start?: Choice;
}

/** Enough for every ordinary SLA to be proven, and some hundred milliseconds at most. */
export const defaultWork = 20_000_000;

/**
 * Chooses by branch and bound over a Lagrangian relaxation, with greedy starts and local search.
 * Pure and deterministic, unless `shouldStop` is not.
 */
export function composeSync(
  problem: Problem,
  options: SearchOptions = { work: defaultWork },
): Solution {
  return new Search(problem, options).run();
}

interface Node {
  readonly bounds: Bounds;
  readonly multipliers: Float64Array;
  readonly bound: number;
}

/** Share of the work after which a proof is not near and better choices are worth looking for. */
const provingShare = 0.1;
const wanderingShare = 0.2;

/** Steps of the ascent at the root, and at every node below it. */
const rootSteps = 150;
const nodeSteps = 12;

class Search {
  readonly #problem: Problem;
  readonly #options: SearchOptions;
  #program: Program;
  #best: { readonly choice: Choice; readonly cost: number } | undefined;
  /** Dearer than every choice: what an infeasible program's bound climbs past. */
  readonly #worst: number;
  /** The least bound of what was left unexplored. */
  #openBound = Infinity;
  #spent = 0;

  constructor(problem: Problem, options: SearchOptions) {
    this.#problem = problem;
    this.#options = options;
    this.#program = programOf(problem);
    this.#worst = worstCost(this.#program);
  }

  run(): Solution {
    const root = this.#root();
    if (root !== undefined) this.#explore(root);
    const best = this.#best;
    if (best === undefined) return { at: 'none', proven: this.#openBound === Infinity };
    const { choice, cost } = best;
    invariant(violations(this.#problem, choice).length === 0, 'a found choice is feasible');
    return { at: 'found', choice, cost, bound: Math.min(cost, Math.ceil(this.#openBound - 1e-3)) };
  }

  /** What a choice must cost less than to be worth finding; costs are integers. */
  get #cutoff(): number {
    return (this.#best?.cost ?? this.#worst) - 1 + 1e-3;
  }

  #exhausted(): boolean {
    return this.#spent > this.#options.work || (this.#options.shouldStop?.() ?? false);
  }

  /** Bounds, start and presolve by cost; undefined when nothing is left to explore. */
  #root(): Node | undefined {
    const first = this.#program;
    const bounds = { least: Int32Array.from(first.least), most: Int32Array.from(first.most) };
    if (!propagate(first, bounds)) return undefined;
    const relaxation = new Relaxation(first);
    const heuristic = new Heuristic(first, bounds, this.#options.seed ?? 1);
    const start = this.#options.start && unitsOf(first, this.#options.start);
    if (start === undefined) heuristic.construct(first.cost);
    else heuristic.adopt(start);
    let step = 0;
    const ascent = ascend(relaxation, bounds, new Float64Array(first.rowCount), {
      steps: rootSteps,
      cutoff: (heuristic.best?.cost ?? this.#worst) - 1 + 1e-3,
      onStep: () => {
        if (step++ % 10 === 9) heuristic.construct(relaxation.prices);
      },
    });
    this.#spent = relaxation.work + heuristic.work;
    if (heuristic.best !== undefined) this.#keep(heuristic.best.units, heuristic.best.cost);
    if (ascent.bound > this.#cutoff) return undefined;
    const bound = relaxation.evaluate(bounds, ascent.multipliers);
    fixByCost(relaxation, bounds, this.#cutoff - bound);
    if (!propagate(first, bounds)) return undefined;
    this.#program = narrowed(first, bounds);
    const { least, most } = this.#program;
    return { bounds: { least, most }, multipliers: ascent.multipliers, bound };
  }

  #explore(root: Node): void {
    const relaxation = new Relaxation(this.#program);
    const stack: Node[] = [root];
    let before = this.#spent;
    let wandered = false;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node.bound > this.#cutoff) continue;
      if (!wandered && this.#spent > this.#options.work * provingShare) {
        before += this.#wander();
        wandered = true;
      }
      if (this.#exhausted()) {
        this.#openBound = Math.min(this.#openBound, node.bound);
        continue;
      }
      stack.push(...this.#expand(node, relaxation));
      this.#spent = before + relaxation.work;
    }
  }

  /** Looks for a better choice around the best one, and answers the work it took. */
  #wander(): number {
    const { least, most } = this.#program;
    const heuristic = new Heuristic(this.#program, { least, most }, this.#options.seed ?? 1);
    const best = this.#best;
    const units = best === undefined ? undefined : unitsOf(this.#program, best.choice);
    if (units === undefined) heuristic.construct(this.#program.cost);
    else heuristic.adopt(units);
    heuristic.explore(
      this.#options.work * wanderingShare,
      () => this.#options.shouldStop?.() ?? false,
    );
    const found = heuristic.best;
    if (found !== undefined && found.cost < (best?.cost ?? Infinity))
      this.#keep(found.units, found.cost);
    return heuristic.work;
  }

  /** The children of a node, the one to look at first last. */
  #expand(node: Node, relaxation: Relaxation): readonly Node[] {
    const { bounds } = node;
    if (!propagate(this.#program, bounds)) return [];
    relaxation.work += this.#program.itemCount;
    const ascent = ascend(relaxation, bounds, node.multipliers, {
      steps: nodeSteps,
      cutoff: this.#cutoff,
      onStep: () => this.#take(relaxation),
    });
    if (ascent.bound > this.#cutoff) return [];
    const bound = Math.max(node.bound, relaxation.evaluate(bounds, ascent.multipliers));
    this.#take(relaxation);
    fixByCost(relaxation, bounds, this.#cutoff - bound);
    const children = branchesOf(relaxation, bounds, ascent);
    return children.map((child) => ({ bounds: child, multipliers: ascent.multipliers, bound }));
  }

  /** Takes the relaxed choice over where it is feasible and cheaper. */
  #take(relaxation: Relaxation): void {
    const { program, units } = relaxation;
    let cost = 0;
    for (let i = 0; i < program.itemCount; i++) cost += (units[i] ?? 0) * (program.cost[i] ?? 0);
    if (cost >= (this.#best?.cost ?? Infinity) || !relaxation.feasible()) return;
    this.#keep(units, cost);
  }

  #keep(units: Int32Array, cost: number): void {
    this.#best = { choice: choiceOf(this.#program, units), cost };
  }
}

/** Rules out the items that would lift the bound past the margin to the best known choice. */
function fixByCost(relaxation: Relaxation, bounds: Bounds, margin: number): void {
  const { program, units, prices, dearest } = relaxation;
  for (let i = 0; i < program.itemCount; i++) {
    const g = program.groupOf[i] ?? 0;
    if (program.together[g] === 1 || (units[i] ?? 0) > (bounds.least[i] ?? 0)) continue;
    if ((prices[i] ?? 0) - (dearest[g] ?? 0) > margin) bounds.most[i] = bounds.least[i] ?? 0;
  }
}

function worstCost(program: Program): number {
  let worst = 1;
  for (let g = 0; g < program.groupCount; g++) {
    let dearest = 0;
    for (let i = program.start[g] ?? 0; i < (program.start[g + 1] ?? 0); i++) {
      dearest = Math.max(dearest, program.cost[i] ?? 0);
    }
    worst += dearest * (program.count[g] ?? 0);
  }
  return worst;
}
