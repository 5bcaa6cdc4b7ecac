import type { Body, Clause, Model } from './ast.ts';
import { codeNotes } from './codes.ts';
import { ClauseCompiler, type CommitRule, type Scope } from './compile-clause.ts';
import type { ConstraintTable } from './constraint.ts';
import { compileTerm, Slots } from './pattern.ts';
import { type ClauseCode, type Place, type Program, type RoleCode, signature } from './program.ts';

export interface CompileOptions {
  /**
   * What commits a choice; default `rewrite`. With `message`, as in the OpenKnowledge kernel, a
   * `null` before a branch's first message can still be undone while another branch applies;
   * a role change and the end of the branch commit as well, or a loop without messages would keep
   * every choice that it ever made.
   */
  readonly commit?: CommitRule;
}

/**
 * Resolves a model's roles and constraints, once; a program is shared by all agents that run it.
 *
 * Throws LCC.CONSTRAINT_UNKNOWN or LCC.ROLE_UNKNOWN with facts `line` and `column`, and
 * LCC.TOO_MANY_ALTERNATIVES beyond `limits.choiceAlternatives`.
 */
export function compile(
  model: Model,
  table: ConstraintTable,
  options: CompileOptions = {},
): Program {
  const roles = compileRoles(model);
  const clauses = model.clauses.map((clause, index) => outline(clause, index, roles));
  const heads = Map.groupBy(clauses, ({ code }) => signature(code.role.name, code.params.length));
  const scope: Scope = {
    table,
    commit: options.commit ?? 'rewrite',
    heads: new Map([...heads].map(([name, found]) => [name, found.map(({ code }) => code)])),
  };
  for (const { clause, code, slots } of clauses)
    fill(code, new ClauseCompiler(scope, slots), clause);
  const codes = clauses.map(({ code }) => code);
  return {
    roles,
    clauses: codes,
    heads: scope.heads,
    fingerprint: fingerprint(codes),
    codes: model.annotations.flatMap(codeNotes),
  };
}

/** A clause whose places are still to come: role changes refer to clauses in a circle. */
interface Outline {
  readonly clause: Clause;
  readonly code: Writable<ClauseCode>;
  readonly slots: Slots;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function compileRoles(model: Model): ReadonlyMap<string, RoleCode> {
  const names = [...new Set(model.clauses.map((clause) => clause.role))];
  return new Map(
    names.map((name, index) => {
      const bodies = model.clauses.filter((clause) => clause.role === name);
      const receives = new Set(bodies.flatMap((clause) => received(clause.body)));
      return [name, { name, index, receives }];
    }),
  );
}

function received(body: Body): readonly string[] {
  switch (body.op) {
    case 'then':
    case 'par':
    case 'or':
      return [...received(body.left), ...received(body.right)];
    case 'receive':
      return [signature(body.message.name, body.message.args.length)];
    case 'null':
    case 'role':
    case 'send':
      return [];
  }
}

function outline(clause: Clause, index: number, roles: ReadonlyMap<string, RoleCode>): Outline {
  const slots = new Slots();
  slots.of(clause.me);
  const params = clause.params.map((param) => compileTerm(param, slots));
  const open = new Set(params.flatMap((param) => (param.op === 'slot' ? param.slot : [])));
  const isOpen = open.size === params.length && !open.has(0);
  const role = roles.get(clause.role) ?? { name: clause.role, index: 0, receives: new Set() };
  const entry: Place = { op: 'end', index: 0 };
  return {
    clause,
    slots,
    code: { index, role, params, isOpen, variables: [], blank: [], entry, places: [] },
  };
}

function fill(code: Writable<ClauseCode>, compiler: ClauseCompiler, clause: Clause): void {
  code.entry = compiler.body(clause.body);
  code.places = compiler.places;
  code.variables = compiler.slots.names;
  code.blank = code.variables.map(() => undefined);
}

/** FNV-1a over the shape of the graph. */
function fingerprint(clauses: readonly ClauseCode[]): string {
  let hash = 0x811c9dc5;
  for (const clause of clauses) {
    const head = signature(clause.role.name, clause.params.length);
    const text = `${head} ${clause.variables.length} ${clause.places.map(shape).join(';')}\n`;
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function shape(place: Place): string {
  if (place.op !== 'choice') return place.op;
  const kinds = place.alternatives.map(({ kind, next }) => `${kind}>${next.index}`);
  return `${kinds.join('|')}/${place.timers.length}`;
}
