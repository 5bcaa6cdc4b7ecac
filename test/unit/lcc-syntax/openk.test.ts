import { expect, test } from 'vitest';
import { type Failure, isFailure } from '../../../src/base/failure.ts';
import { parseModel } from '../../../src/lcc/parser.ts';

const HEAD = 'r(x, initial)\nr(y, necessary)\n';

function refusal(text: string): Failure | undefined {
  try {
    parseModel(text, { dialect: 'openk' });
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
  return undefined;
}

/** Each row: what the kernel's parser refuses, with the rule and the column of its place on line 3. */
const refused: readonly (readonly [string, string, string, number])[] = [
  ['a guard left of a receive', 'a(x, X) :: p(A) <- m(A) <= a(y, Y)', 'GUARD_LEFT', 12],
  ['a message without parentheses', 'a(x, X) :: m => a(y, Y)', 'MESSAGE_PARENTHESES', 12],
  ['arguments of the recipient', 'a(x, X) :: m() => a(y(Z), Y)', 'RECIPIENT_ARGUMENTS', 23],
  ['arguments of the sender', 'a(x, X) :: m() <= a(y(Z), Y)', 'RECIPIENT_ARGUMENTS', 23],
  ['a string as id', 'a(x, X) :: m() => a(y, "Y")', 'CONSTANT_ID', 24],
  ['a constant as id', 'a(x, X) :: m() => a(y, bob)', 'CONSTANT_ID', 24],
  ['null without a constraint', 'a(x, X) :: null', 'NULL_GUARD', 12],
  ['a guard on a role change', 'a(x, X) :: a(y, X) <- p(A)', 'ROLE_GUARD', 20],
  ['par', 'a(x, X) :: m() => a(y, Y) par n() => a(y, Y)', 'PAR', 27],
  ['or in a constraint', 'a(x, X) :: null <- (p(A) or q(A))', 'CONSTRAINT_OPERATOR', 20],
  ['not in a constraint', 'a(x, X) :: null <- not p(A)', 'CONSTRAINT_OPERATOR', 20],
  ['parentheses in a constraint', 'a(x, X) :: null <- q() and (p(A))', 'CONSTRAINT_OPERATOR', 28],
  ['a constraint without parentheses', 'a(x, X) :: null <- p', 'CONSTRAINT_CALL', 20],
  ['a compound term in a message', 'a(x, X) :: m(f(A)) => a(y, Y)', 'COMPOUND_ARGUMENT', 14],
  ['a compound term in a constraint', 'a(x, X) :: null <- p(f(A))', 'COMPOUND_ARGUMENT', 22],
  ['an atom in a message', 'a(x, X) :: m(ok) => a(y, Y)', 'ATOM_ARGUMENT', 14],
  ['an atom in a role change', 'a(x, X) :: a(y(ok), X)', 'ATOM_ARGUMENT', 16],
  ['== []', 'a(x, X) :: null <- A == []', 'LIST_OPERAND', 25],
  ['!=', 'a(x, X) :: null <- A != 1', 'RELATION', 22],
  ['>=', 'a(x, X) :: null <- A >= 1', 'RELATION', 22],
  ['<=', 'a(x, X) :: null <- A <= 1', 'RELATION', 22],
  ['a list in a constraint', 'a(x, X) :: null <- p([A])', 'LIST_ARGUMENT', 22],
  ['a list in a message', 'a(x, X) :: m([]) => a(y, Y)', 'LIST_ARGUMENT', 14],
  ['::=', 'a(x, X) ::= null <- p()', 'CLAUSE_SIGN', 9],
  ['a clause of a role that nobody declared', 'a(z, Z) :: null <- p()', 'UNDECLARED_ROLE', 1],
  ['a message to a role that nobody declared', 'a(x, X) :: m() => a(z, Z)', 'UNDECLARED_ROLE', 19],
  ['_ as an argument', 'a(x, X) :: null <- p(_)', 'ANONYMOUS_ARGUMENT', 22],
  ['a comparison of what is no variable', 'a(x, X) :: null <- 1 = A', 'COMPARE_LEFT', 20],
  ['two heads of a list', 'a(x, X) :: null <- A = [B, C | D]', 'LIST_PATTERN', 24],
  ['a head that is no variable', 'a(x, X) :: null <- A = [1 | D]', 'LIST_PATTERN', 24],
  ['a parameter that is no variable', 'a(x(1), X) :: null <- p()', 'CLAUSE_PARAMETER', 5],
  [
    'an annotation behind the last clause',
    'a(x, X) :: null <- p()\n@annotation(@role(x), y)',
    'ANNOTATION_PLACE',
    25,
  ],
];

test.each(refused)('openk refuses %s: %s', (_, clause, rule, column) => {
  const thrown = refusal(HEAD + clause);
  expect(thrown?.code).toBe('LCC.SYNTAX');
  expect(thrown?.facts).toMatchObject({ rule, column, line: rule === 'ANNOTATION_PLACE' ? 4 : 3 });
  expect(() => parseModel(HEAD + clause)).not.toThrow();
});

test('openk refuses parameters in a role declaration', () => {
  const thrown = refusal('r(x(A), initial)\na(x(A), X) :: null <- p(A)');
  expect(thrown?.facts).toMatchObject({ rule: 'ROLE_PARAMETERS', line: 1, column: 4 });
});

test('openk refuses a model without a clause', () => {
  expect(refusal(HEAD)?.facts).toMatchObject({ rule: 'NO_CLAUSE', line: 3, column: 1 });
});

test('openk has no arithmetic, and neither has the union', () => {
  expect(refusal(`${HEAD}a(x, X) :: null <- A = B + 1`)?.message).toContain('"+"');
});

test.each([
  'a(x, X) :: null <- p() then a(y(A, 1, 2.5, "s"), X) or m(A) => a(y, _) <- q(A) and A = B',
  'a(x, X) :: m() <= a(y, Y) <- A < 3 and B > C and D == "s"',
  'a(x, X) :: null <- A = [] and B = [C | D] and E = [1, "s", F]',
  '@annotation(@role(x), y)\na(x(A, B), X) :: (null <- p(A) then m(B) => a(y, Y)) or null <- q()',
  'a(x, X) :: m() ⇒ a(y, Y) ← p()',
])('openk accepts %s', (clause) => {
  expect(refusal(HEAD + clause)).toBeUndefined();
});
