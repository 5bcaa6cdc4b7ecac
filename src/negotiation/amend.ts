/**
 * Bounds that the user agreed to beforehand: within them an SLA is renegotiated without asking
 * (`amend` of an objective; Cloud Agency, "boundaries within which renegotiation keeps price or uses
 * a pre-defined price adjustment").
 */
import { differences } from '../sla/edit.ts';
import type { Amendment, Objective } from '../sla/objective.ts';
import type { Composite, Part } from '../sla/sla.ts';
import type { Template } from '../sla/template.ts';

/** What was agreed before. */
export interface Agreed {
  readonly template: Template;
  readonly parts: readonly Part[];
}

/** Whether every change of the template, and every rise of a price, was agreed to beforehand. */
export function isAmended(
  agreed: Agreed,
  after: { readonly template: Template; readonly composite: Composite },
): boolean {
  const { changed, added, dropped, recounted } = differences(agreed.template, after.template);
  if (changed.length === 0 || added.length + dropped.length + recounted.length > 0) return false;
  return changed.every((name) => {
    const old = objectiveOf(agreed.template, name);
    const young = objectiveOf(after.template, name);
    if (old === undefined || young === undefined) return false;
    const used = old.amend.filter(({ parameter }) => old[parameter] !== young[parameter]);
    return (
      isWithin(old, young, used) &&
      dearest(after.composite.parts, name) <= dearest(agreed.parts, name) + riseOf(used)
    );
  });
}

/** Nothing else differs, and each amended parameter stays under its bound. */
function isWithin(old: Objective, young: Objective, used: readonly Amendment[]): boolean {
  const amended = Object.fromEntries(used.map(({ parameter }) => [parameter, young[parameter]]));
  const same = JSON.stringify({ ...old, ...amended }) === JSON.stringify({ ...old, ...young });
  return same && used.every(({ parameter, upTo }) => (young[parameter] ?? 0) <= upTo);
}

function riseOf(used: readonly Amendment[]): number {
  return used.reduce((sum, { pricePerHourAtMost }) => sum + (pricePerHourAtMost?.micros ?? 0), 0);
}

function dearest(parts: readonly Part[], objective: string): number {
  const own = parts.filter((part) => part.objective === objective);
  return Math.max(0, ...own.map(({ proposal }) => proposal.pricePerHour.micros));
}

function objectiveOf({ objectives }: Template, name: string): Objective | undefined {
  return objectives.find((objective) => objective.name === name);
}
