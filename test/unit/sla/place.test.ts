import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  matchesPattern,
  patternCovers,
  placeAllows,
  placeAllowsVendor,
  placeObjection,
} from '../../../src/sla/place.ts';

const anywhere = { sites: [], vendors: [], not: [] };

test.each([
  ['eu-*', 'eu-north', true],
  ['eu-*', 'eu-', true],
  ['eu-*', 'us-east', false],
  ['*', '', true],
  ['*-north', 'eu-north', true],
  ['*-north', 'eu-north-1', false],
  ['eu-*-1', 'eu-north-1', true],
  ['eu-*-1', 'eu-1', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['*a*b*', 'ba', false],
  ['aba*aba', 'aba', false],
  ['eu.north', 'eu-north', false],
  ['eu-north', 'eu-north', true],
  ['eu-north', 'eu-north-1', false],
  ['', '', true],
])('the pattern %j matches %j: %s', (pattern, name, matches) => {
  expect(matchesPattern(pattern, name)).toBe(matches);
});

test('a pattern matches as the regular expression it stands for', () => {
  const text = fc.stringMatching(/^[ab-]{0,8}$/);
  const pattern = fc.stringMatching(/^[ab*-]{0,6}$/);
  fc.assert(
    fc.property(pattern, text, (glob, name) => {
      const regular = new RegExp(`^${glob.replaceAll('*', '.*')}$`);
      expect(matchesPattern(glob, name)).toBe(regular.test(name));
    }),
    { numRuns: 1000 },
  );
});

test('a pattern that covers another matches all that the other matches', () => {
  const pattern = fc.stringMatching(/^[ab*]{0,4}$/);
  fc.assert(
    fc.property(pattern, pattern, fc.stringMatching(/^[ab]{0,6}$/), (wide, narrow, name) => {
      fc.pre(patternCovers(wide, narrow) && matchesPattern(narrow, name));
      expect(matchesPattern(wide, name)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('an empty place allows everything', () => {
  expect(placeAllows(anywhere, 'aws', 'eu-west-1')).toBe(true);
});

test('an objection says which vendor or site is out of place, and why', () => {
  const place = { sites: ['eu-*'], vendors: ['aws', 'kvm'], not: ['*-west', 'old*'] };
  expect(placeObjection(place, 'aws', 'eu-north')).toBeUndefined();
  expect(placeObjection(place, 'gcp', 'eu-north')).toBe('vendor gcp is none of aws, kvm');
  expect(placeObjection(place, 'aws', 'us-east')).toBe('site us-east is none of eu-*');
  expect(placeObjection(place, 'aws', 'eu-west')).toBe('aws eu-west is excluded by not: *-west');
  expect(placeObjection({ ...place, vendors: [] }, 'old-kvm', 'eu-north')).toBe(
    'old-kvm eu-north is excluded by not: old*',
  );
});

test('a vendor that no site of could be allowed need not be asked', () => {
  expect(placeAllowsVendor(anywhere, 'aws')).toBe(true);
  expect(placeAllowsVendor({ ...anywhere, vendors: ['kvm'] }, 'aws')).toBe(false);
  expect(placeAllowsVendor({ ...anywhere, not: ['a*'] }, 'aws')).toBe(false);
  expect(placeAllowsVendor({ ...anywhere, sites: ['eu-*'] }, 'aws')).toBe(true);
});
