/**
 * What follows when machines were signed and started, or were not: decisions only, the machines
 * are touched by the orders that come out.
 */

import type { Machine, SlaState } from '../sla/sla.ts';
import { ordersTo, outcomesOf } from './orders.ts';
import type {
  Excluded,
  Final,
  Item,
  KeptPart,
  Left,
  MachineOrder,
  MachineOutcome,
  Offer,
  Request,
  Winner,
} from './values.ts';

/** Replacing what fails over and over costs time and money: after this many it is given back. */
const attemptsAtMost = 4;

/** The quote was not held: the user is shown both prices and decides anew (exit 4). */
const quoteBroken = new Set(['VENDOR.PRICE_MOVED', 'VENDOR.PROPOSAL_EXPIRED']);

/** An accept that fails with one of these has signed nothing, and had signed nothing before (V5). */
const unsigned = new Set([
  'VENDOR.CAPACITY_GONE',
  'VENDOR.PRICE_MOVED',
  'VENDOR.PROPOSAL_EXPIRED',
  'VENDOR.CONTRACT_UNKNOWN',
]);

/** Whether it is certain that what failed to be signed is not signed. */
export function isUnsigned(code: string): boolean {
  return unsigned.has(code);
}

/**
 * Orders to start what was signed, now or before another part had to be called anew; `undefined`
 * when it must not start as it is.
 */
export function mayStart(request: Request, signed: readonly Item[]): readonly Winner[] | undefined {
  const outcomes = outcomesOf(signed);
  const good = outcomes.filter(succeeded);
  const mayBeLess = request.onFailure === 'keep' && good.length > 0;
  if (good.length < outcomes.length && !mayBeLess) return undefined;
  const waiting = request.kept.filter((each) => !runs(each)).map(keptOrder);
  return ordersTo('start', request, [...waiting, ...good]);
}

/** Where the SLA stands after starting, or `undefined` when it cannot stay so. */
export function conclusion(
  request: Request,
  offer: Offer,
  { signed, bound }: Stage,
): { readonly state: SlaState; readonly machines: readonly Machine[] } | undefined {
  const started = outcomesOf(bound).filter((outcome) => outcome.binding !== undefined);
  const running = new Set([
    ...request.kept.filter(runs).map((each) => each.part.machine),
    ...started.map((outcome) => outcome.machine),
  ]);
  if (running.size === 0) return undefined;
  const whole = running.size === offer.composite.parts.length;
  if (!whole && request.onFailure !== 'keep') return undefined;
  return {
    state: whole ? 'ready' : 'partial',
    machines: machinesOf(request, offer, { signed, bound }),
  };
}

export interface Stage {
  readonly signed: readonly Item[];
  readonly bound: readonly Item[];
}

/** Every machine of the composite as it stands, in the order of the composite. */
export function machinesOf(
  request: Request,
  offer: Offer,
  { signed, bound }: Stage,
): readonly Machine[] {
  const kept = new Map(request.kept.map((each) => [each.part.machine, each.machine]));
  const outcomes = new Map<string, MachineOutcome>();
  for (const outcome of [...outcomesOf(signed), ...outcomesOf(bound)]) {
    outcomes.set(outcome.machine, outcome);
  }
  return offer.composite.parts.flatMap((part) => {
    const outcome = outcomes.get(part.machine);
    if (outcome !== undefined) return signedMachine(outcome);
    return kept.get(part.machine) ?? [];
  });
}

/** A machine that has a contract, as it stands; none when it has not. */
function signedMachine(outcome: MachineOutcome): readonly Machine[] {
  const { part, contract, binding, failed } = outcome;
  if (contract === undefined) return [];
  const machine: Machine = {
    name: outcome.machine,
    objective: part.objective,
    vendor: part.proposal.vendor,
    contract: contract.id,
    pricePerHour: part.proposal.pricePerHour,
    state: binding !== undefined ? 'ready' : failed === undefined ? 'signed' : 'failed',
    ...(binding === undefined ? {} : { binding }),
    ...(failed === undefined ? {} : { reason: failed.detail }),
  };
  return [machine];
}

/**
 * The next request and what must be given back first, or `undefined` when nothing is to be
 * replaced: the user wants a rollback, a quote was broken, or it was tried often enough.
 */
export function substitute(
  request: Request,
  offer: Offer,
  { signed, bound }: Stage,
): { readonly next: Request; readonly lost: readonly Winner[] } | undefined {
  if (request.onFailure !== 'renegotiate' || request.attempt >= attemptsAtMost) return undefined;
  const latest = latestOutcomes({ signed, bound });
  const failed = latest.filter((outcome) => outcome.failed !== undefined);
  if (failed.some((outcome) => quoteBroken.has(outcome.failed?.code ?? ''))) return undefined;
  const good: readonly KeptPart[] = latest
    .filter((outcome) => outcome.failed === undefined)
    .flatMap((outcome) =>
      signedMachine(outcome).map((machine) => ({ part: outcome.part, machine, since: 'this' })),
    );
  return {
    next: {
      ...request,
      round: 0,
      counters: {},
      attempt: request.attempt + 1,
      acceptedMicros: Math.max(request.acceptedMicros ?? 0, offer.composite.pricePerHour.micros),
      kept: [...untouched(request, latest), ...good],
      excluded: [...request.excluded, ...failed.map(exclude)],
    },
    lost: ordersTo('end', request, failed.filter(mayBeHeld).map(toOrder)),
  };
}

/** Everything that this conversation signed, or may have signed. */
export function rollback(request: Request, stage: Stage): readonly Winner[] {
  const latest = latestOutcomes(stage);
  const kept = untouched(request, latest).filter((each) => each.since === 'this');
  const orders = [...kept.map(keptOrder), ...latest.filter(mayBeHeld).map(toOrder)];
  return ordersTo('end', request, orders);
}

/**
 * Orders to end what the SLA does not need: machines that it has replaced, and those of which it is
 * not known whether they were signed. Where the new SLA has fewer machines than it asks for, the old
 * ones of that objective stay.
 */
export function superseded(
  request: Request,
  signed: readonly Item[],
  final: Final,
): readonly Winner[] {
  const still = new Set(final.machines.map((machine) => machine.contract));
  const old = (request.replaces?.machines ?? []).filter(
    ({ contract, part }) =>
      contract !== undefined && !still.has(contract.id) && isServed(request, final, part.objective),
  );
  const unknown = outcomesOf(signed).filter(
    (outcome) => outcome.contract === undefined && mayBeHeld(outcome),
  );
  return ordersTo('end', request, [...old, ...unknown.map(toOrder)]);
}

function isServed({ template }: Request, { state, machines }: Final, objective: string): boolean {
  const asked = template.objectives.find(({ name }) => name === objective)?.count ?? 0;
  const ready = machines.filter(
    (machine) => machine.objective === objective && machine.state === 'ready',
  );
  return state === 'ready' || ready.length >= asked;
}

/** One sentence per machine that could not be had. */
export function reasonsOf(stage: Stage): string {
  return latestOutcomes(stage)
    .flatMap(({ machine, part, failed }) =>
      failed === undefined
        ? []
        : [`${machine} at ${part.proposal.vendor}: ${failed.detail} (${failed.code})`],
    )
    .join('; ');
}

/** The code that decides how the SLA ends, when a quote was broken. */
export function brokenQuote(stage: Stage): string | undefined {
  return latestOutcomes(stage)
    .map((outcome) => outcome.failed?.code)
    .find((code) => code !== undefined && quoteBroken.has(code));
}

/** What a rollback or a withdrawal could not end. */
export function leftOf(gone: readonly Item[]): Left {
  const held = outcomesOf(gone).filter((outcome) => outcome.failed !== undefined);
  return {
    machines: held
      .flatMap(signedMachine)
      .map((machine): Machine => ({ ...machine, state: 'withdrawing' })),
    words: held
      .filter((outcome) => outcome.contract === undefined)
      .map(({ machine, part }) => `${part.proposal.vendor} may hold a machine as ${machine}`),
  };
}

/** The call with what was to be given back before it, and was not. */
export function remembering(request: Request, gone: readonly Item[]): Request {
  const { machines, words } = leftOf(gone);
  if (machines.length + words.length === 0) return request;
  const before = request.left ?? { machines: [], words: [] };
  return {
    ...request,
    left: {
      machines: [...before.machines, ...machines],
      words: [...before.words, ...words],
    },
  };
}

/** Kept parts of which nothing new is known. */
function untouched({ kept }: Request, latest: readonly MachineOutcome[]): readonly KeptPart[] {
  const known = new Set(latest.map((outcome) => outcome.machine));
  return kept.filter((each) => !known.has(each.part.machine));
}

/** Of what is kept, some is signed and was not started yet: all were to sign first. */
function runs({ machine }: KeptPart): boolean {
  return machine.state === 'ready';
}

function keptOrder({ part, machine }: KeptPart): MachineOrder {
  return {
    machine: part.machine,
    part,
    contract: { id: machine.contract, proposal: part.proposal, unit: part.unit },
  };
}

function latestOutcomes({ signed, bound }: Stage): readonly MachineOutcome[] {
  const latest = new Map(outcomesOf(signed).map((outcome) => [outcome.machine, outcome]));
  for (const outcome of outcomesOf(bound)) latest.set(outcome.machine, outcome);
  return [...latest.values()];
}

function succeeded(outcome: MachineOutcome): boolean {
  return outcome.failed === undefined && outcome.contract !== undefined;
}

function mayBeHeld({ contract, failed }: MachineOutcome): boolean {
  return contract !== undefined || failed === undefined || !isUnsigned(failed.code);
}

function toOrder({ machine, part, contract }: MachineOutcome): MachineOrder {
  return { machine, part, ...(contract === undefined ? {} : { contract }) };
}

function exclude({ part, failed }: MachineOutcome): Excluded {
  const { vendor, site, shape } = part.proposal;
  return { vendor, site, shape, reason: failed?.detail ?? 'failed' };
}
