import type { Money } from './money.ts';
import type { Objective } from './objective.ts';

/** What the user asks for: the content of the call for proposals. */
export interface Template {
  readonly name: string;
  readonly limits: { readonly pricePerHour?: Money };
  /** Weights of the trade-off; not all zero. */
  readonly prefer: Preference;
  /** At least one; names are unique. */
  readonly objectives: readonly Objective[];
}

export interface Preference {
  readonly price: number;
  readonly speed: number;
  readonly trust: number;
}

/** The one currency of its prices; US dollars when it names none. */
export function templateCurrency(template: Template): string {
  const rises = template.objectives.flatMap(({ amend }) => amend.map((a) => a.pricePerHourAtMost));
  return [template.limits.pricePerHour, ...rises].find((price) => price)?.currency ?? 'USD';
}

/** Machines of all its objectives. */
export function machineCount(template: Pick<Template, 'objectives'>): number {
  return template.objectives.reduce((sum, objective) => sum + objective.count, 0);
}
