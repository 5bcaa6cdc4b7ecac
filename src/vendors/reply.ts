/**
 * What vendors answer, as schemas: plugin values are parsed here once, and are true inside.
 * Unknown fields are dropped; a wrong or oversized one is VENDOR.REPLY_MALFORMED.
 */
import { z } from 'zod';
import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { type ContractId, type ConversationId, id, type ProposalId } from '../sla/ids.ts';
import type {
  Binding,
  Contract,
  HeldContract,
  Host,
  Measurement,
  MoveOffer,
  MoveProgress,
  Proposal,
  Refusal,
  Site,
  VendorDescription,
} from './vendor.ts';

const name = z.string().min(1).max(limits.vendorNameChars);
const text = z.string().max(limits.vendorTextChars);
const count = z.int().nonnegative();
const share = z.number().nonnegative();
const contractId = name.transform((value) => id<ContractId>(value));
const currency = z.string().regex(/^[A-Z]{3}$/, 'three capital letters');
const metric = z.enum([
  'cpu.used',
  'cpu.steal',
  'memory.used',
  'disk.read',
  'disk.write',
  'net.in',
  'net.out',
  'power',
  'reachable',
  'host.cpu.used',
  'host.memory.used',
  'bench.cpu',
  'bench.disk',
  'bench.net',
  'ssh.latency',
]);

const promised = z.object({
  metric: z.enum([...metric.options, 'availability']),
  bound: z.enum(['atLeast', 'atMost']),
  value: z.number(),
  windowMs: z.number().positive(),
});

const proposal: z.ZodType<Proposal> = z.object({
  kind: z.literal('proposal'),
  id: name.transform((value) => id<ProposalId>(value)),
  vendor: name,
  objective: name,
  site: name,
  shape: name,
  pricePerHour: z.object({ micros: count, currency }),
  offered: z.object({
    cpus: z.number().positive(),
    memoryMiB: z.number().positive(),
    diskGiB: share,
    networkMbps: share.exactOptional(),
    image: name,
  }),
  units: z.int().positive(),
  uses: z.array(z.object({ resource: name, amount: share, available: share })).max(100),
  promises: z.array(promised).max(100),
  predicted: z.object({ cpuSpeed: share, bindMs: share }),
  validUntilMs: z.number(),
});

const refusal: z.ZodType<Refusal> = z.object({
  kind: z.literal('refusal'),
  vendor: name,
  objective: name,
  reason: z.enum([
    'capacity',
    'unsupported',
    'policy',
    'currency',
    'image',
    'place',
    'promise',
    'late',
    'failed',
  ]),
  detail: text,
});

const site: z.ZodType<Site> = z.object({ name, latencyMs: z.record(name, share) });

/** One schema for each kind of answer. */
export const replies: {
  readonly proposals: z.ZodType<readonly Proposal[]>;
  readonly refusal: z.ZodType<Refusal>;
  readonly contract: z.ZodType<Pick<Contract, 'id' | 'unit'>>;
  readonly binding: z.ZodType<Binding>;
  readonly held: z.ZodType<HeldContract>;
  readonly measurement: z.ZodType<Measurement>;
  readonly description: z.ZodType<VendorDescription>;
  readonly offers: z.ZodType<readonly MoveOffer[]>;
  readonly ticket: z.ZodType<Uint8Array>;
  readonly progress: z.ZodType<MoveProgress>;
  readonly host: z.ZodType<Host>;
} = {
  proposals: z.array(proposal).min(1).max(limits.vendorProposals),
  refusal,
  contract: z.object({ id: contractId, unit: count }),
  binding: z.object({
    contract: contractId,
    endpoint: text.regex(/^[a-z][a-z0-9+.-]*:\/\/\S+$/, 'a URL'),
    credentialRef: text,
    site: name,
    host: name.exactOptional(),
    machine: name,
  }),
  held: z.object({
    id: contractId,
    conversation: name.transform((value) => id<ConversationId>(value)),
    objective: name,
    state: z.enum(['signed', 'starting', 'running']),
  }),
  measurement: z.object({ contract: contractId, metric, value: z.number(), atMs: z.number() }),
  description: z.object({
    driver: name,
    version: name,
    sites: z.array(site).min(1).max(limits.vendorItems),
    images: z.array(name).max(limits.vendorItems),
    currency,
    largest: z.object({ cpus: share, memoryMiB: share, diskGiB: share }),
    places: z.array(z.enum(['apart:host', 'apart:site', 'together:site'])),
    reserves: z.boolean(),
    concedes: z.enum(['boulware', 'conceder', 'tit-for-tat', 'micro']).exactOptional(),
  }),
  offers: z.array(
    z.object({
      protocol: z.templateLiteral([z.string().min(1), '/', z.int().nonnegative()]),
      live: z.boolean(),
      downtimeMsEstimate: share,
    }),
  ),
  ticket: z
    .instanceof(Uint8Array)
    .refine(({ byteLength }) => byteLength <= limits.vendorTicketBytes, 'too long'),
  progress: z.object({
    bytesDone: share,
    bytesTotal: share,
    guest: z.enum(['running', 'paused', 'arrived']),
  }),
  host: z.object({
    name,
    site: name,
    cpus: share,
    cpusUsed: share,
    memoryMiB: share,
    memoryMiBUsed: share,
    contracts: z.array(contractId).max(limits.vendorItems),
  }),
};

/** Where a value came from: `aws` and `bid`. */
export interface Source {
  readonly vendor: string;
  readonly method: string;
}

/** The value with its type; fails with VENDOR.REPLY_MALFORMED naming vendor, method and field. */
export function parseReply<T>(schema: z.ZodType<T>, value: unknown, source: Source): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw malformed(source, issue?.path.join('.') ?? '', issue?.message ?? 'unreadable');
}

/** The failure for an answer that cannot be true; `field` is empty when all of it is wrong. */
export function malformed({ vendor, method }: Source, field: string, found: string): Error {
  const where = field === '' ? method : `${method}: ${field}`;
  return failure('VENDOR.REPLY_MALFORMED', `vendor ${vendor} answered ${where}: ${found}`, {
    facts: { vendor, method, field },
    next: `skypact vendor check ${vendor}`,
  });
}

/** A binding, of the contract it was asked for. */
export function parseBinding(answer: unknown, { id }: Contract, source: Source): Binding {
  const binding = parseReply(replies.binding, answer, source);
  if (binding.contract === id) return binding;
  throw malformed(source, 'contract', `${binding.contract}, asked ${id}`);
}
