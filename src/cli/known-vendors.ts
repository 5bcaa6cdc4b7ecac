import { failure } from '../base/failure.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Template } from '../sla/template.ts';

/**
 * Names of vendors in the template that are not configured, each for a warning. Fails with
 * VENDOR.UNKNOWN when an objective names no other: nobody would be asked for it.
 */
export function unknownVendors(
  { objectives }: Pick<Template, 'objectives'>,
  configured: readonly string[],
): readonly string[] {
  const isUnknown = (vendor: string) => !configured.includes(vendor);
  for (const { name, place } of objectives) {
    const [first, ...more] = place.vendors;
    if (first === undefined || !place.vendors.every(isUnknown)) continue;
    const named = [first, ...more].join(', ');
    const meant = didYouMean(first, configured);
    throw failure(
      'VENDOR.UNKNOWN',
      `no vendor ${named} is configured, which ${name} asks for${meant}`,
      {
        facts: { vendor: first, objective: name },
        next: `skypact vendor add ${first} --driver DRIVER, or change place of ${name}`,
      },
    );
  }
  return [...new Set(objectives.flatMap(({ place }) => place.vendors.filter(isUnknown)))];
}
