import { formatPrice } from '../../sla/money.ts';
import type { Proposal } from '../../sla/proposal.ts';
import type { Composite, VendorRecord } from '../../sla/sla.ts';
import { trustOf } from './aim.ts';
import type { SlaProblem } from './build.ts';
import { brokenPairs, type Choice, type Group, keyOf, roomOf } from './problem.ts';
import { presolve } from './search/presolve.ts';

/** A proposal that is not part of the composite, and why, in words and numbers. */
export interface Loser {
  readonly proposal: Proposal;
  readonly reason: string;
}

/** Why each unused proposal lost, in the order of the answers; those out of the question first. */
export function explainLosers(
  sla: SlaProblem,
  composite: Composite,
  records: readonly VendorRecord[],
): readonly Loser[] {
  const choice = choiceIn(sla, composite);
  const taken = takenBy(sla, choice);
  const { dominators } = presolve(sla.problem);
  const losers: Loser[] = sla.excluded.map(({ proposal, reason }) => ({ proposal, reason }));
  sla.problem.groups.forEach((group, g) => {
    const chosen = dearestChosen(group, choice[g] ?? []);
    group.items.forEach((item, i) => {
      const proposal = sla.proposals[g]?.[i];
      if (proposal === undefined || item.fixed > 0 || (choice[g]?.[i] ?? 0) > 0) return;
      const rival = sla.proposals[g]?.[chosen];
      const better = sla.proposals[g]?.[dominators[g]?.get(i) ?? -1];
      const reason =
        rival === undefined
          ? 'not needed'
          : (worse(sla, { g, i, chosen, records }) ??
            (better === undefined ? undefined : outdone(better)) ??
            blocked(sla, { g, i, chosen, choice, taken }) ??
            `as good as ${named(rival)}, but not part of the best whole`);
      losers.push({ proposal, reason });
    });
  });
  return losers;
}

function outdone(better: Proposal): string {
  return `outdone by ${named(better)}, which weighs no worse and takes no more`;
}

interface Rivals {
  readonly g: number;
  readonly i: number;
  /** The chosen item it would have to replace; -1: none is. */
  readonly chosen: number;
}

/** In what it is worse than the chosen, where the trade-off says that it is. */
function worse(
  sla: SlaProblem,
  { g, i, chosen, records }: Rivals & { readonly records: readonly VendorRecord[] },
): string | undefined {
  const items = sla.problem.groups[g]?.items ?? [];
  const [own, rival] = [sla.proposals[g]?.[i], sla.proposals[g]?.[chosen]];
  if (own === undefined || rival === undefined) return undefined;
  if ((items[i]?.cost ?? 0) <= (items[chosen]?.cost ?? 0)) return undefined;
  const words: string[] = [];
  const dearerMicros = own.pricePerHour.micros - rival.pricePerHour.micros;
  if (dearerMicros > 0) {
    words.push(`dearer by ${formatPrice({ ...own.pricePerHour, micros: dearerMicros })}`);
  }
  const [speed, top] = [own.predicted.cpuSpeed, rival.predicted.cpuSpeed];
  if (speed < top) words.push(`slower, ${round(speed)} against ${round(top)}`);
  const trust = (vendor: string) => trustOf(records.find((record) => record.vendor === vendor));
  if (trust(own.vendor) < trust(rival.vendor)) {
    words.push(`less trusted, ${round(trust(own.vendor))} against ${round(trust(rival.vendor))}`);
  }
  return words.length === 0 ? undefined : `${words.join('; ')} than ${named(rival)}`;
}

/** What it would break in the place of the chosen item. */
function blocked(
  sla: SlaProblem,
  {
    g,
    i,
    chosen,
    choice,
    taken,
  }: Rivals & { readonly choice: Choice; readonly taken: Float64Array },
): string | undefined {
  const { problem, rows } = sla;
  const group = problem.groups[g];
  const [item, rival] = [group?.items[i], group?.items[chosen]];
  if (group === undefined || item === undefined) return undefined;
  for (const { row, amount } of item.uses) {
    const [bound, meaning] = [problem.rows[row], rows[row]];
    if (bound === undefined || meaning === undefined) continue;
    const freed = rival?.uses.find((use) => use.row === row)?.amount ?? 0;
    const over = (taken[row] ?? 0) - freed + amount;
    if (over <= roomOf(bound)) continue;
    if (meaning.kind === 'budget') {
      const micros = Math.ceil(over - bound.available);
      return `over the budget by ${formatPrice({ micros, currency: meaning.currency })}`;
    }
    if (meaning.kind === 'apart') return `apart: another machine is at ${meaning.at}`;
    const left = round(bound.available - (taken[row] ?? 0) + freed);
    return `capacity: ${bound.name} has ${left} left, one takes ${round(amount)}`;
  }
  const units = choice[g] ?? [];
  const key = keyOf(group, item);
  const others = group.items.some((other, o) => {
    const left = (units[o] ?? 0) - (o === chosen ? 1 : 0);
    const otherKey = keyOf(group, other);
    return left > 0 && otherKey >= 0 && otherKey !== key;
  });
  if (key >= 0 && others) return 'together: the other machines are elsewhere';
  const swapped = units.map((count, o) => count - (o === chosen ? 1 : 0) + (o === i ? 1 : 0));
  const changed = choice.map((row, r) => (r === g ? swapped : row));
  const broken = problem.rules.findIndex(
    (rule, r) =>
      (rule.left === g || rule.right === g) && brokenPairs(problem, changed, r).length > 0,
  );
  const near = sla.nears[broken]?.place.near;
  if (near === undefined) return undefined;
  const asker = sla.nears[broken]?.name ?? '';
  return `near: ${asker} would not be within ${near.withinMs} ms of ${near.objective}`;
}

function choiceIn(sla: SlaProblem, composite: Composite): Choice {
  return sla.problem.groups.map((group, g) => {
    const parts = composite.parts.filter((part) => part.objective === group.name);
    const counts = new Map<string, number>();
    for (const { proposal } of parts) {
      const key = JSON.stringify([proposal.vendor, proposal.id]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return group.items.map((item, i) => {
      const proposal = sla.proposals[g]?.[i];
      const key = JSON.stringify([proposal?.vendor, proposal?.id]);
      const units = Math.min(item.units, counts.get(key) ?? 0);
      counts.set(key, (counts.get(key) ?? 0) - units);
      return units;
    });
  });
}

function takenBy({ problem }: SlaProblem, choice: Choice): Float64Array {
  const taken = new Float64Array(problem.rows.length);
  problem.groups.forEach((group, g) => {
    group.items.forEach((item, i) => {
      for (const { row, amount } of item.uses) {
        taken[row] = (taken[row] ?? 0) + amount * (choice[g]?.[i] ?? 0);
      }
    });
  });
  return taken;
}

function dearestChosen(group: Group, units: readonly number[]): number {
  let chosen = -1;
  group.items.forEach((item, i) => {
    if ((units[i] ?? 0) === 0 || item.fixed > 0) return;
    if (chosen < 0 || item.cost > (group.items[chosen]?.cost ?? 0)) chosen = i;
  });
  return chosen;
}

function named({ vendor, shape, site, pricePerHour }: Proposal): string {
  return `${vendor} ${shape} in ${site} at ${formatPrice(pricePerHour)}`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
