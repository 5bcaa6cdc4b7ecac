import type { Site } from '../../vendors/vendor.ts';

/** The sites that a vendor described, for their latencies. */
export interface VendorSites {
  readonly vendor: string;
  readonly sites: readonly Site[];
}

/** Where a machine is: site names are unique only at their vendor. */
export interface Whereabouts {
  readonly vendor: string;
  readonly site: string;
}

/**
 * Round-trip time between two places in milliseconds; 0 within one, undefined where nobody knows.
 * Where both sides have measured, the longer time counts: `near` is a promise.
 */
export function latencyMs(
  sites: readonly VendorSites[],
  a: Whereabouts,
  b: Whereabouts,
): number | undefined {
  if (a.vendor === b.vendor && a.site === b.site) return 0;
  const there = measured(sites, a, b);
  const back = measured(sites, b, a);
  if (there === undefined) return back;
  return back === undefined ? there : Math.max(there, back);
}

function measured(
  sites: readonly VendorSites[],
  from: Whereabouts,
  to: Whereabouts,
): number | undefined {
  const described = sites.find((known) => known.vendor === from.vendor);
  const site = described?.sites.find((known) => known.name === from.site);
  if (site === undefined || !Object.hasOwn(site.latencyMs, to.site)) return undefined;
  return site.latencyMs[to.site];
}
