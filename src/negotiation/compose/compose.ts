import { timesMoney } from '../../sla/money.ts';
import type { Proposal } from '../../sla/proposal.ts';
import type { Composite, Part, Proof, Shortfall } from '../../sla/sla.ts';
import type { Policy } from './aim.ts';
import { type ComposeInput, composeProblem, currencyOf, type SlaProblem } from './build.ts';
import { closest } from './closest.ts';
import type { Choice, Problem, Solution } from './problem.ts';
import { composeSync, type SearchOptions } from './search/search.ts';

/** A composite, what stands beside it for comparison, and the problem it solves. */
export interface Composed {
  readonly composite: Composite;
  /** Absent when nothing meets the template, or when it is the chosen composite itself. */
  readonly cheapest?: Composite;
  readonly fastest?: Composite;
  /** For `explainLosers`. */
  readonly sla: SlaProblem;
}

/**
 * Composes as a coroutine: it yields each program that is to be solved and is handed the solution,
 * so that the same steps run by our own search at once or by a solver in a worker.
 */
export function* composing(input: ComposeInput): Generator<Problem, Composed, Solution> {
  const sla = composeProblem(input);
  const solution = yield sla.problem;
  if (solution.at === 'none') {
    const { choice, shortfalls, proof } = yield* closest(sla, input, solution);
    return { composite: compositeOf(sla, input, { choice, shortfalls, proof }), sla };
  }
  const proof = proofOf(solution, input.policy);
  const composite = compositeOf(sla, input, { choice: solution.choice, shortfalls: [], proof });
  const cheapest = beside(input, composite, 'cheapest');
  const fastest = beside(input, composite, 'fastest');
  return {
    composite,
    ...(cheapest === undefined ? {} : { cheapest }),
    ...(fastest === undefined ? {} : { fastest }),
    sla,
  };
}

/** Composes by our own search alone: pure, synchronous and within a budget of work. */
export function compose(input: ComposeInput, options?: SearchOptions): Composed {
  const steps = composing(input);
  let step = steps.next();
  while (step.done !== true) step = steps.next(composeSync(step.value, options));
  return step.value;
}

/** What is known about how good a solution is. */
function proofOf(solution: Solution, policy?: Policy): Proof {
  if (policy === 'first') return { kind: 'heuristic' };
  if (solution.at === 'none') return { kind: 'time-limit' };
  if (solution.bound >= solution.cost) return { kind: 'optimal', gapPercent: 0 };
  return {
    kind: 'time-limit',
    gapPercent: (100 * (solution.cost - solution.bound)) / Math.max(1, solution.cost),
  };
}

/** For comparison only, so our own search is good enough for it. */
function beside(
  input: ComposeInput,
  chosen: Composite,
  policy: 'cheapest' | 'fastest',
): Composite | undefined {
  if (input.policy === policy) return undefined;
  const sla = composeProblem({ ...input, policy });
  const solution = composeSync(sla.problem, { work: besideWork });
  if (solution.at === 'none') return undefined;
  const proof = proofOf(solution);
  const other = compositeOf(sla, input, { choice: solution.choice, shortfalls: [], proof });
  return sameParts(other, chosen) ? undefined : other;
}

/** Some tens of milliseconds. */
const besideWork = 2_000_000;

function sameParts(a: Composite, b: Composite): boolean {
  const keys = (composite: Composite) =>
    composite.parts.map((part) => JSON.stringify([part.proposal.vendor, part.proposal.id])).sort();
  return JSON.stringify(keys(a)) === JSON.stringify(keys(b));
}

interface Chosen {
  readonly choice: Choice;
  readonly shortfalls: readonly Shortfall[];
  readonly proof: Proof;
}

function compositeOf(
  sla: SlaProblem,
  input: ComposeInput,
  { choice, shortfalls, proof }: Chosen,
): Composite {
  const parts = input.template.objectives.flatMap((objective, g) => {
    const kept = input.kept.filter((part) => part.objective === objective.name);
    const staying = kept.slice(0, objective.count);
    const fresh = (sla.proposals[g] ?? []).flatMap((proposal, i) =>
      i < staying.length ? [] : unitsOf(proposal, choice[g]?.[i] ?? 0, staying),
    );
    return numbered(objective.name, staying, fresh);
  });
  const proposals = parts.map((part) => part.proposal);
  const micros = proposals.reduce((sum, proposal) => sum + proposal.pricePerHour.micros, 0);
  const validUntilMs = parts
    .filter((part) => !input.kept.includes(part))
    .reduce((earliest, { proposal }) => Math.min(earliest, proposal.validUntilMs), forever);
  return {
    status: shortfalls.length === 0 ? 'OK' : 'FAILURE',
    parts,
    pricePerHour: timesMoney({ micros, currency: currencyOf(input) }, 1),
    score: sla.aim.scoreOf(proposals),
    shortfalls,
    proof,
    validUntilMs,
  };
}

/** Where every machine is kept there is nothing left to accept, and so nothing expires. */
const forever = Number.MAX_SAFE_INTEGER;

/** The lowest units of the proposal that no kept machine holds. */
function unitsOf(
  proposal: Proposal,
  count: number,
  kept: readonly Part[],
): readonly Pick<Part, 'proposal' | 'unit'>[] {
  const held = new Set(
    kept
      .filter(
        (part) => part.proposal.id === proposal.id && part.proposal.vendor === proposal.vendor,
      )
      .map((part) => part.unit),
  );
  const units: Pick<Part, 'proposal' | 'unit'>[] = [];
  for (let unit = 0; units.length < count; unit++) {
    if (!held.has(unit)) units.push({ proposal, unit });
  }
  return units;
}

/** Kept machines keep their names; the others take the free numbers. */
function numbered(
  objective: string,
  kept: readonly Part[],
  fresh: readonly Pick<Part, 'proposal' | 'unit'>[],
): readonly Part[] {
  const names = new Set(kept.map((part) => part.machine));
  let number = 1;
  const added = fresh.map((part): Part => {
    while (names.has(`${objective}-${number}`)) number += 1;
    const machine = `${objective}-${number}`;
    number += 1;
    return { machine, objective, ...part };
  });
  const numberOf = (part: Part): number => Number(part.machine.slice(objective.length + 1));
  return [...kept, ...added].sort((a, b) => numberOf(a) - numberOf(b));
}
