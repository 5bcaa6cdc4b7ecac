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
