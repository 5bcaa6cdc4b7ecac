/** What is left of an SLA when machines have ended. */
import type { SlaId } from '../sla/ids.ts';
import { addMoney, money } from '../sla/money.ts';
import { type Composite, isOver, type Machine, type Sla } from '../sla/sla.ts';
import type { Final, Item, MachineOrder } from './values.ts';

/** Orders for machines of an SLA: all of them, or those of one objective. */
export function machineOrders(sla: Sla, objective?: string): readonly MachineOrder[] {
  const parts = new Map(sla.composite.parts.map((part) => [part.machine, part]));
  return sla.machines.flatMap((machine) => {
    const part = parts.get(machine.name);
    if (part === undefined || machine.state === 'ended') return [];
    if (objective !== undefined && machine.objective !== objective) return [];
    const contract = { id: machine.contract, proposal: part.proposal, unit: part.unit };
    return [{ machine: machine.name, part, contract }];
  });
}

/**
 * The SLA after a withdrawal. Machines that ended are gone from it, with their objective when it
 * has none left; those that could not be ended stay, as `withdrawing`, and are ended next time.
 */
export function afterWithdrawal(sla: Sla, items: readonly Item[], nowMs: number): Sla {
  const outcomes = new Map(
    items.flatMap(({ machines }) => machines.map((each) => [each.machine, each] as const)),
  );
  const machines = sla.machines.flatMap((machine): readonly Machine[] => {
    const outcome = outcomes.get(machine.name);
    if (outcome === undefined) return [machine];
    if (outcome.failed === undefined) return [];
    return [{ ...machine, state: 'withdrawing', reason: outcome.failed.detail }];
  });
  const stuck = machines.filter((machine) => machine.state === 'withdrawing');
  const base = { ...sla, machines, updatedMs: nowMs };
  if (machines.length === 0) return { ...base, state: 'ended' };
  if (stuck.length > 0) {
    return { ...base, state: 'withdrawing', reason: stuck.map(({ reason }) => reason).join('; ') };
  }
  const left = new Set(machines.map((machine) => machine.objective));
  const objectives = sla.template.objectives.filter(({ name }) => left.has(name));
  return {
    ...base,
    template: { ...sla.template, objectives },
    composite: onlyParts(sla.composite, new Set(machines.map((machine) => machine.name))),
  };
}

/** The SLA after machines of it went over to the one that replaces it, and others ended. */
export function afterReplacement(
  sla: Sla,
  {
    by,
    final,
    items,
  }: { readonly by: SlaId; readonly final: Final; readonly items: readonly Item[] },
  nowMs: number,
): Sla {
  const moved = new Set(final.machines.map(({ contract }) => contract));
  const own = { ...sla, machines: sla.machines.filter(({ contract }) => !moved.has(contract)) };
  const left = afterWithdrawal(own, items, nowMs);
  if (left.state === 'withdrawing') return left;
  return { ...left, reason: `replaced ${isOver(left.state) ? '' : 'in part '}by ${by}` };
}

function onlyParts(composite: Composite, machines: ReadonlySet<string>): Composite {
  const parts = composite.parts.filter((part) => machines.has(part.machine));
  const pricePerHour = parts.reduce(
    (sum, part) => addMoney(sum, part.proposal.pricePerHour),
    money(0, composite.pricePerHour.currency),
  );
  return { ...composite, parts, pricePerHour };
}
