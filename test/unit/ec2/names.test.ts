import { expect, test } from 'vitest';
import { type ConversationId, id, type ProposalId } from '../../../src/sla/ids.ts';
import {
  contractId,
  type OurTags,
  placementGroup,
  proposalFacts,
  readTags,
  spreadOf,
  tagsOf,
} from '../../../src/vendors/ec2/names.ts';
import { offersFor } from '../../../src/vendors/ec2/offers.ts';
import type { Proposal } from '../../../src/vendors/vendor.ts';
import { cfpOf, marketOf, settingsOf } from './fixture.ts';

function proposal(given: Readonly<Record<string, unknown>> = {}, apart = false): Proposal {
  const place = { sites: [], vendors: [], not: [], ...(apart ? { apart: 'host' as const } : {}) };
  const answer = offersFor(cfpOf({ place }), marketOf({}, given));
  if ('kind' in answer || answer[0] === undefined) throw new Error('no proposal');
  return answer[0];
}

const tags: OurTags = {
  contract: 'skypact-0123',
  vendor: 'aws',
  conversation: 'talk',
  objective: 'web',
  proposal: 'ec2.on-demand.any.0',
  unit: '0',
  price: '0.096 USD/h',
  expires: '2026-01-01T00:00:00.000Z',
};

test('a contract is named after its proposal and unit, in letters that a launch template may have', () => {
  const one = proposal();
  const name = contractId(one, 0, settingsOf());
  expect(name).toMatch(/^skypact-[0-9a-f]{32}$/);
  expect(contractId(one, 0, settingsOf())).toBe(name);
  expect(contractId(one, 1, settingsOf())).not.toBe(name);
  expect(contractId({ ...one, id: id<ProposalId>('other') }, 0, settingsOf())).not.toBe(name);
  expect(contractId(one, 0, settingsOf({ tagPrefix: 'team-a' }))).toMatch(/^team-a-/);
});

test('a proposal tells what accepting it needs: market, most, and group', () => {
  expect(proposalFacts(proposal())).toEqual({});
  expect(proposalFacts(proposal({ market: 'spot' }))).toEqual({ spotMicros: 83_200 });
  const spread = spreadOf('aws', id<ConversationId>('talk'), 'web');
  expect(proposalFacts(proposal({}, true))).toEqual({ spread });
  expect(placementGroup(spread, settingsOf())).toBe(`skypact-apart-${spread}`);
  expect(proposalFacts({ ...proposal(), id: id<ProposalId>('pc1.small.hs.0') })).toBeUndefined();
});

test('tags are read back as they were written', () => {
  expect(readTags(tagsOf(tags, settingsOf()), 'aws', settingsOf())).toEqual(tags);
  const spread = { ...tags, spread: 'abc' };
  expect(readTags(tagsOf(spread, settingsOf()), 'aws', settingsOf())).toEqual(spread);
});

test("another vendor's, another prefix's and untagged things are not ours", () => {
  const written = tagsOf(tags, settingsOf());
  expect(readTags(written, 'aws-2', settingsOf())).toBeUndefined();
  expect(readTags(written, 'aws', settingsOf({ tagPrefix: 'team-a' }))).toBeUndefined();
  expect(readTags([], 'aws', settingsOf())).toBeUndefined();
  expect(readTags(undefined, 'aws', settingsOf())).toBeUndefined();
  const alien = [
    { Key: 'skypact:vendor', Value: 'aws' },
    { Key: 'skypact:contract', Value: 'i-am-not-one' },
  ];
  expect(readTags(alien, 'aws', settingsOf())).toBeUndefined();
});
