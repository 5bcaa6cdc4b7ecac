/**
 * What our things are called at the provider. Names are derived, never drawn: whoever repeats a
 * step comes to the same name, and finds there what was made before.
 */
import { createHash } from 'node:crypto';
import { type ContractId, type ConversationId, id, type ProposalId } from '../../sla/ids.ts';
import type { CallForProposals, Proposal } from '../vendor.ts';
import type { Settings } from './settings.ts';

/** What a proposal's id tells of it beyond its fields. */
export interface ProposalFacts {
  /** The most that a spot machine may cost per hour without disk and address; absent: on demand. */
  readonly spotMicros?: number;
  /** Names the placement group that holds the objective's machines apart; absent: none. */
  readonly spread?: string;
}

export interface Quoted extends ProposalFacts {
  readonly vendor: string;
  readonly cfp: CallForProposals;
  readonly conversation: ConversationId;
  /** Shape, site, price and validity, in any form that tells two alternatives apart. */
  readonly alternative: string;
}

/** Equal only for the same alternative of the same call, so that units of two calls never mix. */
export function proposalId(quoted: Quoted): ProposalId {
  const { spotMicros, spread = 'any', vendor, cfp, conversation, alternative } = quoted;
  const asked = [JSON.stringify(cfp.objective), `${cfp.round}`];
  const market = spotMicros === undefined ? 'on-demand' : `spot-${spotMicros}`;
  const digest = digestOf([vendor, conversation, ...asked, alternative]);
  return id<ProposalId>(`ec2.${market}.${spread}.${digest}`);
}

/** Reads a proposal's id; `undefined` when it is not one of ours. */
export function proposalFacts({ id: text }: Proposal): ProposalFacts | undefined {
  const [all, spotMicros, spread] = PROPOSAL.exec(text) ?? [];
  if (all === undefined) return undefined;
  return {
    ...(spotMicros === undefined ? {} : { spotMicros: Number(spotMicros) }),
    ...(spread === undefined ? {} : { spread }),
  };
}

const PROPOSAL = /^ec2\.(?:on-demand|spot-(\d{1,15}))\.(?:any|([0-9a-f]{32}))\.[0-9a-f]{32}$/;

/** One objective of one conversation has one group, whichever of its proposals are accepted. */
export function spreadOf(vendor: string, conversation: ConversationId, objective: string): string {
  return digestOf([vendor, conversation, objective]);
}

/** Also the launch template's name, which is unique in a region: that is what signs once (V5). */
export function contractId(proposal: Proposal, unit: number, { tagPrefix }: Settings): ContractId {
  const digest = digestOf([proposal.vendor, proposal.id, `${unit}`]);
  return id<ContractId>(`${tagPrefix}-${digest}`);
}

export function placementGroup(spread: string, { tagPrefix }: Settings): string {
  return `${tagPrefix}-apart-${spread}`;
}

/** The names of our tags. */
export function tagNames({ tagPrefix }: Settings): Record<keyof OurTags, string> {
  const ours = (name: string): string => `${tagPrefix}:${name}`;
  return {
    contract: ours('contract'),
    vendor: ours('vendor'),
    conversation: ours('conversation'),
    objective: ours('objective'),
    proposal: ours('proposal'),
    unit: ours('unit'),
    price: ours('price'),
    expires: ours('expires'),
    spread: ours('spread'),
  };
}

/** What is written on everything that is ours. */
export interface OurTags {
  readonly contract: string;
  readonly vendor: string;
  readonly conversation: string;
  readonly objective: string;
  readonly proposal: string;
  readonly unit: string;
  /** For people: `0.104110 USD/h`. */
  readonly price: string;
  /** When the accepted proposal would have expired, ISO 8601. */
  readonly expires: string;
  readonly spread?: string;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** `Name` is what EC2's console shows. */
export function tagsOf(tags: OurTags, settings: Settings): Tag[] {
  const names = Object.entries(tagNames(settings));
  const values = new Map(Object.entries(tags));
  const ours = names.flatMap(([field, Key]) => {
    const Value: unknown = values.get(field);
    return typeof Value === 'string' ? [{ Key, Value }] : [];
  });
  return [{ Key: 'Name', Value: `${settings.tagPrefix} ${tags.objective}`.slice(0, 255) }, ...ours];
}

/** Our tags, or `undefined` when the thing is not ours: of another vendor, user or prefix. */
export function readTags(
  tags: readonly Partial<Record<keyof Tag, string | undefined>>[] | undefined,
  vendor: string,
  settings: Settings,
): OurTags | undefined {
  const values = new Map(tags?.map(({ Key = '', Value = '' }) => [Key, Value]));
  const names = tagNames(settings);
  const of = (field: keyof OurTags): string => values.get(names[field]) ?? '';
  const contract = of('contract');
  if (of('vendor') !== vendor || !contract.startsWith(`${settings.tagPrefix}-`)) return undefined;
  const spread = of('spread');
  return {
    contract,
    vendor,
    conversation: of('conversation'),
    objective: of('objective'),
    proposal: of('proposal'),
    unit: of('unit'),
    price: of('price'),
    expires: of('expires'),
    ...(spread === '' ? {} : { spread }),
  };
}

function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
