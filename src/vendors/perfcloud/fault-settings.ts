import { z } from 'zod';

const methods = [
  'describe',
  'bid',
  'accept',
  'bind',
  'withdraw',
  'contracts',
  'measure',
  'hosts',
  'offers',
  'prepare',
  'transfer',
  'commit',
  'release',
  'discard',
  'resume',
] as const;
export type Method = (typeof methods)[number];

/** What goes wrong on purpose, for tests of whoever deals with a vendor. */
export type Fault =
  /** Answers, but only after `ms`. */
  | (Often & { readonly kind: 'slow'; readonly on: Method; readonly ms: number })
  /** Never answers: the call waits until it is aborted. */
  | (Often & { readonly kind: 'silent'; readonly on: Method })
  /** Does nothing, and fails with VENDOR.UNREACHABLE. */
  | (Often & { readonly kind: 'unreachable'; readonly on: Method })
  /** Does it, and fails with VENDOR.UNREACHABLE all the same. */
  | (Often & { readonly kind: 'loses-answer'; readonly on: Method })
  /** Refuses with the reason `policy`. */
  | (Often & { readonly kind: 'refuses'; readonly on: 'bid' })
  /** Answers, and then knows nothing of the contract. */
  | (Often & { readonly kind: 'forgets'; readonly on: 'accept' | 'bind' })
  /** Does not stand by its price: VENDOR.PRICE_MOVED, with both prices. */
  | (Often & { readonly kind: 'price-moved'; readonly on: 'accept' })
  /** Signed, but cannot start: VENDOR.CAPACITY_GONE. */
  | (Often & { readonly kind: 'capacity-gone'; readonly on: 'bind' })
  /** Gives each element of its answer twice. */
  | (Often & {
      readonly kind: 'answers-twice';
      readonly on: 'bid' | 'contracts' | 'measure' | 'hosts';
    })
  /** Leaves a new contract out of lists and look-ups: for a time, or for a number of listings. */
  | { readonly kind: 'list-lag'; readonly ms: number; readonly listings: number };

interface Often {
  /** How often it happens, over all processes; absent: always. */
  readonly times?: number | undefined;
  /** Calls of the method that pass unharmed before the first that does not. */
  readonly after: number;
}

const on = z.enum(methods);
const ms = z.int().nonnegative().max(3_600_000);
const often = {
  times: z.int().positive().optional(),
  after: z.int().nonnegative().default(0),
};

export const fault: z.ZodType<Fault> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slow'), on, ms, ...often }),
  z.strictObject({ kind: z.literal('silent'), on, ...often }),
  z.strictObject({ kind: z.literal('unreachable'), on, ...often }),
  z.strictObject({ kind: z.literal('loses-answer'), on, ...often }),
  z.strictObject({ kind: z.literal('refuses'), on: z.literal('bid'), ...often }),
  z.strictObject({ kind: z.literal('forgets'), on: z.enum(['accept', 'bind']), ...often }),
  z.strictObject({ kind: z.literal('price-moved'), on: z.literal('accept'), ...often }),
  z.strictObject({ kind: z.literal('capacity-gone'), on: z.literal('bind'), ...often }),
  z.strictObject({
    kind: z.literal('answers-twice'),
    on: z.enum(['bid', 'contracts', 'measure', 'hosts']),
    ...often,
  }),
  z.strictObject({
    kind: z.literal('list-lag'),
    ms: ms.default(0),
    listings: z.int().nonnegative().max(1_000).default(0),
  }),
]);
