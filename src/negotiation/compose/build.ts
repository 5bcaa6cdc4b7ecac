import type { Objective } from '../../sla/objective.ts';
import type { Proposal } from '../../sla/proposal.ts';
import type { Answers, Part, VendorRecord } from '../../sla/sla.ts';
import type { Template } from '../../sla/template.ts';
import { type Aim, aimOf, type Policy } from './aim.ts';
import { latencyMs, placeForbids, type VendorSites, type Whereabouts } from './places.ts';
import type { Group, Item, PairRule, Problem, Row, Use } from './problem.ts';

/** All that composing looks at. */
export interface ComposeInput {
  readonly template: Template;
  readonly answers: readonly Answers[];
  /** A vendor without a record is neither trusted nor distrusted: see `trustOf`. */
  readonly records: readonly VendorRecord[];
  /** Machines that stay as they are, in a renegotiation. */
  readonly kept: readonly Part[];
  readonly sites: readonly VendorSites[];
  readonly policy: Policy;
  /** Proposals that have expired by then are left out. Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** A template and its answers as a program, and what its parts stand for. */
export interface SlaProblem {
  readonly problem: Problem;
  readonly aim: Aim;
  /** By group and item, as in the problem; the same proposal may be kept and offered anew. */
  readonly proposals: readonly (readonly Proposal[])[];
  /** By row. */
  readonly rows: readonly RowMeaning[];
  /** By rule: which objective's `near` it is. */
  readonly nears: readonly Objective[];
  readonly places: readonly Whereabouts[];
  /** Proposals that are out of the question, with the reason in words. */
  readonly excluded: readonly { readonly proposal: Proposal; readonly reason: string }[];
}

export type RowMeaning =
  | { readonly kind: 'budget'; readonly limitMicros: number; readonly currency: string }
  | { readonly kind: 'capacity'; readonly vendor: string; readonly resource: string }
  | { readonly kind: 'apart'; readonly objective: string; readonly at: string };

/** The budget, where there is one, is row 0. */
export function composeProblem(input: ComposeInput): SlaProblem {
  const { template } = input;
  const currency = currencyOf(input);
  const excluded: { proposal: Proposal; reason: string }[] = [];
  const offered = template.objectives.map((objective) => {
    const answers = input.answers.filter((answer) => answer.objective === objective.name);
    const fit: Proposal[] = [];
    const seen = new Set<string>();
    for (const proposal of answers.flatMap((answer) => answer.proposals)) {
      // A vendor may answer twice; its second answer offers no further units.
      const key = JSON.stringify([proposal.vendor, proposal.id]);
      if (seen.has(key)) continue;
      seen.add(key);
      const reason = reasonAgainst(proposal, objective, { currency, nowMs: input.nowMs });
      if (reason === undefined) fit.push(proposal);
      else excluded.push({ proposal, reason });
    }
    return input.policy === 'first' ? ofFirstVendor(fit, objective) : fit;
  });
  const kept = template.objectives.map((objective) =>
    input.kept.filter((part) => part.objective === objective.name).slice(0, objective.count),
  );
  const all = [...offered.flat(), ...kept.flat().map((part) => part.proposal)];
  const aim = aimOf(template, all, input);
  const rows = new Rows(template);
  const places = new Places(all);
  const groups: Group[] = [];
  const proposals: Proposal[][] = [];
  template.objectives.forEach((objective, g) => {
    const keptHere = (kept[g] ?? []).map((part) => part.proposal);
    const offers = offered[g] ?? [];
    const items = [
      ...keptHere.map((proposal) => ({ proposal, units: 1, fixed: 1 })),
      ...offers.map((proposal) => ({ proposal, units: proposal.units, fixed: 0 })),
    ].map(({ proposal, units, fixed }): Item => {
      const uses = rows.usesOf(proposal, { objective, keeps: fixed > 0 });
      const placed = places.of(proposal);
      return { cost: aim.costOf(proposal), units, fixed, ...placed, uses };
    });
    groups.push(groupOf(objective, items));
    proposals.push([...keptHere, ...offers]);
  });
  const { rules, nears } = rulesOf(input, places.all);
  const problem = { groups, rows: rows.rows, rules, placeCount: places.all.length };
  return {
    problem,
    aim,
    proposals,
    rows: rows.meanings,
    nears,
    places: places.all,
    excluded,
  };
}

/** The one currency of the SLA: its budget's, or else its first proposal's. */
export function currencyOf(input: Pick<ComposeInput, 'template' | 'answers' | 'kept'>): string {
  return (
    input.template.limits.pricePerHour?.currency ??
    input.kept[0]?.proposal.pricePerHour.currency ??
    input.answers.find((answer) => answer.proposals.length > 0)?.proposals[0]?.pricePerHour
      .currency ??
    'USD'
  );
}

function groupOf(objective: Objective, items: readonly Item[]): Group {
  const { together } = objective.place;
  const group = { name: objective.name, count: objective.count, items };
  if (together === undefined) return group;
  return { ...group, together: together === 'site' ? 'place' : 'vendor' };
}

function reasonAgainst(
  proposal: Proposal,
  objective: Objective,
  against: { readonly currency: string; readonly nowMs: number },
): string | undefined {
  const { pricePerHour, offered, validUntilMs } = proposal;
  if (pricePerHour.currency !== against.currency) {
    return `priced in ${pricePerHour.currency}, the SLA is in ${against.currency}`;
  }
  if (validUntilMs <= against.nowMs) return 'expired';
  if (proposal.units < 1) return 'offers no unit';
  for (const need of ['cpus', 'memoryMiB', 'diskGiB'] as const) {
    if (offered[need] < objective[need]) {
      return `offers ${offered[need]} ${need}, asked ${objective[need]}`;
    }
  }
  return placeForbids(objective.place, proposal);
}

/** CLOSER'11 §4: the first vendor whose proposals can serve everything of the objective. */
function ofFirstVendor(proposals: readonly Proposal[], objective: Objective): Proposal[] {
  const units = new Map<string, number>();
  for (const { vendor, units: more } of proposals) {
    units.set(vendor, (units.get(vendor) ?? 0) + more);
  }
  const first = [...units].find(([, sum]) => sum >= objective.count)?.[0] ?? [...units.keys()][0];
  return proposals.filter((proposal) => proposal.vendor === first);
}

/** Numbers the places of all proposals. */
class Places {
  readonly all: Whereabouts[] = [];
  readonly #placeOf = new Map<string, number>();
  readonly #vendors: string[] = [];

  constructor(proposals: readonly Proposal[]) {
    for (const { vendor, site } of proposals) {
      const key = JSON.stringify([vendor, site]);
      if (!this.#vendors.includes(vendor)) this.#vendors.push(vendor);
      if (this.#placeOf.has(key)) continue;
      this.#placeOf.set(key, this.all.length);
      this.all.push({ vendor, site });
    }
  }

  of({ vendor, site }: Proposal): { readonly place: number; readonly vendor: number } {
    const place = this.#placeOf.get(JSON.stringify([vendor, site])) ?? -1;
    return { place, vendor: this.#vendors.indexOf(vendor) };
  }
}

/** Collects the rows as the items need them. */
class Rows {
  readonly rows: Row[] = [];
  readonly meanings: RowMeaning[] = [];
  readonly #indexOf = new Map<string, number>();
  readonly #hasBudget: boolean;

  constructor(template: Template) {
    const budget = template.limits.pricePerHour;
    this.#hasBudget = budget !== undefined;
    if (budget === undefined) return;
    const { micros: limitMicros, currency } = budget;
    this.#row('budget', limitMicros, { kind: 'budget', limitMicros, currency });
  }

  /** A kept machine has its capacity already; it still costs, and still stands apart. */
  usesOf(
    proposal: Proposal,
    of: { readonly objective: Objective; readonly keeps: boolean },
  ): readonly Use[] {
    const uses = new Map<number, number>();
    const { vendor, site } = proposal;
    if (this.#hasBudget) uses.set(0, proposal.pricePerHour.micros);
    for (const { resource, amount, available } of of.keeps ? [] : proposal.uses) {
      const key = JSON.stringify([vendor, resource]);
      const row = this.#row(key, available, { kind: 'capacity', vendor, resource });
      uses.set(row, (uses.get(row) ?? 0) + amount);
    }
    const { apart } = of.objective.place;
    if (apart === 'site' || apart === 'vendor') {
      const at = apart === 'site' ? site : vendor;
      const objective = of.objective.name;
      uses.set(
        this.#row(JSON.stringify([0, objective, at]), 1, { kind: 'apart', objective, at }),
        1,
      );
    }
    return [...uses].map(([row, amount]) => ({ row, amount }));
  }

  /** Where a vendor's proposals disagree about what is left, the least counts. */
  #row(key: string, available: number, meaning: RowMeaning): number {
    const known = this.#indexOf.get(key);
    const row = known === undefined ? undefined : this.rows[known];
    if (known !== undefined && row !== undefined) {
      if (available < row.available) this.rows[known] = { ...row, available };
      return known;
    }
    this.#indexOf.set(key, this.rows.length);
    this.meanings.push(meaning);
    return this.rows.push({ name: nameOf(meaning), available }) - 1;
  }
}

function nameOf(meaning: RowMeaning): string {
  if (meaning.kind === 'budget') return 'budget';
  if (meaning.kind === 'capacity') return `${meaning.resource} of ${meaning.vendor}`;
  return `${meaning.objective} apart at ${meaning.at}`;
}

function rulesOf(
  input: ComposeInput,
  places: readonly Whereabouts[],
): { readonly rules: readonly PairRule[]; readonly nears: readonly Objective[] } {
  const { objectives } = input.template;
  const rules: PairRule[] = [];
  const nears: Objective[] = [];
  objectives.forEach((objective, left) => {
    const { near } = objective.place;
    if (near === undefined) return;
    const right = objectives.findIndex((other) => other.name === near.objective);
    if (right < 0) return;
    const compatible = new Uint8Array(places.length ** 2);
    places.forEach((a, i) => {
      places.forEach((b, j) => {
        const apartMs = latencyMs(input.sites, a, b) ?? Infinity;
        compatible[i * places.length + j] = apartMs <= near.withinMs ? 1 : 0;
      });
    });
    rules.push({ left, right, compatible });
    nears.push(objective);
  });
  return { rules, nears };
}
