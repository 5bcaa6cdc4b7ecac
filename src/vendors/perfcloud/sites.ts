import { z } from 'zod';

/** A datacentre of the simulated provider. */
export interface SiteSettings {
  readonly name: string;
  /** Multiplies the list prices. */
  readonly priceFactor: number;
  /** What it promises of every machine, over any window. */
  readonly availabilityPercent: number;
  /** Median round-trip times to other sites of any vendor. */
  readonly latencyMs: Readonly<Record<string, number>>;
  readonly hosts: readonly HostClass[];
}

/** Hosts of one kind in a site; they are named `SITE-CLASS-1` and so on. */
export interface HostClass {
  readonly class: string;
  readonly count: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  readonly networkMbps: number;
  /** Speed of one vCPU against a reference of 1.0. */
  readonly cpuSpeed: number;
  /** Multiplies the list prices, as the site's factor does. */
  readonly priceFactor: number;
  /** The most steal that it promises. */
  readonly stealPercent: number;
  /** Mean share of a host that belongs to other tenants; the seed spreads it. */
  readonly loadPercent: number;
}

/** Short and plain: they become part of proposal ids and of the names of hosts and shapes. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a small letter, then small letters, digits and hyphens');
const percent = z.number().min(0).max(100);
const factor = z.number().positive().max(1_000);

const hostClass: z.ZodType<HostClass> = z.strictObject({
  class: name,
  count: z.int().positive().max(10_000),
  cpus: z.int().positive().max(4_096),
  memoryMiB: z.int().positive(),
  diskGiB: z.int().positive(),
  networkMbps: z.int().positive().default(1_000),
  cpuSpeed: factor.default(1),
  priceFactor: factor.default(1),
  stealPercent: percent.default(5),
  loadPercent: percent.default(0),
});

export const site: z.ZodType<SiteSettings> = z.strictObject({
  name,
  priceFactor: factor.default(1),
  availabilityPercent: percent.default(99.9),
  latencyMs: z.record(z.string().min(1).max(200), z.number().nonnegative()).default({}),
  hosts: z.array(hostClass).min(1).max(100),
});
