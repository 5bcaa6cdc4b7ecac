import { invariant } from '../../../base/failure.ts';
import { type Choice, type Problem, type Solution, violations } from '../problem.ts';
import { anneal } from './anneal.ts';
import { ascend } from './ascent.ts';
import type { Bounds } from './fill.ts';
import { Heuristic } from './heuristic.ts';
import { improveByParts } from './parts.ts';
import { choiceOf, narrowed, type Program, programOf, unitsOf } from './program.ts';
import { propagate } from './propagate.ts';
import { Relaxation } from './relaxation.ts';
import { settle } from './settle.ts';
import { exploreTree, fixByCost } from './tree.ts';

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
 * Chooses by branch and bound over a Lagrangian relaxation, with greedy starts and exact search of
 * parts. Pure and deterministic, unless `shouldStop` is not.
 */
export function composeSync(
  problem: Problem,
  options: SearchOptions = { work: defaultWork },
): Solution {
  return new Search(problem, options).run();
}

/** Steps of the ascent at the root; a small budget of work makes it shorter. */
const rootSteps = 600;
const leastRootSteps = 50;
const rootShare = 0.3;

class Search {
  readonly #problem: Problem;
  readonly #options: SearchOptions;
  readonly #shouldStop: () => boolean;
  readonly #program: Program;
  /** Dearer than every choice: what an infeasible program's bound climbs past. */
  readonly #worst: number;
  #best: { readonly choice: Choice; readonly cost: number } | undefined;
  #spent = 0;

  constructor(problem: Problem, options: SearchOptions) {
    this.#problem = problem;
    this.#options = options;
    this.#shouldStop = options.shouldStop ?? (() => false);
    this.#program = programOf(problem);
    this.#worst = worstCost(this.#program);
  }

  run(): Solution {
    const openBound = this.#openBound();
    const best = this.#best;
    if (best === undefined) return { at: 'none', proven: openBound === Infinity };
    const { choice, cost } = best;
    invariant(violations(this.#problem, choice).length === 0, 'a found choice is feasible');
    return { at: 'found', choice, cost, bound: Math.min(cost, Math.ceil(openBound - 1e-3)) };
  }

  /** Searches, and answers the least bound of what is left unexplored. */
  #openBound(): number {
    const program = this.#program;
    const bounds = { least: Int32Array.from(program.least), most: Int32Array.from(program.most) };
    if (!propagate(program, bounds)) return Infinity;
    const relaxation = new Relaxation(program);
    const { bound, multipliers } = this.#root(relaxation, bounds);
    if (bound > this.#cutoff) return Infinity;
    let openBound = bound;
    if (!this.#exhausted()) this.#start(relaxation, bounds, multipliers);
    const firstWork = Math.max(leastRoundWork, roundEvaluations * relaxation.evaluationWork);
    for (let work = firstWork; !this.#exhausted(); work *= 2) {
      const kernel = this.#kernel(relaxation, bounds, multipliers);
      if (kernel === undefined) return Infinity;
      const left = this.#options.work - this.#spent;
      openBound = Math.max(openBound, this.#explore(kernel, multipliers, Math.min(work, left)));
      if (openBound > this.#cutoff) return Infinity;
      if (this.#exhausted()) break;
      const rest = Math.min(work, this.#options.work - this.#spent);
      this.#wander(relaxation, { bounds, multipliers, work: rest });
    }
    return openBound;
  }

  /** A bound above it leaves nothing cheaper; costs are integers. */
  get #cutoff(): number {
    return (this.#best?.cost ?? this.#worst) - 1 + 1e-3;
  }

  #exhausted(): boolean {
    return this.#spent > this.#options.work || this.#shouldStop();
  }

  /** Good starts, and the best bound without branching. */
  #root(
    relaxation: Relaxation,
    bounds: Bounds,
  ): { readonly bound: number; readonly multipliers: Float64Array } {
    const { program } = relaxation;
    const heuristic = new Heuristic(program, bounds);
    const start = this.#options.start && unitsOf(program, this.#options.start);
    if (start === undefined) heuristic.construct(new Float64Array(program.rowCount));
    else heuristic.adopt(start);
    let step = 0;
    let built = true;
    const affordable = (this.#options.work * rootShare) / relaxation.evaluationWork;
    const ascent = ascend(relaxation, bounds, new Float64Array(program.rowCount), {
      steps: Math.max(leastRootSteps, Math.min(rootSteps, affordable)),
      reach: 0.1,
      cutoff: (heuristic.best?.cost ?? this.#worst) - 1 + 1e-3,
      shouldStop: this.#shouldStop,
      onStep: () => {
        step += 1;
        // Where building up fails once at good prices, it fails nearly always.
        if (built && (step === 10 || step % 50 === 0)) {
          built = heuristic.construct(relaxation.multipliers);
        }
      },
    });
    if (built) heuristic.construct(ascent.multipliers);
    this.#spent += relaxation.work + heuristic.work;
    const { best } = heuristic;
    if (best !== undefined) this.#keep(program, best.units, best.cost);
    return ascent;
  }

  /** The program without what costs too much to be part of a cheaper choice. */
  #kernel(relaxation: Relaxation, bounds: Bounds, multipliers: Float64Array): Program | undefined {
    const bound = relaxation.evaluate(bounds, multipliers);
    this.#spent += relaxation.evaluationWork;
    fixByCost(relaxation, bounds, this.#cutoff - bound);
    return propagate(relaxation.program, bounds) ? narrowed(relaxation.program, bounds) : undefined;
  }

  #explore(program: Program, multipliers: Float64Array, work: number): number {
    const below = this.#best?.cost ?? this.#worst;
    const shouldStop = this.#shouldStop;
    const result = exploreTree(program, { below, multipliers, work, shouldStop });
    this.#spent += result.work;
    if (result.units !== undefined) this.#keep(program, result.units, result.cost);
    return result.openBound;
  }

  /** A first good choice; the tree finds as much by itself where the program is small. */
  #start(relaxation: Relaxation, bounds: Bounds, multipliers: Float64Array): void {
    const { program } = relaxation;
    if (program.itemCount < easyItems) return;
    if (program.problem.rules.length > 0) {
      const settled = settle(relaxation, bounds, { multipliers, shouldStop: this.#shouldStop });
      if (settled !== undefined) this.#keep(program, settled.units, settled.cost);
      return;
    }
    relaxation.evaluate(bounds, multipliers);
    const most = coreOf(relaxation, bounds, relaxation.units);
    const core = narrowed(program, most);
    const relaxed = relaxation.units.filter((_, i) => (most.most[i] ?? 0) > 0);
    const found = anneal(core, relaxed, {
      multipliers,
      moves: annealingMoves,
      shouldStop: this.#shouldStop,
      seed: this.#options.seed ?? 1,
    });
    this.#spent += annealingMoves;
    if (found !== undefined) this.#keep(core, found.units, found.cost);
  }

  /** Looks for a better choice around the best one. */
  #wander(relaxation: Relaxation, around: Around): void {
    const { bounds, multipliers, work } = around;
    relaxation.evaluate(bounds, multipliers);
    const kept = this.#best && unitsOf(relaxation.program, this.#best.choice);
    const program = narrowed(relaxation.program, coreOf(relaxation, bounds, kept));
    const heuristic = new Heuristic(program, program);
    const units = this.#best && unitsOf(program, this.#best.choice);
    if (units === undefined) heuristic.construct(multipliers);
    else heuristic.adopt(units);
    if (heuristic.best === undefined) return;
    const { best, work: spent } = improveByParts(program, heuristic.best, {
      multipliers,
      work,
      shouldStop: this.#shouldStop,
      seed: (this.#options.seed ?? 1) + work,
    });
    this.#spent += spent;
    this.#keep(program, best.units, best.cost);
  }

  #keep(program: Program, units: Int32Array, cost: number): void {
    if (this.#best !== undefined && cost >= this.#best.cost) return;
    this.#best = { choice: choiceOf(program, units), cost };
  }
}

/**
 * Of the first round of proving and of improving; each further round has twice as much. It is
 * enough for one dive to the bottom of the tree.
 */
const leastRoundWork = 1_000_000;
const roundEvaluations = 400;

/** Below it the tree needs no help to find choices. */
const easyItems = 500;
const annealingMoves = 200_000;

interface Around {
  readonly bounds: Bounds;
  readonly multipliers: Float64Array;
  readonly work: number;
}

/** Items per group that improving looks at, beyond those of the best choice. */
const coreItems = 16;

/** Bounds that leave in each group the items that the multipliers make most attractive. */
function coreOf(relaxation: Relaxation, bounds: Bounds, kept: Int32Array | undefined): Bounds {
  const { program } = relaxation;
  const regrets = Float64Array.from({ length: program.itemCount }, (_, i) => relaxation.regret(i));
  const most = new Int32Array(program.itemCount);
  for (let g = 0; g < program.groupCount; g++) {
    const items: number[] = [];
    for (let i = program.start[g] ?? 0; i < (program.start[g + 1] ?? 0); i++) {
      if ((bounds.most[i] ?? 0) > 0) items.push(i);
    }
    items.sort((a, b) => (regrets[a] ?? 0) - (regrets[b] ?? 0));
    let left = coreItems + (program.count[g] ?? 0);
    for (const i of items) {
      if (left > 0 || (kept?.[i] ?? 0) > 0 || (bounds.least[i] ?? 0) > 0)
        most[i] = bounds.most[i] ?? 0;
      left -= 1;
    }
  }
  for (let i = 0; i < most.length; i++) most[i] = Math.max(most[i] ?? 0, kept?.[i] ?? 0);
  return { least: bounds.least, most };
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
