import { limits } from '../base/limits.ts';
import { didYouMean } from '../base/suggest.ts';
import { formatGiB, formatMbps, formatMiB } from '../base/units.ts';
import { formatMetric } from './metrics.ts';
import type { Amendment, Objective } from './objective.ts';
import { patternCovers } from './place.ts';
import type { Problem } from './problem.ts';
import { machineCount, type Template, templateCurrency } from './template.ts';

/**
 * What no vendor could ever answer: parts of a template that exclude each other, found before one
 * is asked. Each names the objective's field and both sides of the contradiction.
 */
export function contradictions(template: Template): readonly Problem[] {
  const names = template.objectives.map((objective) => objective.name);
  return [
    ...tooManyMachines(template),
    ...currencies(template),
    ...template.objectives.flatMap((objective) => objectiveContradictions(objective, names)),
  ];
}

/** Those inside one objective, and with the names of the others. */
export function objectiveContradictions(
  objective: Objective,
  names: readonly string[],
): readonly Problem[] {
  return [
    ...nearness(objective, names),
    ...togetherAndApart(objective),
    ...exclusions(objective),
    ...tooFewPlaces(objective),
    ...promiseBounds(objective),
    ...amendments(objective),
  ];
}

function at(objective: Objective, ...fields: readonly string[]): Problem['path'] {
  return ['objectives', objective.name, ...fields];
}

function tooManyMachines(template: Template): readonly Problem[] {
  const machines = machineCount(template);
  if (machines <= limits.slaMachines) return [];
  const allowed = `allowed are ${limits.slaMachines} in one SLA`;
  return [{ path: ['objectives'], detail: `found ${machines} machines in all; ${allowed}` }];
}

/** One SLA has one currency: that of its first price. */
function currencies(template: Template): readonly Problem[] {
  const prices = template.objectives.flatMap((objective) =>
    objective.amend.map((amendment) => ({
      path: at(objective, 'amend', amendmentFields[amendment.parameter], 'for'),
      currency: amendment.pricePerHourAtMost?.currency,
    })),
  );
  const first = templateCurrency(template);
  return prices
    .filter(({ currency }) => currency !== undefined && currency !== first)
    .map(({ path, currency }) => ({
      path,
      detail: `found ${currency} beside ${first}; allowed is one currency in an SLA`,
    }));
}

function nearness(objective: Objective, names: readonly string[]): readonly Problem[] {
  const near = objective.place.near;
  if (near === undefined) return [];
  const path = at(objective, 'place', 'near');
  if (near.objective === objective.name) {
    const detail = `found ${objective.name} near itself; allowed is another objective, or together`;
    return [{ path, detail }];
  }
  if (names.includes(near.objective)) return [];
  const others = names.filter((name) => name !== objective.name);
  const allowed = others.length === 0 ? 'is none, as there is no other' : `are ${list(others)}`;
  const hint = didYouMean(near.objective, others);
  return [{ path, detail: `found near ${near.objective}; allowed ${allowed}${hint}` }];
}

function togetherAndApart({ place, ...objective }: Objective): readonly Problem[] {
  const { apart, together } = place;
  if (apart === undefined || together === undefined || objective.count === 1) return [];
  if (apart === 'host' || (apart === 'site' && together === 'vendor')) return [];
  const detail =
    `found together: ${together} beside apart: ${apart} for ${objective.count} machines; ` +
    `allowed is either of them`;
  return [{ path: ['objectives', objective.name, 'place', 'apart'], detail }];
}

function exclusions(objective: Objective): readonly Problem[] {
  const { sites, vendors, not } = objective.place;
  const excluded = (kind: 'vendors' | 'sites', wanted: readonly string[]): readonly Problem[] =>
    wanted.flatMap((name, index) => {
      const by = not.find((pattern) => patternCovers(pattern, name));
      if (by === undefined) return [];
      const detail = `found ${name}, which not: ${by} excludes; allowed is one of the two`;
      return [{ path: [...at(objective, 'place', kind), index], detail }];
    });
  const found = [...excluded('vendors', vendors), ...excluded('sites', sites)];
  if (found.length > 0 || !not.some((pattern) => patternCovers(pattern, '*'))) return found;
  const detail = 'found *, which leaves no place at all; allowed are some names or patterns';
  return [{ path: at(objective, 'place', 'not'), detail }];
}

/** Sites are unique at a vendor only, so listed sites bound nothing until vendors are listed. */
function tooFewPlaces({ place, name, count }: Objective): readonly Problem[] {
  const { apart, sites, vendors } = place;
  if (vendors.length === 0 || apart === undefined || apart === 'host') return [];
  const patterns = sites.length === 0 || sites.some((site) => site.includes('*'));
  if (apart === 'site' && patterns) return [];
  const places = apart === 'vendor' ? vendors.length : vendors.length * sites.length;
  if (count <= places) return [];
  const allowed = `allowed are at most ${places}, the ${apart}s that are listed`;
  const path = ['objectives', name, 'count'];
  return [{ path, detail: `found ${count} machines in a ${apart} of their own; ${allowed}` }];
}

function promiseBounds(objective: Objective): readonly Problem[] {
  return objective.promises.flatMap((floor) => {
    if (floor.bound !== 'atLeast') return [];
    const ceiling = objective.promises.find(
      (other) => other.metric === floor.metric && other.bound === 'atMost',
    );
    if (ceiling === undefined || ceiling.value >= floor.value) return [];
    const [low, high] = [floor, ceiling].map(({ metric, value }) => formatMetric(metric, value));
    const detail = `found at least ${low} and at most ${high}; allowed is a floor below the ceiling`;
    return [{ path: at(objective, 'promises', floor.metric, 'atLeast'), detail }];
  });
}

const amendmentFields = {
  cpus: 'cpus',
  memoryMiB: 'memory',
  diskGiB: 'disk',
  networkMbps: 'network',
} as const;

function amendments(objective: Objective): readonly Problem[] {
  return objective.amend.flatMap(({ parameter, upTo }) => {
    const asked = objective[parameter];
    const field = amendmentFields[parameter];
    const path = at(objective, 'amend', field, 'upTo');
    if (asked === undefined) {
      return [{ path, detail: `found a bound on ${field}, of which any will do; allowed is none` }];
    }
    if (upTo >= asked) return [];
    const [found, least] = [upTo, asked].map((value) => formatParameter(parameter, value));
    return [{ path, detail: `found ${found}; allowed is no less than the ${least} asked` }];
  });
}

function formatParameter(parameter: Amendment['parameter'], value: number): string {
  switch (parameter) {
    case 'cpus':
      return `${value}`;
    case 'memoryMiB':
      return formatMiB(value);
    case 'diskGiB':
      return formatGiB(value);
    case 'networkMbps':
      return formatMbps(value);
  }
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
