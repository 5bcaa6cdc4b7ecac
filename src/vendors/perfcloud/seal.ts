import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type ContractId, id, type ProposalId } from '../../sla/ids.ts';
import type { Proposal } from '../vendor.ts';
import type { Apart } from './standing.ts';

/** What accepting a proposal needs to know beyond the proposal itself. */
export interface Terms {
  /** The class of hosts. */
  readonly class: string;
  readonly apart: Apart;
}

const apartLetters = { host: 'h', site: 's', vendor: 'v', no: 'n' } as const;

/**
 * Gives the proposal its id, which carries the terms, the conversation's mark, the price, the end of
 * its validity, and a code over all that a contract will promise. So nothing needs to be kept at a
 * bid (V3), and what comes back changed is known.
 */
export function seal(draft: Omit<Proposal, 'id'>, terms: Terms, by: Sealer): Proposal {
  const origin = `${by.conversation}\u0000${by.generation}`;
  const mark = createHash('sha256').update(origin).digest('hex').slice(0, 12);
  const open = [
    'pc1',
    terms.class,
    apartLetters[terms.apart],
    mark,
    draft.pricePerHour.micros.toString(36),
    draft.validUntilMs.toString(36),
  ].join('.');
  return { ...draft, id: id<ProposalId>(`${open}.${codeOf(open, draft, by.secret)}`) };
}

export interface Sealer {
  /** Of the state file: only who holds it can make proposals. */
  readonly secret: string;
  readonly conversation: string;
  /** The ledger's: what is proposed after a signature is not what was proposed before it. */
  readonly generation: number;
}

/** What we once proposed, as its id says; price and validity may have been changed since. */
export interface Sealed {
  readonly terms: Terms;
  readonly micros: number;
  readonly validUntilMs: number;
}

/** Reads a proposal's id; `undefined` when we did not propose this, or not with this secret. */
export function unseal(proposal: Proposal, secret: string): Sealed | undefined {
  const [, open, hostClass, apart, price, valid, code] = SEALED.exec(proposal.id) ?? [];
  if (!open || !hostClass || !price || !valid || !code) return undefined;
  const ours = codeOf(open, proposal, secret);
  if (!timingSafeEqual(Buffer.from(ours), Buffer.from(code))) return undefined;
  return {
    terms: {
      class: hostClass,
      apart: apartOf(apart),
    },
    micros: Number.parseInt(price, 36),
    validUntilMs: Number.parseInt(valid, 36),
  };
}

/** Derived, so that every process signs the same contract for a proposal and unit (V5). */
export function contractIdOf(proposal: ProposalId, unit: number): ContractId {
  const hash = createHash('sha256').update(`${proposal}\u0000${unit}`).digest('hex');
  return id<ContractId>(`pc-${hash.slice(0, 24)}`);
}

/** The provider's own id of a contract's machine: a UUID of version 8, which is free-form. */
export function machineOf(contract: ContractId): string {
  const hash = createHash('sha256').update(`machine ${contract}`).digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

const SEALED =
  /^(pc1\.([a-z0-9-]+)\.([hsvn])\.[0-9a-f]{12}\.([0-9a-z]{1,11})\.([0-9a-z]{1,11}))\.([\w-]{22})$/;

/** Over the open part, which holds price and validity, and all else that a contract promises. */
function codeOf(open: string, proposal: Omit<Proposal, 'id'>, secret: string): string {
  const { vendor, objective, site, shape, pricePerHour, offered, units, promises } = proposal;
  const { cpus, memoryMiB, diskGiB, networkMbps = 0, image } = offered;
  const all = [
    open,
    [vendor, objective, site, shape, pricePerHour.currency, units],
    [cpus, memoryMiB, diskGiB, networkMbps, image],
    promises.map(({ metric, bound, value, windowMs }) => [metric, bound, value, windowMs]),
  ];
  const code = createHmac('sha256', secret).update(JSON.stringify(all)).digest('base64url');
  return code.slice(0, 22);
}

function apartOf(letter: string | undefined): Apart {
  const aparts: readonly Apart[] = ['host', 'site', 'vendor'];
  return aparts.find((apart) => apartLetters[apart] === letter) ?? 'no';
}
