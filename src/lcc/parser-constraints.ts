import type { CompareNode, Constraint, Relation, TermNode } from './ast.ts';
import type { Cursor } from './parser-cursor.ts';
import { checkArguments, parseTerm, positionOf } from './parser-terms.ts';

const RELATIONS: ReadonlyMap<string, Relation> = new Map([
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['<', '<'],
  ['>', '>'],
  ['<=', '<='],
  ['>=', '>='],
]);

// constraint = prim { "and" prim }
export function parseConstraint(cursor: Cursor): Constraint {
  let left = parsePrim(cursor);
  while (cursor.takeIf('and')) left = { op: 'and', left, right: parsePrim(cursor) };
  return left;
}

// prim = "not" prim | "(" constraint { "or" constraint } ")" | call | term op term
function parsePrim(cursor: Cursor): Constraint {
  const token = cursor.peek();
  if (cursor.takeIf('not')) {
    cursor.unionOnly('CONSTRAINT_OPERATOR', token);
    return { op: 'not', inner: cursor.nested(() => parsePrim(cursor)) };
  }
  if (cursor.takeIf('(')) {
    cursor.unionOnly('CONSTRAINT_OPERATOR', token);
    return cursor.nested(() => parseAlternatives(cursor));
  }
  if (token.kind === 'keyword' || token.kind === 'end') return cursor.fail('a constraint');
  const parentheses = cursor.peek(1).text === '(';
  const left = parseTerm(cursor);
  const relation = relationHere(cursor);
  if (relation !== undefined) return parseCompare(cursor, left, relation);
  if (left.kind !== 'struct') return cursor.fail('"=", "==", "!=", "<", ">", "<=" or ">="');
  if (left.name === 'a' && parentheses) {
    return cursor.refuse(left.at, 'a(…) is never a constraint; "then" or "or" joins a role change');
  }
  if (!parentheses) cursor.unionOnly('CONSTRAINT_CALL', left.at);
  checkArguments(cursor, left.args);
  return { op: 'call', name: left.name, args: left.args, at: left.at };
}

// constraint { "or" constraint } ")"
function parseAlternatives(cursor: Cursor): Constraint {
  let left = parseConstraint(cursor);
  while (cursor.takeIf('or')) left = { op: 'or', left, right: parseConstraint(cursor) };
  cursor.expect(')', '"and", "or" or ")"');
  return left;
}

/** `<=` before `a(` is always a receive. */
function relationHere(cursor: Cursor): Relation | undefined {
  if (cursor.sees('<=', 'a', '(') || cursor.peek().kind !== 'symbol') return undefined;
  return RELATIONS.get(cursor.peek().text);
}

// term op term; op = "=" | "==" | "!=" | "<" | ">" | "<=" | ">="
function parseCompare(cursor: Cursor, left: TermNode, relation: Relation): CompareNode {
  const token = cursor.take();
  if (left.kind !== 'variable') cursor.unionOnly('COMPARE_LEFT', left.at);
  if (relation === '!=' || relation === '<=' || relation === '>=') {
    cursor.unionOnly('RELATION', token);
  }
  const right = parseTerm(cursor);
  checkOperand(cursor, right, relation);
  return { op: 'compare', relation, left, right, at: left.at };
}

/** openk: "=" ( arg | "[" "]" | "[" V "|" V "]" | "[" arg {"," arg} "]" ), else arg */
function checkOperand(cursor: Cursor, right: TermNode, relation: Relation): void {
  if (right.kind !== 'list') {
    checkArguments(cursor, [right]);
    return;
  }
  if (relation !== '=') cursor.unionOnly('LIST_OPERAND', positionOf(right.at));
  const { items, tail } = right;
  if (tail === undefined) {
    checkArguments(cursor, items);
  } else if (items.length > 1 || items[0]?.kind !== 'variable' || tail.kind !== 'variable') {
    cursor.unionOnly('LIST_PATTERN', right.at);
  }
}
