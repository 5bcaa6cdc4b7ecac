import type { Place } from '../../sla/objective.ts';
import type { Proposal } from '../../sla/proposal.ts';
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

/** Whether `text` is matched by a pattern in which `*` stands for any characters. */
export function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

/** Why a place forbids a proposal, in words; undefined when it does not. */
export function placeForbids(place: Place, { vendor, site }: Proposal): string | undefined {
  if (place.vendors.length > 0 && !place.vendors.includes(vendor)) {
    return `vendor ${vendor} is not among ${place.vendors.join(', ')}`;
  }
  if (place.sites.length > 0 && !place.sites.some((pattern) => matches(pattern, site))) {
    return `site ${site} is not among ${place.sites.join(', ')}`;
  }
  const ruledOut = place.not.find((pattern) => pattern === vendor || matches(pattern, site));
  return ruledOut === undefined ? undefined : `ruled out by not: ${ruledOut}`;
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
