import type { Place } from './objective.ts';

/**
 * Whether machines may run at this vendor's site: within `vendors` and `sites` where those are
 * named, and outside of `not`. The relations `apart`, `together` and `near` are the composer's.
 */
export function placeAllows(place: Place, vendor: string, site: string): boolean {
  return placeObjection(place, vendor, site) === undefined;
}

/** Why they may not, in words; `undefined` when they may. */
export function placeObjection(place: Place, vendor: string, site: string): string | undefined {
  const { vendors, sites, not } = place;
  if (vendors.length > 0 && !vendors.includes(vendor)) {
    return `vendor ${vendor} is none of ${vendors.join(', ')}`;
  }
  if (sites.length > 0 && !sites.some((pattern) => matchesPattern(pattern, site))) {
    return `site ${site} is none of ${sites.join(', ')}`;
  }
  const excluded = not.find(
    (pattern) => matchesPattern(pattern, vendor) || matchesPattern(pattern, site),
  );
  return excluded === undefined ? undefined : `${vendor} ${site} is excluded by not: ${excluded}`;
}

/** Whether any site of the vendor can be allowed; for leaving vendors out before they are asked. */
export function placeAllowsVendor(place: Place, vendor: string): boolean {
  if (place.vendors.length > 0 && !place.vendors.includes(vendor)) return false;
  return !place.not.some((pattern) => matchesPattern(pattern, vendor));
}

/** `*` stands for any text, the empty one included; everything else for itself. */
export function matchesPattern(pattern: string, name: string): boolean {
  const [first = '', ...pieces] = pattern.split('*');
  const last = pieces.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const piece of pieces) {
    const found = name.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return name.length - from >= last.length && name.endsWith(last);
}

/** Whether all that `narrow`, a name or a pattern, matches is matched by `wide` as well. */
export function patternCovers(wide: string, narrow: string): boolean {
  // A star of `narrow` can only be taken in by a star of `wide`, since that is no other letter.
  return matchesPattern(wide, narrow);
}
