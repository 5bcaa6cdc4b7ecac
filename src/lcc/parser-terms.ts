import type { ListNode, NumberNode, Position, TermNode } from './ast.ts';
import type { Cursor } from './parser-cursor.ts';

// term = VAR | "_" | INT | FLOAT | STRING | name [ "(" terms ")" ] | list
export function parseTerm(cursor: Cursor): TermNode {
  const token = cursor.peek();
  const at = positionOf(token);
  switch (token.kind) {
    case 'variable':
      return { kind: 'variable', name: cursor.take().text, at };
    case 'integer':
    case 'float':
      return parseNumber(cursor, token.kind);
    case 'string':
      return { kind: 'string', value: parseString(cursor), at };
    case 'name':
      return { kind: 'struct', name: cursor.take().text, args: parseArguments(cursor), at };
    case 'symbol':
      if (cursor.takeIf('_')) return { kind: 'anonymous', at };
      if (cursor.sees('[')) return cursor.nested(() => parseList(cursor));
      return cursor.fail('a term');
    case 'keyword':
    case 'tag':
    case 'end':
      return cursor.fail('a term');
  }
}

// [ "(" [ term { "," term } ] ")" ]
export function parseArguments(cursor: Cursor): readonly TermNode[] {
  if (!cursor.takeIf('(')) return [];
  if (cursor.takeIf(')')) return [];
  return cursor.nested(() => {
    const args = parseTerms(cursor);
    cursor.expect(')', '"," or ")"');
    return args;
  });
}

// terms = term { "," term }
export function parseTerms(cursor: Cursor): readonly TermNode[] {
  const terms = [parseTerm(cursor)];
  while (cursor.takeIf(',')) terms.push(parseTerm(cursor));
  return terms;
}

export function positionOf(token: Position): Position {
  return { line: token.line, column: token.column };
}

/** openk: arg = VARIABLE | INT | FLOAT | STRING */
export function checkArguments(cursor: Cursor, args: readonly TermNode[]): void {
  for (const arg of args) {
    if (arg.kind === 'list') cursor.unionOnly('LIST_ARGUMENT', arg.at);
    if (arg.kind === 'anonymous') cursor.unionOnly('ANONYMOUS_ARGUMENT', arg.at);
    if (arg.kind === 'struct') {
      cursor.unionOnly(arg.args.length > 0 ? 'COMPOUND_ARGUMENT' : 'ATOM_ARGUMENT', arg.at);
    }
  }
}

// list = "[" "]" | "[" terms [ "|" term ] "]"
function parseList(cursor: Cursor): ListNode {
  const at = positionOf(cursor.expect('['));
  if (cursor.takeIf(']')) return { kind: 'list', items: [], at };
  const items = parseTerms(cursor);
  const tail = cursor.takeIf('|') ? parseTerm(cursor) : undefined;
  cursor.expect(']', tail === undefined ? '",", "|" or "]"' : '"]"');
  return { kind: 'list', items, ...(tail === undefined ? {} : { tail }), at };
}

function parseNumber(cursor: Cursor, kind: NumberNode['kind']): NumberNode {
  const token = cursor.take();
  // Adding 0 turns -0 into 0, which no integer is apart from.
  const value = kind === 'integer' ? Number(token.text) + 0 : Number(token.text);
  const exact = kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!exact) cursor.refuse(token, 'this number is too large to be kept exactly');
  return { kind, value, at: positionOf(token) };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
]);

// STRING = '"' { character | "\" ( '"' | "\" | "/" | n | r | t | b | f | u hhhh ) } '"'
function parseString(cursor: Cursor): string {
  const token = cursor.take();
  return token.text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, letter: string) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return ESCAPES.get(letter) ?? cursor.refuse(token, `"\\${letter}" is no escape in a string`);
    });
}
