import { z } from 'zod';
import { limits } from '../../base/limits.ts';
import { type TacticName, tacticNames } from '../../sla/tactics.ts';
import { defaultSites } from './default-sites.ts';
import { type Fault, fault } from './fault-settings.ts';
import { type SiteSettings, site } from './sites.ts';

/** What `vendor add NAME --driver perfcloud` takes; all but `folder` has a default. */
export interface Settings {
  /** Where its state lies: `perfcloud-NAME.sqlite`, and the folders of its guests. */
  readonly folder: string;
  readonly sites: readonly SiteSettings[];
  readonly images: readonly string[];
  /** Prices are the same numbers in any currency. */
  readonly currency: string;
  /** Spreads the load of other tenants, and what machines do with their CPUs. */
  readonly seed: number;
  /** How it bargains in later rounds; `none`: its list price stands. */
  readonly concedes: TacticName | 'none';
  /** The least it takes, as a share of the list price. */
  readonly reservationPercent: number;
  readonly proposalValidMs: number;
  /** Simulated time to boot on a host of speed 1.0. */
  readonly bindMs: number;
  /** Simulated time to move a machine, in four reports. */
  readonly moveMs: number;
  readonly faults: readonly Fault[];
  /** `sshd`: every machine is a real sshd on a loopback port (Linux); `none`: addresses only. */
  readonly guests: 'none' | 'sshd';
  /** Path of the private key that guests let in, with `.pub` beside it; absent: one is made. */
  readonly guestKey?: string | undefined;
  readonly sshd: string;
}

/** No proposal is valid for longer; what was withdrawn is remembered until then. */
export const longestValidMs = 86_400_000;

const durationMs = z.int().nonnegative().max(3_600_000);

/** Fills in the defaults; what it answers is itself valid, and answered unchanged. */
export const settings: z.ZodType<Settings> = z
  .strictObject({
    folder: z.string().min(1),
    sites: z
      .array(site)
      .min(1)
      .max(100)
      .default([...defaultSites]),
    images: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, 'as in debian-12'))
      .min(1)
      .max(1_000)
      .default(['debian-12', 'debian-13', 'ubuntu-24.04']),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'three capital letters')
      .default('USD'),
    seed: z.int().default(1),
    concedes: z.enum([...tacticNames, 'none']).default('boulware'),
    reservationPercent: z.number().min(1).max(100).default(80),
    proposalValidMs: z.int().positive().max(longestValidMs).default(900_000),
    bindMs: durationMs.default(2),
    moveMs: durationMs.default(2),
    faults: z.array(fault).max(100).default([]),
    guests: z.enum(['none', 'sshd']).default('none'),
    guestKey: z.string().min(1).optional(),
    sshd: z.string().min(1).default('/usr/sbin/sshd'),
  })
  .refine(({ sites }) => distinct(sites.map(({ name }) => name)), {
    path: ['sites'],
    message: 'two sites have the same name',
  })
  .refine(({ sites }) => hostsOf(sites) <= limits.perfcloudHosts, {
    path: ['sites'],
    message: `more than ${limits.perfcloudHosts} hosts`,
  })
  .refine(({ sites }) => sites.every(({ hosts }) => distinct(hosts.map((host) => host.class))), {
    path: ['sites'],
    message: 'a site has two entries for the same class of hosts',
  });

function distinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

function hostsOf(sites: readonly SiteSettings[]): number {
  return sites.flatMap(({ hosts }) => hosts).reduce((sum, { count }) => sum + count, 0);
}
