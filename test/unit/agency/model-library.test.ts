import { expect, test } from 'vitest';
import { checkText } from '../../../src/agency/model-check.ts';
import { knownConstraints, listModels, titleOf } from '../../../src/agency/model-library.ts';
import { migrationTable } from '../../../src/migration/constraints.ts';
import { bargainingTable } from '../../../src/negotiation/bargain-constraints.ts';
import { negotiationTable } from '../../../src/negotiation/table.ts';

test('a model is called what its header comment begins with', () => {
  expect(titleOf('// A contract net (SC00029)\n// for one objective: all\n// are asked.\n')).toBe(
    'A contract net (SC00029) for one objective',
  );
  expect(titleOf('// Version 1.5 of it. More.\r\nr(a, initial)')).toBe('Version 1.5 of it');
  expect(titleOf('//\n// Late')).toBe('Late');
  expect(titleOf('r(a, initial)\n// no header')).toBe('');
});

test('every shipped model has a title and roles', async () => {
  const models = await listModels();
  expect(models.map(({ name }) => name)).toContain('negotiation');
  for (const { title, roles } of models) {
    expect(title).not.toBe('');
    expect(roles).toBeGreaterThan(1);
  }
});

test('no constraint means one thing in a negotiation and another in a simulation', () => {
  const both = [...migrationTable.keys()].filter((name) => negotiationTable.has(name));
  for (const name of both) expect(migrationTable.get(name)).toEqual(negotiationTable.get(name));
  expect(knownConstraints.size).toBe(
    migrationTable.size + bargainingTable.size + negotiationTable.size - both.length,
  );
});

const model = (text: string) => ({ name: 'x', file: 'x.lcc', text });

test('what cannot be read is one finding with its place told once', () => {
  const { findings } = checkText(model('a(x, X) ::\n  hello <= a(y Y)\n'), {
    dialect: 'union',
    depth: 'runs',
  });
  expect(findings).toMatchObject([{ code: 'LCC.SYNTAX', severity: 'error', line: 2, column: 16 }]);
  expect(findings[0]?.message).toMatch(/^expected /);
});

test('the openk dialect refuses what the kernel cannot read', () => {
  const text = 'r(x, initial)\na(x, X) ::\n  null\n';
  const openk = checkText(model(text), { dialect: 'openk', depth: 'syntax' });
  expect(openk.findings).toMatchObject([{ code: 'LCC.SYNTAX', line: 3 }]);
  const union = checkText(model(text), { dialect: 'union', depth: 'syntax' });
  expect(union).toEqual({ file: 'x.lcc', findings: [] });
});

test('a check that looks at the runs says how many states it saw', () => {
  const checked = checkText(model('r(x, initial)\na(x, X) ::\n  null\n'), {
    dialect: 'union',
    depth: 'runs',
  });
  expect(checked).toMatchObject({ findings: [], exploration: { kind: 'complete' } });
});
