/** What a command says of an SLA at its end, and with which exit code. */

import { bindingTable, compositeTable, shortfallLines } from '../render/composite.ts';
import { formatPrice } from '../sla/money.ts';
import type { Sla } from '../sla/sla.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** The document that `--json` prints for one SLA. */
export function slaJson(sla: Sla): object {
  const { id, name, state, reason, composite, template } = sla;
  return {
    id,
    name,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(sla.replaces === undefined ? {} : { replaces: sla.replaces }),
    price: priceJson(composite.pricePerHour),
    status: composite.status,
    shortfalls: composite.shortfalls,
    proof: composite.proof,
    ...(isForEver(composite.validUntilMs)
      ? {}
      : { validUntil: new Date(composite.validUntilMs).toISOString() }),
    objectives: template.objectives.map((objective) => ({
      name: objective.name,
      count: objective.count,
      machines: machinesJson(sla, objective.name),
    })),
  };
}

/** With nothing new to accept, a composite is valid beyond what a date can say. */
function isForEver(validUntilMs: number): boolean {
  return validUntilMs > 8.64e15;
}

/** Signed machines, or before that the parts of the proposal. */
function machinesJson(sla: Sla, objective: string): readonly object[] {
  const parts = sla.composite.parts.filter((part) => part.objective === objective);
  if (sla.machines.length === 0) {
    return parts.map(({ machine: name, proposal: { vendor, site, shape, pricePerHour } }) => ({
      name,
      vendor,
      site,
      shape,
      price: priceJson(pricePerHour),
    }));
  }
  return sla.machines
    .filter((machine) => machine.objective === objective)
    .map(({ name, vendor, pricePerHour, state, contract, binding, reason }) => {
      // A machine that was to end and did not may have lost its part to the one after it.
      const part = parts.find((each) => each.machine === name && each.proposal.vendor === vendor);
      return {
        name,
        vendor,
        ...(part === undefined ? {} : { site: part.proposal.site, shape: part.proposal.shape }),
        price: priceJson(pricePerHour),
        state,
        contract,
        ...(binding === undefined ? {} : { binding }),
        ...(reason === undefined ? {} : { reason }),
      };
    });
}

function priceJson({ micros, currency }: Sla['composite']['pricePerHour']): object {
  return { perHour: micros / 1_000_000, micros, currency };
}

/** The SLA in words and tables, ending with what to type next. `beside` is what else could be had. */
export function slaText(sla: Sla, beside = ''): string {
  const head = `SLA ${sla.name} (${sla.id}): ${sla.state}, ${formatPrice(sla.composite.pricePerHour)}\n`;
  const reason = sla.reason === undefined ? '' : `reason: ${sla.reason}\n`;
  const shortfalls =
    sla.composite.status === 'OK' || sla.machines.length > 0
      ? ''
      : `not met:\n${shortfallLines(sla.composite)}`;
  const composite =
    sla.machines.length > 0 || sla.composite.parts.length === 0 || sla.state === 'ended'
      ? ''
      : `\n${compositeTable(sla.template, sla.composite)}${beside}`;
  const bindings = sla.machines.length === 0 ? '' : `\n${bindingTable(sla.machines)}`;
  const next = nextStep(sla);
  return `${head}${reason}${shortfalls}${composite}${bindings}${next === undefined ? '' : `\nnext: ${next}\n`}`;
}

function nextStep(sla: Pick<Sla, 'id' | 'state' | 'composite' | 'machines'>): string | undefined {
  switch (sla.state) {
    case 'proposed':
      return `skypact sla accept ${sla.id}`;
    case 'failed-proposal':
      return sla.composite.parts.length === 0
        ? 'change the file, then skypact sla negotiate FILE'
        : `skypact sla accept ${sla.id} all the same, or change the file`;
    case 'expired':
    case 'refused':
      return 'skypact sla negotiate FILE';
    case 'signed':
    case 'starting':
      return `skypact sla status ${sla.id}`;
    case 'withdrawing':
      return `skypact sla withdraw ${sla.id}`;
    case 'ready':
    case 'partial':
    case 'violated':
    case 'ended':
      return sla.machines.some((machine) => machine.state === 'withdrawing')
        ? 'skypact doctor --fix, which ends what is left'
        : undefined;
  }
}

/** After an operation that was to bring machines up. */
export function exitAfterAccept({ state }: Pick<Sla, 'state'>): ExitCode {
  return state === 'ready' ? exitCodes.done : exitCodes.noAgreement;
}

/** After a call for proposals that waits for the user. */
export function exitAfterProposal({ state }: Pick<Sla, 'state'>): ExitCode {
  return state === 'proposed' || state === 'ready' ? exitCodes.done : exitCodes.noAgreement;
}
