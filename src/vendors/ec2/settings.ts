import { z } from 'zod';
import { limits } from '../../base/limits.ts';
import { metricKinds, promiseMetrics } from '../../sla/metrics.ts';
import type { PromiseMetric } from '../../sla/objective.ts';

/** What `vendor add NAME --driver ec2` takes, with its defaults; it is itself a valid input. */
export interface Settings {
  readonly region: string;
  /** Only these; absent: all zones of the region. */
  readonly zones?: readonly string[] | undefined;
  /** Any EC2-compatible endpoint; absent: Amazon's. */
  readonly endpoint?: string | undefined;
  /** A profile of the AWS credential chain; absent: the chain's own choice. */
  readonly profile?: string | undefined;
  readonly market: 'on-demand' | 'spot';
  /** `auto`, `api`, `built-in`, or the path of a price book: see price-book.ts. */
  readonly prices: string;
  /** Prices older than this are said to be old. */
  readonly pricesOldAfterDays: number;
  /** By the names that templates use; the well-known ones are added. */
  readonly images: Readonly<Record<string, ImageSettings>>;
  /** Patterns with `*` that an instance type must match. */
  readonly types: readonly string[];
  /** At most one per zone; given, only their zones are offered. Absent: the default VPC's. */
  readonly subnet?: readonly string[] | undefined;
  /** Ids, `sg-…`; absent: the VPC's default group. */
  readonly securityGroup?: readonly string[] | undefined;
  readonly keyName?: string | undefined;
  /** Path of the private key; absent: the key pair's name, or the ssh agent. */
  readonly identity?: string | undefined;
  /** Who logs in, where the image does not say. */
  readonly user: string;
  /** Which address a binding names. A public IPv4 address is charged for. */
  readonly address: 'public' | 'private';
  /** Where catalogue and prices are kept; absent: `skypact/ec2` in the XDG cache folder. */
  readonly folder?: string | undefined;
  /** Bind only ends when the machine's ssh server answers. */
  readonly waitForSsh: boolean;
  /**
   * Other addresses for machines, `HOST:PORT`, by machine id, private address, contract,
   * `OBJECTIVE/UNIT`, objective or `*`; or the path of a JSON file with such a table.
   */
  readonly endpoints?: Readonly<Record<string, string>> | string | undefined;
  readonly timeouts: Timeouts;
  readonly currency: 'USD';
  /** Per cent of 30 days. The default is EC2's own instance-level agreement; spot has none. */
  readonly availability: number;
  /** Further levels that the user vouches for, by metric, over any window. */
  readonly promises: Readonly<Partial<Record<PromiseMetric, number>>>;
  /** Begins the names and tags of everything that is ours at the provider. */
  readonly tagPrefix: string;
  /** Most alternatives in one bid. */
  readonly alternatives: number;
  readonly proposalValidMs: number;
  /** Age at which instance types, offerings, images and list prices are read again. */
  readonly catalogueHours: number;
}

interface Timeouts {
  /** One request and its answer. */
  readonly requestMs: number;
  /** From starting a machine to its address, or to its ssh with `waitForSsh`. */
  readonly bindMs: number;
  /** From ending a machine to seeing it ended. */
  readonly withdrawMs: number;
  /** How long what was just made may be missing from EC2's lists, which lag behind. */
  readonly graceMs: number;
  /** How long other processes' machines for a contract may take to appear; launch times are in whole seconds. */
  readonly settleMs: number;
  /** Between two looks at a machine that starts or ends. */
  readonly pollMs: number;
}

/** An AMI by its id, or the newest of an owner whose name matches the pattern. */
type ImageSettings =
  | { readonly ami: string; readonly user?: string | undefined }
  | { readonly owner: string; readonly name: string; readonly user?: string | undefined };

/** Published by the distributions: wiki.debian.org/Cloud/AmazonEC2Image, cloud-images.ubuntu.com. */
const wellKnownImages: Readonly<Record<string, ImageSettings>> = {
  'debian-12': { owner: '136693071363', name: 'debian-12-amd64-*', user: 'admin' },
  'debian-13': { owner: '136693071363', name: 'debian-13-amd64-*', user: 'admin' },
  'ubuntu-24.04': {
    owner: '099720109477',
    name: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*',
    user: 'ubuntu',
  },
};

/** A level of these says which way it bounds; of the others it could mean either. */
const vouchable = promiseMetrics.filter((metric) => metricKinds[metric].bounds.length === 1);

const text = z.string().min(1).max(limits.vendorNameChars);
const path = z.string().min(1).max(limits.vendorTextChars);
/** `a, b` on the command line is the same as a list. */
const list = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
  z.array(text).max(limits.slaListEntries),
);
const milliseconds = z.int().nonnegative().max(3_600_000);

/** http or https, a host, and no user or password: secrets have no place in settings (V14). */
const endpoint = z.string().refine((value) => {
  const url = URL.parse(value);
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    `${url.username}${url.password}${url.search}` === ''
  );
}, 'an http or https URL without user, password or query');

const ami = z.string().regex(/^ami-[0-9a-f]{8,17}$/, 'an AMI id such as ami-0abc1234');
const owner = z
  .string()
  .regex(/^(\d{12}|self|amazon|aws-marketplace)$/, 'an account id of 12 digits, self or amazon');
const image = z.preprocess(
  (value) => (typeof value === 'string' ? { ami: value } : value),
  z.union([
    z.strictObject({ ami, user: text.optional() }),
    z.strictObject({ owner, name: text, user: text.optional() }),
  ]),
);

const timeouts = z.strictObject({
  requestMs: milliseconds.min(1).default(30_000),
  bindMs: milliseconds.default(600_000),
  withdrawMs: milliseconds.default(600_000),
  graceMs: milliseconds.default(5_000),
  settleMs: milliseconds.default(1_200),
  pollMs: milliseconds.default(1_000),
});

export const settings: z.ZodType<Settings> = z.strictObject({
  region: z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'a region such as us-east-1'),
  zones: list.optional(),
  endpoint: endpoint.optional(),
  profile: text.optional(),
  market: z.enum(['on-demand', 'spot']).default('on-demand'),
  prices: path.default('auto'),
  pricesOldAfterDays: z.int().positive().max(3_650).default(90),
  images: z
    .record(text, image)
    .default({})
    .transform((given) => ({ ...wellKnownImages, ...given })),
  types: list.default(['*']),
  subnet: list.optional(),
  securityGroup: list.optional(),
  keyName: text.optional(),
  identity: path.optional(),
  user: text.default('admin'),
  address: z.enum(['public', 'private']).default('public'),
  folder: path.optional(),
  waitForSsh: z.boolean().default(false),
  endpoints: z.union([z.record(text, text), path]).optional(),
  timeouts: timeouts.prefault({}),
  currency: z.literal('USD').default('USD'),
  availability: z.number().min(0).max(100).default(99.5),
  promises: z.partialRecord(z.enum(vouchable), z.number()).default({}),
  tagPrefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'a small letter, then small letters, digits and hyphens')
    .refine((value) => !value.startsWith('aws'), 'not aws…: Amazon keeps those tags for itself')
    .default('skypact'),
  alternatives: z.int().positive().max(1_000).default(24),
  proposalValidMs: z.int().positive().max(86_400_000).default(900_000),
  catalogueHours: z.number().positive().max(8_760).default(24),
});
