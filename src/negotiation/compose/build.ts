import type { Objective } from '../../sla/objective.ts';
import { placeObjection } from '../../sla/place.ts';
import type { Proposal } from '../../sla/proposal.ts';
import type { Answers, Part, VendorRecord } from '../../sla/sla.ts';
import type { Template } from '../../sla/template.ts';
import { type Aim, aimOf, type Policy } from './aim.ts';
import { latencyMs, type VendorSites, type Whereabouts } from './places.ts';
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
      const key = `${proposal.vendor}\n${proposal.id}`;
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
    const itemOf = (proposal: Proposal, fixed: number): Item => ({
      cost: aim.costOf(proposal),
      units: fixed > 0 ? fixed : proposal.units,
      fixed,
      place: places.of(proposal),
      vendor: places.vendorOf(proposal),
      uses: rows.usesOf(proposal, objective, fixed),
    });
    const items = [
      ...keptHere.map((proposal) => itemOf(proposal, 1)),
      ...offers.map((proposal) => itemOf(proposal, 0)),
    ];
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
  return placeObjection(objective.place, proposal.vendor, proposal.site);
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
  readonly #vendors = new Map<
    string,
    { readonly index: number; readonly sites: Map<string, number> }
  >();

  constructor(proposals: readonly Proposal[]) {
    for (const { vendor, site } of proposals) {
      let known = this.#vendors.get(vendor);
      if (known === undefined) {
        known = { index: this.#vendors.size, sites: new Map() };
        this.#vendors.set(vendor, known);
      }
      if (!known.sites.has(site)) known.sites.set(site, this.all.push({ vendor, site }) - 1);
    }
  }

  of({ vendor, site }: Proposal): number {
    return this.#vendors.get(vendor)?.sites.get(site) ?? -1;
  }

  vendorOf({ vendor }: Proposal): number {
    return this.#vendors.get(vendor)?.index ?? -1;
  }
}

/** Collects the rows as the items need them. */
class Rows {
  readonly rows: Row[] = [];
  readonly meanings: RowMeaning[] = [];
  readonly #capacities = new Map<string, Map<string, number>>();
  readonly #aparts = new Map<string, Map<string, number>>();
  readonly #hasBudget: boolean;

  constructor(template: Template) {
    const budget = template.limits.pricePerHour;
    this.#hasBudget = budget !== undefined;
    if (budget === undefined) return;
    const { micros: limitMicros, currency } = budget;
    this.meanings.push({ kind: 'budget', limitMicros, currency });
    this.rows.push({ name: 'budget', available: limitMicros });
  }

  /** A kept machine has its capacity already; it still costs, and still stands apart. */
  usesOf(proposal: Proposal, objective: Objective, fixed: number): readonly Use[] {
    const { vendor, site, pricePerHour } = proposal;
    const uses: Use[] = this.#hasBudget ? [{ row: 0, amount: pricePerHour.micros }] : [];
    for (const { resource, amount, available } of fixed > 0 ? [] : proposal.uses) {
      const row = this.#row({ kind: 'capacity', vendor, resource }, available);
      const twice = uses.findIndex((use) => use.row === row);
      if (twice < 0) uses.push({ row, amount });
      else uses[twice] = { row, amount: amount + (uses[twice]?.amount ?? 0) };
    }
    const { apart } = objective.place;
    if (apart === 'site' || apart === 'vendor') {
      const at = apart === 'site' ? site : vendor;
      uses.push({ row: this.#row({ kind: 'apart', objective: objective.name, at }, 1), amount: 1 });
    }
    return uses;
  }

  /** Where a vendor's proposals disagree about what is left, the least counts. */
  #row(meaning: Exclude<RowMeaning, { readonly kind: 'budget' }>, available: number): number {
    const [owners, owner, what] =
      meaning.kind === 'capacity'
        ? [this.#capacities, meaning.vendor, meaning.resource]
        : [this.#aparts, meaning.objective, meaning.at];
    let owned = owners.get(owner);
    if (owned === undefined) {
      owned = new Map();
      owners.set(owner, owned);
    }
    const known = owned.get(what);
    const row = known === undefined ? undefined : this.rows[known];
    if (known !== undefined && row !== undefined) {
      if (available < row.available) this.rows[known] = { ...row, available };
      return known;
    }
    owned.set(what, this.rows.length);
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
