import { expect, test } from 'vitest';
import type { Constraint } from '../../../src/lcc/ast.ts';
import { printConstraint, printDef, printTerm } from '../../../src/lcc/print.ts';
import { bare, parsed } from './bare.ts';

function clauseOf(body: string) {
  const clause = parsed(`a(main, Me) :: ${body}`).clauses[0];
  if (clause === undefined) throw new Error('no clause');
  return clause;
}

function guardOf(constraint: string): Constraint {
  const { body } = clauseOf(`null <- ${constraint}`);
  if (body.op !== 'null' || body.guard === undefined) throw new Error('no guard');
  return body.guard;
}

function ops(constraint: Constraint): string {
  if (constraint.op === 'call') return constraint.name;
  if (constraint.op === 'compare') return constraint.relation;
  if (constraint.op === 'not') return `not(${ops(constraint.inner)})`;
  return `${constraint.op}(${ops(constraint.left)},${ops(constraint.right)})`;
}

test('a role declaration has a kind, and is played once unless it says how often', () => {
  const { roles } = parsed(`
    r(one, initial)  r(two, necessary, 2)  r(none, optional, 0)  r(many(X, Y), auxiliary, 1, 50)`);
  expect(roles.map(({ name, params, kind, min, max }) => [name, params, kind, min, max])).toEqual([
    ['one', [], 'initial', 1, 1],
    ['two', [], 'necessary', 2, 2],
    ['none', [], 'optional', 0, 1],
    ['many', ['X', 'Y'], 'auxiliary', 1, 50],
  ]);
});

test('arrows have three spellings, and a clause two signs', () => {
  const plain = parsed('a(x, X) :: m(A) => a(y, Y) <- p(A) then n(B) <= a(y, Y)');
  const fancy = parsed('a(x, X) ::= m(A) ⇒ a(y, Y) ← p(A) then n(B) ⇐ a(y, Y)');
  expect(bare(fancy)).toEqual(bare(plain));
});

test('comments end with their line or their sign, wherever a space may stand', () => {
  const text = 'a(x, /* a\n b */ X) // the clause\n:: /**/ null // then nothing';
  expect(bare(parsed(text))).toEqual(bare(parsed('a(x, X) :: null')));
});

test('a guard stands on either side of a receive', () => {
  const right = clauseOf('m(X) <= a(r, P) <- p(X) and q(X)').body;
  expect(bare(clauseOf('p(X) and q(X) <- m(X) <= a(r, P)').body)).toEqual(bare(right));
  expect(bare(clauseOf('(p(X)) and q(X) <- m(X) <= a(r, P)').body)).toEqual(bare(right));
});

test.each([
  ['(p(X) or q(X)) <- m(X) <= a(r, P)', 'm(X) <= a(r, P) <- (p(X) or q(X))'],
  ['not p(X) <- m(X) <= a(r, P)', 'm(X) <= a(r, P) <- not p(X)'],
  ['X > 3 <- m(X) <= a(r, P)', 'm(X) <= a(r, P) <- X > 3'],
  ['[H | T] = X <- m(X) <= a(r, P)', 'm(X) <= a(r, P) <- [H | T] = X'],
  ['_ = X <- m(X) <= a(r, P)', 'm(X) <= a(r, P) <- _ = X'],
])('the guard of %s is printed on the right', (text, printed) => {
  const { body } = clauseOf(text);
  expect(body.op === 'receive' && printDef(body)).toBe(printed);
});

test.each([
  ['p() and q() and r()', 'and(and(p,q),r)'],
  ['p() and (q() or r() and s())', 'and(p,or(q,and(r,s)))'],
  ['not p() and q()', 'and(not(p),q)'],
  ['not (p() and q())', 'not(and(p,q))'],
  ['not not X = 1', 'not(not(=))'],
  ['(p() or q() or r())', 'or(or(p,q),r)'],
  [
    'A == B and C != D and E < F and G > H and I <= J and K >= L',
    'and(and(and(and(and(==,!=),<),>),<=),>=)',
  ],
  ['ready', 'ready'],
])('the constraint %s is %s', (text, tree) => {
  expect(ops(guardOf(text))).toBe(tree);
});

test('outside parentheses `or` belongs to the body', () => {
  const { body } = clauseOf('null <- p() and q() or a(x, Me)');
  expect(body.op).toBe('or');
});

test('`<=` before a( is a receive, elsewhere a comparison', () => {
  expect(clauseOf('m <= a(r, P)').body.op).toBe('receive');
  expect(guardOf('X <= Y')).toMatchObject({ op: 'compare', relation: '<=' });
  expect(clauseOf('X <= Y <- m(X) <= a(r, P)').body).toMatchObject({
    op: 'receive',
    guard: { op: 'compare', relation: '<=' },
  });
});

test.each([
  ['-3', '-3'],
  ['2.50', '2.5'],
  ['1.0', '1.0'],
  ['-0', '0'],
  ['-0.0', '-0.0'],
  ['6e23', '6e+23'],
  [String.raw`"a \"b\" \\ \n é \u00e9"`, String.raw`"a \"b\" \\ \n é é"`],
  ['f(g(X), [])', 'f(g(X), [])'],
  ['[A, 1 | T]', '[A, 1 | T]'],
  ['atom()', 'atom'],
  ['$n.a:b@c', '$n.a:b@c'],
  ['_', '_'],
])('the term %s is %s', (text, printed) => {
  const guard = guardOf(`p(${text})`);
  expect(printConstraint(guard)).toBe(`p(${printed})`);
  expect(guard.op === 'call' && guard.args.map(printTerm)).toEqual([printed]);
});

test.each([
  ['P', 'variable'],
  ['_', 'anonymous'],
  ['bob', 'struct'],
  ['"x y"', 'string'],
])('%s names an agent', (id, kind) => {
  const { body } = clauseOf(`m() => a(r, ${id})`);
  expect(body).toMatchObject({ op: 'send', target: { role: 'r', args: [], id: { kind } } });
  expect(body.op === 'send' && printDef(body)).toBe(`m() => a(r, ${id})`);
});

test('annotations keep their target and their values as terms', () => {
  const { annotations, clauses } = parsed(`
    @annotation(@role(client), state, "S0")
    a(client, C) :: null
    @annotation(@message(cfp(T), N), event(e1))
    a(other, C) :: null`);
  expect(clauses).toHaveLength(2);
  expect(
    annotations.map(({ on, target, value }) => [on, target.map(printTerm), value.map(printTerm)]),
  ).toEqual([
    ['role', ['client'], ['state', '"S0"']],
    ['message', ['cfp(T)', 'N'], ['event(e1)']],
  ]);
});

test('positions count lines and columns from 1', () => {
  const { clauses } = parsed('r(x, initial)\n\na(x, X) ::\n  null\n  or m(A) <= a(y, Y)\n');
  const [clause] = clauses;
  expect(clause?.at).toEqual({ line: 3, column: 1 });
  expect(clause?.body).toMatchObject({
    left: { at: { line: 4, column: 3 } },
    right: { at: { line: 5, column: 6 }, target: { at: { line: 5, column: 14 } } },
  });
});

test('a model without a clause is one, though it can do nothing', () => {
  expect(parsed(' // nothing\n')).toEqual({ roles: [], annotations: [], clauses: [] });
});
