/**
 * The SLA document, `skypact/v1`: the single source of what is allowed in it, of the messages that
 * say so, and of schema/sla.schema.json. Quantities are texts with units; reading yields a
 * {@link Template} with every default filled in.
 */
import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { quote } from '../base/quote.ts';
import {
  type Parsed,
  parseDurationMs,
  parseGiB,
  parseLatencyMs,
  parseMbps,
  parseMiB,
  parsePercent,
  patterns,
} from '../base/units.ts';
import { type MetricUnit, metricKinds, promiseMetrics } from './metrics.ts';
import { parsePrice, pricePattern } from './money.ts';
import type { Amendment, Objective, Place, PromiseMetric, ServicePromise } from './objective.ts';
import {
  choiceField,
  found,
  listField,
  mapping,
  nameField,
  numberField,
  textField,
  wholeField,
} from './schema-fields.ts';
import type { Preference, Template } from './template.ts';

/** What holds when a document says nothing of it; the JSON Schema names them too. */
const templateDefaults: {
  readonly count: number;
  readonly disk: string;
  readonly prefer: Preference;
} = { count: 1, disk: '10 GiB', prefer: { price: 3, speed: 1, trust: 1 } };

/** An objective without its name, which is its key in the document. */
export type NamelessObjective = Omit<Objective, 'name'>;

const nearPattern = /^([a-z][a-z0-9-]{0,39})\s*\(([^()]{1,60})\)$/;
const dayMs = 86_400_000;

const vendorName = nameField(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
  allowed: "a vendor's name as `skypact vendor list` shows it",
  example: 'perfcloud',
});
const placePattern = nameField(/^[A-Za-z0-9._*-]{1,200}$/, {
  allowed: 'a name in which * stands for any text',
  example: 'eu-*',
});
const price = textField({
  read: parsePrice,
  pattern: pricePattern,
  allowed: 'a price per hour, such as 0.60 USD/h',
  example: '0.60 USD/h',
});
const cappedPrice = textField({
  read: parsePrice,
  pattern: pricePattern,
  allowed: 'a price per hour above zero, such as 0.60 USD/h',
  example: '0.60 USD/h',
  within: (limit) => limit.micros > 0,
});
const cpus = wholeField(1, limits.machineCpus);
const memory = textField({
  read: parseMiB,
  pattern: patterns.size,
  allowed: 'a size from 1 MiB to 64 TiB, such as 4 GiB',
  example: '4 GiB',
  within: between(1, limits.machineMemoryMiB),
});
const disk = textField({
  read: parseGiB,
  pattern: patterns.size,
  allowed: 'a size from 1 GiB to 256 TiB, such as 20 GiB',
  example: '20 GiB',
  within: between(1, limits.machineDiskGiB),
});
const network = textField({
  read: parseMbps,
  pattern: patterns.speed,
  allowed: 'a speed from 1 Mbit/s to 20 Tbit/s, such as 1 Gbit/s',
  example: '1 Gbit/s',
  within: between(1, limits.machineNetworkMbps),
});
const promiseWindow = textField({
  read: parseDurationMs,
  pattern: patterns.duration,
  allowed: 'a duration from 1 s to 366 d, such as 30 d',
  example: '30 d',
  within: between(1000, 366 * dayMs),
});
const penalty = textField({
  read: parsePercent,
  pattern: patterns.percent,
  allowed: 'a percentage of the price, such as 10 %',
  example: '10 %',
});
const near = textField({
  read: parseNear,
  pattern: nearPattern,
  allowed: "another objective's name and a latency, such as db (<= 5 ms)",
  example: 'db (<= 5 ms)',
});

const place = mapping({
  apart: choiceField(['host', 'site', 'vendor'])
    .describe('No two machines of the objective on one host, in one site, or at one vendor')
    .optional(),
  together: choiceField(['site', 'vendor'])
    .describe('All machines of the objective in one site, or at one vendor')
    .optional(),
  near: near
    .describe('Round-trip time to every machine of another objective at most this')
    .optional(),
  sites: listField(placePattern)
    .describe('Only in these sites; * stands for any text')
    .prefault([]),
  vendors: listField(vendorName).describe('Only at these vendors').prefault([]),
  not: listField(placePattern)
    .describe('Neither at these vendors nor in these sites; * stands for any text')
    .prefault([]),
}).transform(({ apart, together, near, sites, vendors, not }): Place => {
  return {
    ...(apart === undefined ? {} : { apart }),
    ...(together === undefined ? {} : { together }),
    ...(near === undefined ? {} : { near }),
    sites,
    vendors,
    not,
  };
});

const promises = mapping(
  Object.fromEntries(promiseMetrics.map((metric) => [metric, promiseOf(metric)])),
).transform((byMetric): readonly ServicePromise[] =>
  promiseMetrics.flatMap((metric) => byMetric[metric] ?? []),
);

const amend = mapping({
  cpus: amendmentOf('cpus', cpus),
  memory: amendmentOf('memoryMiB', memory),
  disk: amendmentOf('diskGiB', disk),
  network: amendmentOf('networkMbps', network),
}).transform((byParameter): readonly Amendment[] =>
  [byParameter.cpus, byParameter.memory, byParameter.disk, byParameter.network].filter(
    (amendment) => amendment !== undefined,
  ),
);

export const objectiveSchema: z.ZodType<NamelessObjective> = mapping({
  count: wholeField(1, limits.objectiveCount)
    .describe('How many machines of this shape')
    .prefault(templateDefaults.count),
  cpus: cpus.describe('vCPUs of one machine, at least'),
  memory: memory.describe('Memory of one machine, at least'),
  disk: disk.describe('Disk of one machine, at least').prefault(templateDefaults.disk),
  network: network.describe('Connection of one machine, at least; without it: any').optional(),
  image: nameField(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$/, {
    allowed: "an image's name",
    example: 'debian-12',
  }).describe('What the machines boot; `skypact vendor describe` lists what there is'),
  place: place.describe('Where the machines may run; without it: anywhere').prefault({}),
  promises: promises.describe('What the vendor has to promise, by metric').prefault({}),
  amend: amend
    .describe('Bounds within which it may be renegotiated without asking the user')
    .prefault({}),
}).transform((objective): NamelessObjective => {
  const { count, cpus, memory, disk, network, image, place, promises, amend } = objective;
  const connection = network === undefined ? {} : { networkMbps: network };
  const shape = { cpus, memoryMiB: memory, diskGiB: disk, ...connection };
  return { count, ...shape, image, place, promises, amend };
});

export const templateSchema: z.ZodType<Template> = mapping({
  $schema: z.string().describe('For editors').optional(),
  sla: choiceField(['skypact/v1']).describe('The format of this document'),
  name: nameField(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
    allowed: 'a name of up to 63 letters, digits, dots, hyphens and underscores',
    example: 'shop',
  }).describe('Names the SLA in lists, and must be typed to withdraw it'),
  limits: mapping({
    price: cappedPrice.describe('Hard cap on the price of all machines together').optional(),
  }).prefault({}),
  prefer: preference(),
  objectives: objectives(),
})
  .meta({ title: 'Skypact SLA', description: 'Machines to negotiate as one composite SLA' })
  .transform(({ name, limits: { price }, prefer, objectives }): Template => {
    return {
      name,
      limits: price === undefined ? {} : { pricePerHour: price },
      prefer,
      objectives: Object.entries(objectives).map(([key, value]) => ({ name: key, ...value })),
    };
  });

function objectives(): z.ZodType<Record<string, NamelessObjective>> {
  const name = nameField(/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/, {
    allowed: 'a name of up to 40 lower-case letters, digits and hyphens',
    example: 'web',
  });
  const error = ({ input }: { readonly input?: unknown }): string =>
    `${found(input)}; allowed is a mapping of 1 to ${limits.slaObjectives} objectives by name`;
  return z
    .record(name, objectiveSchema, { error })
    .refine((all) => Object.keys(all).length > 0, { error: 'is empty; allowed is an objective' })
    .meta({ minProperties: 1, maxProperties: limits.slaObjectives });
}

function preference(): z.ZodType<Preference> {
  const weight = numberField(0, 1000).prefault(0);
  return mapping({ price: weight, speed: weight, trust: weight })
    .refine(({ price, speed, trust }) => price + speed + trust > 0, {
      error: 'found no weight above 0; allowed is at least one, such as price: 1',
    })
    .describe('Weights of the trade-off; one that is left out is 0')
    .prefault(templateDefaults.prefer);
}

function promiseOf(metric: PromiseMetric): z.ZodOptional<z.ZodType<readonly ServicePromise[]>> {
  const { unit, bounds, about } = metricKinds[metric];
  const allowed = `${bounds.join(' or ')}, such as ${bounds[0]}: ${unit.example}`;
  return writtenPromise(bounds, levelOf(unit).optional())
    .refine((written) => bounds.some((bound) => written[bound] !== undefined), {
      error: `is without a bound; allowed is ${allowed}`,
    })
    .transform((written) =>
      bounds.flatMap((bound): readonly ServicePromise[] => {
        const value = written[bound];
        if (value === undefined) return [];
        const share = written.penalty === undefined ? {} : { penaltyPercent: written.penalty };
        return [{ metric, bound, value, windowMs: written.over, ...share }];
      }),
    )
    .describe(about)
    .optional();
}

interface WrittenPromise {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
  readonly over: number;
  readonly penalty?: number | undefined;
}

function writtenPromise(
  bounds: readonly ServicePromise['bound'][],
  level: z.ZodOptional<z.ZodType<number>>,
): z.ZodType<WrittenPromise> {
  const rest = {
    over: promiseWindow.describe('The window over which it is kept or broken'),
    penalty: penalty.describe('Share of the price that a broken window gives back').optional(),
  };
  if (!bounds.includes('atMost')) return mapping({ atLeast: level, ...rest });
  if (!bounds.includes('atLeast')) return mapping({ atMost: level, ...rest });
  return mapping({ atLeast: level, atMost: level, ...rest });
}

function levelOf(unit: MetricUnit): z.ZodType<number> {
  if ('most' in unit) return numberField(0, unit.most);
  const allowed = `a value with its unit, such as ${unit.example}`;
  return textField({ read: unit.parse, pattern: unit.pattern, allowed, example: unit.example });
}

function amendmentOf(
  parameter: Amendment['parameter'],
  value: z.ZodType<number>,
): z.ZodOptional<z.ZodType<Amendment>> {
  return mapping({
    upTo: value.describe('Up to this much for one machine'),
    for: price.describe('The price of one machine may rise by this; without it: not').optional(),
  })
    .transform(({ upTo, for: rise }): Amendment => {
      return { parameter, upTo, ...(rise === undefined ? {} : { pricePerHourAtMost: rise }) };
    })
    .optional();
}

function parseNear(text: string): Parsed<NonNullable<Place['near']>> {
  const [, objective, latency] = nearPattern.exec(text) ?? [];
  if (objective === undefined || latency === undefined) {
    const allowed = "another objective's name and a latency, such as db (<= 5 ms)";
    return { ok: false, problem: `found ${quote(text)}; allowed is ${allowed}` };
  }
  const withinMs = parseLatencyMs(latency);
  return withinMs.ok ? { ok: true, value: { objective, withinMs: withinMs.value } } : withinMs;
}

function between(least: number, most: number): (value: number) => boolean {
  return (value) => value >= least && value <= most;
}
