/** What is left of an SLA when machines have ended. */
import { id, type ProposalId, type SlaId } from '../sla/ids.ts';
import { addMoney, money } from '../sla/money.ts';
import type { Objective } from '../sla/objective.ts';
import type { Proposal } from '../sla/proposal.ts';
import {
  type Composite,
  isOver,
  type Machine,
  type Part,
  type Sla,
  type SlaState,
} from '../sla/sla.ts';
import type { Template } from '../sla/template.ts';
import { outcomesOf } from './orders.ts';
import type { Final, Item, MachineOrder } from './values.ts';

/** Which machines of an SLA: all of them, unless it says otherwise. */
export interface Extent {
  /** Those of one objective. */
  readonly objective?: string;
  /** Those that were to end before, and did not. */
  readonly state?: 'withdrawing';
}

/** Orders for machines of an SLA. */
export function machineOrders(sla: Sla, extent: Extent = {}): readonly MachineOrder[] {
  return sla.machines
    .filter(({ objective }) => extent.objective === undefined || objective === extent.objective)
    .filter(({ state }) => state !== 'ended' && (extent.state ?? state) === state)
    .map((machine) => {
      const part = partOf(sla, machine);
      const contract = { id: machine.contract, proposal: part.proposal, unit: part.unit };
      return { machine: machine.name, part, contract };
    });
}

/** A machine that is only to be ended may have no part any more, or one that another has taken. */
function partOf({ composite }: Sla, machine: Machine): Part {
  const { name, objective, vendor, pricePerHour } = machine;
  const own = composite.parts.find((part) => part.machine === name);
  if (own?.proposal.vendor === vendor) return own;
  const proposal: Proposal = {
    kind: 'proposal',
    id: id<ProposalId>(`of ${machine.contract}`),
    vendor,
    objective,
    site: '',
    shape: '',
    pricePerHour,
    offered: { cpus: 0, memoryMiB: 0, diskGiB: 0, image: '' },
    units: 1,
    uses: [],
    promises: [],
    predicted: { cpuSpeed: 0, bindMs: 0 },
    validUntilMs: 0,
  };
  return { machine: name, objective, proposal, unit: 0 };
}

/**
 * The SLA after a withdrawal. Machines that ended are gone from it, with their objective when it
 * has none left; those that could not be ended stay, as `withdrawing`, and are ended next time. The
 * others are as they were.
 */
export function afterWithdrawal(sla: Sla, items: readonly Item[], nowMs: number): Sla {
  // Not by their names: a machine has the name of the one that it replaces.
  const outcomes = new Map(
    outcomesOf(items).flatMap((outcome) =>
      outcome.contract === undefined ? [] : [[outcome.contract.id, outcome] as const],
    ),
  );
  const machines = sla.machines.flatMap((machine): readonly Machine[] => {
    const outcome = outcomes.get(machine.contract);
    if (outcome === undefined) return [machine];
    if (outcome.failed === undefined) return [];
    return [{ ...machine, state: 'withdrawing', reason: outcome.failed.detail }];
  });
  const stuck = machines.filter((machine) => machine.state === 'withdrawing');
  const { reason: before, ...rest } = sla;
  const reason = stuck.length > 0 ? reasonsOf(stuck) : isStuck(sla) ? undefined : before;
  const base = { ...rest, machines, updatedMs: nowMs, ...(reason === undefined ? {} : { reason }) };
  if (machines.length === 0) return { ...base, state: 'ended' };
  if (stuck.length === machines.length) return { ...base, state: 'withdrawing' };
  const template = onlyObjectives(sla.template, new Set(machines.map((each) => each.objective)));
  const composite = onlyParts(sla.composite, new Set(machines.map((machine) => machine.name)));
  return { ...base, template, composite, state: stateOf(sla, template, machines) };
}

/** Its reason is then that of the machines that did not end. */
function isStuck({ machines }: Sla): boolean {
  return machines.some(({ state, reason }) => state === 'withdrawing' && reason !== undefined);
}

function reasonsOf(machines: readonly Machine[]): string {
  return [...new Set(machines.map(({ reason = 'it was not ended' }) => reason))].join('; ');
}

/** What was less than whole, or on its way out, may be whole without what has ended. */
function stateOf({ state }: Sla, template: Template, machines: readonly Machine[]): SlaState {
  if (state !== 'partial' && state !== 'withdrawing') return state;
  const ready = machines.filter((machine) => machine.state === 'ready');
  const isWhole = template.objectives.every(
    ({ name, count }) => ready.filter(({ objective }) => objective === name).length >= count,
  );
  return isWhole ? 'ready' : 'partial';
}

/** Without the others, and so near to none of them. */
function onlyObjectives(template: Template, names: ReadonlySet<string>): Template {
  const objectives = template.objectives
    .filter(({ name }) => names.has(name))
    .map((objective): Objective => {
      const { near, ...place } = objective.place;
      return near === undefined || names.has(near.objective) ? objective : { ...objective, place };
    });
  return { ...template, objectives };
}

interface Replacement {
  readonly by: SlaId;
  readonly final: Final;
  /** Absent: what is not needed any more is still to be ended. */
  readonly items?: readonly Item[];
}

/** The SLA after machines of it went over to the one that replaces it, and others ended. */
export function afterReplacement(sla: Sla, { by, final, items }: Replacement, nowMs: number): Sla {
  if (isOver(sla.state)) return sla;
  const moved = new Set(final.machines.map(({ contract }) => contract));
  const own = { ...sla, machines: sla.machines.filter(({ contract }) => !moved.has(contract)) };
  const left = afterWithdrawal(own, items ?? [], nowMs);
  if (isStuck(left) || (items === undefined && !isOver(left.state))) return left;
  const said = `replaced ${isOver(left.state) ? '' : 'in part '}by ${by}`;
  return { ...left, reason: left.reason === undefined ? said : `${left.reason}; ${said}` };
}

function onlyParts(composite: Composite, machines: ReadonlySet<string>): Composite {
  const parts = composite.parts.filter((part) => machines.has(part.machine));
  const pricePerHour = parts.reduce(
    (sum, part) => addMoney(sum, part.proposal.pricePerHour),
    money(0, composite.pricePerHour.currency),
  );
  return { ...composite, parts, pricePerHour };
}
