/**
 * An SLA as rows. Its parts change at different times: the template and the composite hardly ever,
 * one machine with every step of a large negotiation. So each is a text of its own, and a change of
 * one machine out of 2,000 writes that machine.
 */
import type { Machine, Sla } from '../../sla/sla.ts';
import type { SlaSummary } from '../store.ts';

/** The columns that listing needs. */
export function summaryOf(sla: Sla): SlaSummary {
  return {
    id: sla.id,
    name: sla.name,
    state: sla.state,
    pricePerHourMicros: sla.composite.pricePerHour.micros,
    currency: sla.composite.pricePerHour.currency,
    machines: machinesOf(sla),
    createdMs: sla.createdMs,
    updatedMs: sla.updatedMs,
  };
}

/** What was chosen until it is signed; then the machines that are not ended. */
function machinesOf(sla: Sla): number {
  if (sla.machines.length === 0) return sla.composite.parts.length;
  return sla.machines.filter((machine) => machine.state !== 'ended').length;
}

/** The document's texts by part number: head, template, composite, then one per machine. */
export function partsOf(sla: Sla): readonly string[] {
  const { template, composite, machines, ...head } = sla;
  return [
    JSON.stringify(head),
    textOf(template),
    textOf(composite),
    ...machines.map((machine) => textOf(machine)),
  ];
}

/** The document of {@link partsOf}'s texts in order. */
export function slaOf(parts: readonly string[]): Sla {
  const [head = '{}', template = 'null', composite = 'null', ...machines] = parts;
  const inner = `"template":${template},"composite":${composite},"machines":[${machines.join(',')}]`;
  // The texts are ours, and a store of another version was migrated or refused.
  return JSON.parse(`${head.slice(0, -1)},${inner}}`) as Sla;
}

/** Values never change, so what one step shares with the one before is turned into text once. */
const texts = new WeakMap<object, string>();

function textOf(value: Machine | Sla['template'] | Sla['composite']): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}
