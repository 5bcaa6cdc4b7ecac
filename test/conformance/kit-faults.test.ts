import { expect, test } from 'vitest';
import { Cloud } from '../../plugins/vendor-faulty/src/cloud.ts';
import { faults } from '../../plugins/vendor-faulty/src/faulty.ts';
import { ruleNames, runConformance } from '../../src/vendors/conformance/kit.ts';
import { faultySubject } from './faulty-subject.ts';

const mistakes = Object.keys(faults);

test('there is a mistake for each of the fourteen rules', () => {
  const broken = new Set(mistakes.map((name) => name.split(' ')[0]));
  expect([...broken].toSorted()).toEqual(ruleNames.toSorted());
});

test('a vendor without a mistake keeps every rule, and nothing is left of the checks', async () => {
  const cloud = new Cloud();
  const results = await runConformance(faultySubject(cloud));
  expect(results.flatMap(({ checks }) => checks).filter(({ detail }) => detail !== '')).toEqual([]);
  expect(results.map(({ rule, verdict }) => [rule, verdict])).toEqual(
    ruleNames.map((rule) => [rule, 'kept']),
  );
  expect([cloud.deals.size, cloud.copies.size, cloud.passages.size]).toEqual([0, 0, 0]);
});

/** All mistakes are checked at the same time, since the kit mostly waits for the vendor. */
const found = new Map(
  mistakes.map((name) => [name, runConformance(faultySubject(new Cloud(), name))]),
);

test.for(mistakes)('the kit names the rule: %s', async (name, { expect }) => {
  const [rule] = name.split(' ');
  const result = (await found.get(name))?.find((one) => one.rule === rule);
  const broken = result?.checks.filter(({ verdict }) => verdict === 'broken') ?? [];
  expect(result?.verdict).toBe('broken');
  expect(broken).not.toEqual([]);
  for (const { detail } of broken) expect(detail).toMatch(new RegExp(`^${rule} `));
});
