import { expect, test } from 'vitest';
import { bodyOf, shape } from './bare.ts';

// The first five rows are the trees of the OpenKnowledge kernel's own parser.
const table: readonly (readonly [string, string])[] = [
  ['A or B then C', 'then(or(A,B),C)'],
  ['A then B or C', 'then(A,or(B,C))'],
  ['(A then B) or C', 'or(then(A,B),C)'],
  ['A or (B then C)', 'or(A,then(B,C))'],
  ['A or B or C', 'or(or(A,B),C)'],
  ['A then B then C', 'then(A,then(B,C))'],
  ['(A then B) then C', 'then(then(A,B),C)'],
  ['A or (B or C)', 'or(A,or(B,C))'],
  ['A par B then C', 'then(par(A,B),C)'],
  ['A then B par C', 'then(A,par(B,C))'],
  ['A or B par C', 'par(or(A,B),C)'],
  ['A par B or C', 'par(A,or(B,C))'],
  ['A par B par C', 'par(par(A,B),C)'],
  ['A or B then C par D or E then F', 'then(or(A,B),then(par(C,or(D,E)),F))'],
];

test.each(table)('%s is read as %s', (text, tree) => {
  expect(shape(bodyOf(text))).toBe(tree);
});
