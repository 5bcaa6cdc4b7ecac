import { expect, test } from 'vitest';
import { findingsText } from '../../../src/render/findings.ts';

const unknown = {
  code: 'LCC.CONSTRAINT_UNKNOWN',
  severity: 'error',
  message: 'nobody answers foo/1',
  line: 3,
  column: 25,
} as const;

test('a file without findings is clean, and says how much was explored', () => {
  const exploration = { kind: 'complete', states: 56 } as const;
  expect(findingsText({ file: 'a.lcc', findings: [], exploration })).toBe(
    'a.lcc: clean, complete at 56 states\n',
  );
  expect(findingsText({ file: 'a.lcc', findings: [] })).toBe('a.lcc: clean\n');
});

test('each finding has its place and code, and the run that shows it', () => {
  const warning = { ...unknown, severity: 'warning', line: 9, message: 'odd' } as const;
  const findings = [unknown, { ...warning, trace: ['client at 1:1: null', 'it waits'] }];
  const exploration = { kind: 'bounded', states: 50_000 } as const;
  expect(findingsText({ file: 'b.lcc', findings, exploration }).split('\n')).toEqual([
    'b.lcc:3:25 LCC.CONSTRAINT_UNKNOWN nobody answers foo/1',
    'b.lcc:9:25 LCC.CONSTRAINT_UNKNOWN odd (warning)',
    '    client at 1:1: null',
    '    it waits',
    'b.lcc: 1 error, 1 warning, bounded at 50000 states',
    '',
  ]);
});
