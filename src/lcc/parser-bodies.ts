import type {
  AgentRef,
  Body,
  Constraint,
  MessageNode,
  NullDef,
  ReceiveDef,
  RoleDef,
  SendDef,
} from './ast.ts';
import { parseConstraint } from './parser-constraints.ts';
import type { Cursor } from './parser-cursor.ts';
import {
  checkArguments,
  parseArguments,
  parseTerm,
  parseTerms,
  positionOf,
} from './parser-terms.ts';

// body = par { "then" par }, associating to the right
export function parseBody(cursor: Cursor): Body {
  const steps = [parsePar(cursor)];
  while (cursor.takeIf('then')) steps.push(parsePar(cursor));
  return steps.reduceRight((right, left) => ({ op: 'then', left, right }));
}

// par = choice { "par" choice }
function parsePar(cursor: Cursor): Body {
  let left = parseChoice(cursor);
  for (let at = cursor.peek(); cursor.takeIf('par'); at = cursor.peek()) {
    cursor.unionOnly('PAR', at);
    left = { op: 'par', left, right: parseChoice(cursor) };
  }
  return left;
}

// choice = item { "or" item }
function parseChoice(cursor: Cursor): Body {
  let left = parseItem(cursor);
  while (cursor.takeIf('or')) left = { op: 'or', left, right: parseItem(cursor) };
  return left;
}

// item = "(" body ")" | def
function parseItem(cursor: Cursor): Body {
  if (!cursor.sees('(')) return parseDef(cursor);
  // Nothing but a guard is followed by these; so no parenthesis is ever read twice.
  const after = cursor.afterParentheses(0);
  if (cursor.seesAt(after, '<-') || cursor.seesAt(after, 'and')) return parseGuarded(cursor);
  cursor.take();
  return cursor.nested(() => {
    const body = parseBody(cursor);
    cursor.expect(')', '"then", "or", "par" or ")"');
    return body;
  });
}

// def = "null" … | roleChange | message "=>" … | message "<=" … | constraint "<-" message "<=" …
function parseDef(cursor: Cursor): Body {
  const token = cursor.peek();
  if (cursor.sees('null')) return parseNull(cursor);
  if (cursor.sees('a', '(')) return parseRoleChange(cursor);
  if (token.kind === 'name') {
    const after = cursor.peek(1).text === '(' ? cursor.afterParentheses(1) : 1;
    if (cursor.seesAt(after, '=>')) return parseSend(cursor);
    if (cursor.seesAt(after, '<=', 'a', '(')) return parseReceive(cursor);
  }
  const isItem = token.kind !== 'end' && token.kind !== 'keyword' && token.kind !== 'tag';
  const isTerm = token.kind !== 'symbol' || token.text === '_' || token.text === '[';
  if (cursor.sees('not') || (isItem && isTerm)) return parseGuarded(cursor);
  return cursor.fail('"null", a role change "a(", a message, or "("');
}

// "null" [ "<-" constraint ]
function parseNull(cursor: Cursor): NullDef {
  const at = positionOf(cursor.expect('null'));
  const guard = parseGuard(cursor);
  if (guard === undefined) cursor.unionOnly('NULL_GUARD', at);
  return { op: 'null', ...(guard && { guard }), at };
}

// "a" "(" role "," id ")" [ "<-" constraint ]
function parseRoleChange(cursor: Cursor): RoleDef {
  const target = parseAgent(cursor);
  checkArguments(cursor, target.args);
  const sign = cursor.peek();
  const guard = parseGuard(cursor);
  if (guard !== undefined) cursor.unionOnly('ROLE_GUARD', sign);
  return { op: 'role', target, ...(guard && { guard }), at: target.at };
}

// message "=>" "a" "(" role "," id ")" [ "<-" constraint ]
function parseSend(cursor: Cursor): SendDef {
  const message = parseMessage(cursor);
  cursor.expect('=>');
  const target = parsePeer(cursor);
  const guard = parseGuard(cursor);
  return { op: 'send', message, target, ...(guard && { guard }), at: message.at };
}

// message "<=" "a" "(" role "," id ")" [ "<-" constraint ]
function parseReceive(cursor: Cursor): ReceiveDef {
  const message = parseMessage(cursor);
  cursor.expect('<=');
  const target = parsePeer(cursor);
  const guard = parseGuard(cursor);
  return { op: 'receive', message, target, ...(guard && { guard }), at: message.at };
}

// constraint "<-" message "<=" "a" "(" role "," id ")"
function parseGuarded(cursor: Cursor): ReceiveDef {
  const start = positionOf(cursor.peek());
  const guard = parseConstraint(cursor);
  cursor.expect('<-', '"=>" or "<= a(" after a message, or "<-" after a guard');
  cursor.unionOnly('GUARD_LEFT', start);
  const message = parseMessage(cursor);
  cursor.expect('<=', '"<=", since a guard on the left belongs to a receive');
  return { op: 'receive', message, target: parsePeer(cursor), guard, at: message.at };
}

// [ "<-" constraint ]
function parseGuard(cursor: Cursor): Constraint | undefined {
  return cursor.takeIf('<-') ? parseConstraint(cursor) : undefined;
}

// message = name [ "(" [ term { "," term } ] ")" ]
function parseMessage(cursor: Cursor): MessageNode {
  const token = cursor.expectKind('name', 'the name of a message');
  if (token.text === 'a') cursor.refuse(token, 'a message cannot be called "a"');
  if (!cursor.sees('(')) cursor.unionOnly('MESSAGE_PARENTHESES', token);
  const args = parseArguments(cursor);
  checkArguments(cursor, args);
  return { name: token.text, args, at: positionOf(token) };
}

/** The other agent of a message. */
function parsePeer(cursor: Cursor): AgentRef {
  const target = parseAgent(cursor);
  const [first] = target.args;
  if (first !== undefined) cursor.unionOnly('RECIPIENT_ARGUMENTS', first.at);
  return target;
}

// "a" "(" role "," id ")"
function parseAgent(cursor: Cursor): AgentRef {
  const at = positionOf(cursor.expect('a', 'an agent "a(role, Id)"'));
  cursor.expect('(');
  const { role, args } = parseRole(cursor);
  const id = parseId(cursor);
  cursor.expect(')');
  return { role, args, id, at };
}

// role = name [ "(" terms ")" ], and the "," after it
export function parseRole(cursor: Cursor): Pick<AgentRef, 'role' | 'args'> {
  const role = cursor.expectKind('name', 'the name of a role').text;
  const args = cursor.takeIf('(') ? parseTerms(cursor) : [];
  if (args.length > 0) cursor.expect(')', '"," or ")"');
  cursor.expect(',', args.length === 0 ? '"(" or ","' : '","');
  return { role, args };
}

// id = VAR | "_" | name | STRING
function parseId(cursor: Cursor): AgentRef['id'] {
  const { kind } = cursor.peek();
  const isId = kind === 'variable' || kind === 'name' || kind === 'string' || cursor.sees('_');
  if (!isId) return cursor.fail('a variable, "_", a name or a string');
  const id = parseTerm(cursor);
  if (id.kind === 'struct' || id.kind === 'string') cursor.unionOnly('CONSTANT_ID', id.at);
  const named = id.kind === 'variable' || id.kind === 'anonymous' || id.kind === 'string';
  if (named || (id.kind === 'struct' && id.args.length === 0)) return id;
  return cursor.refuse(id.at, 'an id is a variable, "_", a name or a string');
}
