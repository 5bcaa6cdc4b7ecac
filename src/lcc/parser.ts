import type {
  AgentRef,
  Annotation,
  Body,
  Clause,
  Model,
  RoleDeclaration,
  RoleKind,
} from './ast.ts';
import type { Dialect } from './dialect.ts';
import { parseBody, parseRole } from './parser-bodies.ts';
import { Cursor } from './parser-cursor.ts';
import { firstTooDeep } from './parser-depth.ts';
import { parseTerms, positionOf } from './parser-terms.ts';

export interface ParseOptions {
  /** Default `union`. */
  readonly dialect?: Dialect;
  /** What errors call the model; default `model`. */
  readonly file?: string;
}

/**
 * Parses an interaction model. docs/lcc.md has the grammar; each production stands above the
 * function that reads it.
 *
 * Throws `LCC.SYNTAX` with facts `line` and `column` (in the dialect `openk` also `rule`, where the
 * union would accept it), `LCC.TOO_LONG` beyond `limits.modelFileBytes`, and `LCC.TOO_DEEP` beyond
 * `limits.modelDepth`. So whoever walks the tree may recurse.
 */
export function parseModel(text: string, options: ParseOptions = {}): Model {
  const dialect = options.dialect ?? 'union';
  const cursor = new Cursor({ text, file: options.file ?? 'model' }, dialect);
  const model = parseProgram(cursor);
  const tooDeep = firstTooDeep(model);
  if (tooDeep !== undefined) cursor.tooDeep(tooDeep);
  if (dialect === 'openk') checkDeclared(cursor, model);
  return model;
}

// model = { roleDecl } { annotation | clause }
function parseProgram(cursor: Cursor): Model {
  const roles: RoleDeclaration[] = [];
  const annotations: Annotation[] = [];
  const clauses: Clause[] = [];
  while (cursor.sees('r', '(')) roles.push(parseRoleDeclaration(cursor));
  while (cursor.peek().kind !== 'end') {
    if (cursor.sees('@annotation')) {
      annotations.push(parseAnnotation(cursor));
      if (cursor.peek().kind === 'end') cursor.unionOnly('ANNOTATION_PLACE', cursor.peek());
    } else if (cursor.sees('a', '(')) {
      clauses.push(parseClause(cursor));
    } else {
      cursor.fail(clauses.length === 0 ? '"r(", "@annotation(" or "a("' : AFTER_CLAUSE);
    }
  }
  if (clauses.length === 0) cursor.unionOnly('NO_CLAUSE', cursor.peek());
  return { roles, annotations, clauses };
}

const AFTER_CLAUSE = '"then", "or", "par", a guard "<-", or another clause "a(role, Id) ::"';

const KINDS: ReadonlyMap<string, RoleKind> = new Map([
  ['initial', 'initial'],
  ['necessary', 'necessary'],
  ['optional', 'optional'],
  ['auxiliary', 'auxiliary'],
]);

// roleDecl = "r" "(" name [ "(" vars ")" ] "," kind [ "," INT(min) [ "," INT(max) ] ] ")"
function parseRoleDeclaration(cursor: Cursor): RoleDeclaration {
  const at = positionOf(cursor.expect('r'));
  cursor.expect('(');
  const name = cursor.expectKind('name', 'the name of a role').text;
  const params = parseVariables(cursor);
  cursor.expect(',', params.length === 0 ? '"(" or ","' : '","');
  const kind = KINDS.get(cursor.peek().text);
  if (kind === undefined) cursor.fail('"initial", "necessary", "optional" or "auxiliary"');
  cursor.take();
  const min = cursor.takeIf(',') ? parseCount(cursor) : 1;
  const max = cursor.takeIf(',') ? parseCount(cursor) : Math.max(min, 1);
  cursor.expect(')', '"," or ")"');
  return { name, params, kind, min, max, at };
}

// [ "(" VAR { "," VAR } ")" ]
function parseVariables(cursor: Cursor): readonly string[] {
  const token = cursor.peek();
  if (!cursor.takeIf('(')) return [];
  cursor.unionOnly('ROLE_PARAMETERS', token);
  const names: string[] = [];
  do names.push(cursor.expectKind('variable', 'a variable').text);
  while (cursor.takeIf(','));
  cursor.expect(')', '"," or ")"');
  return names;
}

function parseCount(cursor: Cursor): number {
  const token = cursor.expectKind('integer', 'a whole number');
  const count = Number(token.text);
  if (count < 0 || !Number.isSafeInteger(count))
    cursor.refuse(token, 'a role is played 0 or more times');
  return count;
}

const TAGS: ReadonlyMap<string, Annotation['on']> = new Map([
  ['@role', 'role'],
  ['@message', 'message'],
  ['@constraint', 'constraint'],
  ['@variable', 'variable'],
  ['@recurse', 'recurse'],
]);

// annotation = "@annotation" "(" tag "(" terms ")" "," terms ")"
// tag = "@role" | "@message" | "@constraint" | "@variable" | "@recurse"
function parseAnnotation(cursor: Cursor): Annotation {
  const at = positionOf(cursor.expect('@annotation'));
  cursor.expect('(');
  const on = TAGS.get(cursor.peek().text);
  if (on === undefined) return cursor.fail([...TAGS.keys()].join(', '));
  cursor.take();
  cursor.expect('(');
  const target = parseTerms(cursor);
  cursor.expect(')', '"," or ")"');
  cursor.expect(',');
  const value = parseTerms(cursor);
  cursor.expect(')', '"," or ")"');
  return { on, target, value, at };
}

// clause = "a" "(" role "," VAR ")" ("::" | "::=") body
function parseClause(cursor: Cursor): Clause {
  const at = positionOf(cursor.expect('a'));
  cursor.expect('(');
  const { role, args: params } = parseRole(cursor);
  for (const param of params) {
    if (param.kind !== 'variable') cursor.unionOnly('CLAUSE_PARAMETER', param.at);
  }
  const me = cursor.expectKind('variable', 'a variable that names the agent').text;
  cursor.expect(')');
  if (cursor.sees('::=')) {
    cursor.unionOnly('CLAUSE_SIGN', cursor.peek());
    cursor.take();
  } else {
    cursor.expect('::', '"::"');
  }
  return { role, params, me, body: parseBody(cursor), at };
}

function checkDeclared(cursor: Cursor, model: Model): void {
  const declared = new Set(model.roles.map((role) => role.name));
  for (const clause of model.clauses) {
    if (!declared.has(clause.role)) cursor.unionOnly('UNDECLARED_ROLE', clause.at);
    for (const agent of agents(clause.body)) {
      if (!declared.has(agent.role)) cursor.unionOnly('UNDECLARED_ROLE', agent.at);
    }
  }
}

function agents(body: Body): readonly AgentRef[] {
  if (body.op === 'null') return [];
  if ('target' in body) return [body.target];
  return [...agents(body.left), ...agents(body.right)];
}
