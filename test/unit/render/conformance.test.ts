import { expect, test } from 'vitest';
import { checkLine, conformanceText } from '../../../src/render/conformance.ts';

const kept = {
  rule: 'V1',
  claim: 'its name stays',
  verdict: 'kept',
  detail: '',
  durationMs: 12.4,
} as const;
const broken = {
  rule: 'V3',
  claim: 'bidding changes nothing',
  verdict: 'broken',
  detail: 'V3 bidding changes nothing: contracts held:\n+ one\n',
  durationMs: 1250,
} as const;
const without = {
  rule: 'V12',
  claim: 'a move ends at one side',
  verdict: 'not applicable',
  detail: 'it has no moves',
  durationMs: 0,
} as const;

test('each rule has its verdict, and what is not kept its reason', () => {
  const rules = [kept, broken, without].map((check) => ({
    rule: check.rule,
    statement: 'a rule',
    verdict: check.verdict,
    checks: [check],
  }));
  expect(conformanceText(rules)).toBe(`\
RULE  VERDICT         WHAT
V1    kept            a rule
V3    broken          a rule
V12   not applicable  a rule

V3 bidding changes nothing
  broken: contracts held:
  + one
V12 not applicable: it has no moves

1 kept, 1 broken, 1 not applicable
`);
});

test('a check says how long it took, unless it was not made', () => {
  expect(checkLine(kept)).toBe('V1 kept: its name stays (12 ms)');
  expect(checkLine(broken)).toBe('V3 broken: bidding changes nothing (1.25 s)');
  expect(checkLine(without)).toBe('V12 not applicable: a move ends at one side');
});
