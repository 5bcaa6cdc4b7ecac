import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { knownConstraints } from '../../../src/agency/model-library.ts';
import { limits } from '../../../src/base/limits.ts';
import { checkModel } from '../../../src/lcc/check/check.ts';
import { parseModel } from '../../../src/lcc/parser.ts';

const folder = new URL('../../../models/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.lcc'));
function report(file: string) {
  return checkModel(
    parseModel(readFileSync(new URL(file, folder), 'utf8'), { file }),
    knownConstraints,
  );
}

test.each(files)('%s is clean, and all its runs are explored', (file) => {
  const { findings, exploration } = report(file);
  expect(findings).toEqual([]);
  expect(exploration.kind).toBe('complete');
});

test('the shipped models together need a fraction of what one may', () => {
  const states = files.map((file) => report(file).exploration.states);
  expect(states.reduce((sum, count) => sum + count, 0)).toBeLessThan(limits.modelStates / 2);
});
