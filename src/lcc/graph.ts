import type { Body, Model, Position, RoleKind } from './ast.ts';
import { printTerm } from './print.ts';

/** Who writes what to whom, and who becomes what: a model at a glance. */
export interface Graph {
  /** In an order in which what belongs together is near: each role, then what it changes to. */
  readonly roles: readonly GraphRole[];
  /** Messages and role changes in the order of the text, each once. */
  readonly arrows: readonly Arrow[];
}

export interface GraphRole {
  readonly name: string;
  /** `undeclared` where a clause or a message names it and no declaration. */
  readonly kind: RoleKind | 'undeclared';
  readonly min: number;
  readonly max: number;
}

export interface Arrow {
  readonly kind: 'message' | 'change';
  readonly from: string;
  readonly to: string;
  /** The message as it is sent, such as `cfp(Objective)`; of a change, the arguments of the role. */
  readonly label: string;
  /** Of the message alone, without its arguments. */
  readonly name: string;
  readonly at: Position;
}

export function graphModel(model: Model): Graph {
  const arrows = new Map<string, Arrow>();
  for (const clause of model.clauses) {
    for (const arrow of arrowsOf(clause.role, clause.body)) {
      const key = `${arrow.kind} ${arrow.from} ${arrow.to} ${arrow.name}`;
      if (!arrows.has(key)) arrows.set(key, arrow);
    }
  }
  const all = [...arrows.values()];
  return { roles: order(rolesOf(model, all), all), arrows: all };
}

function arrowsOf(from: string, body: Body): readonly Arrow[] {
  switch (body.op) {
    case 'then':
    case 'par':
    case 'or':
      return [...arrowsOf(from, body.left), ...arrowsOf(from, body.right)];
    case 'null':
    case 'receive':
      return [];
    case 'send': {
      const { name, args } = body.message;
      const label = `${name}(${args.map(printTerm).join(', ')})`;
      return [{ kind: 'message', from, to: body.target.role, label, name, at: body.at }];
    }
    case 'role': {
      const { role, args } = body.target;
      const label = args.map(printTerm).join(', ');
      return [{ kind: 'change', from, to: role, label, name: role, at: body.at }];
    }
  }
}

function rolesOf(model: Model, arrows: readonly Arrow[]): ReadonlyMap<string, GraphRole> {
  const roles = new Map<string, GraphRole>();
  for (const { name, kind, min, max } of model.roles) roles.set(name, { name, kind, min, max });
  const used = [...model.clauses.map((clause) => clause.role), ...arrows.map((arrow) => arrow.to)];
  for (const name of used) {
    if (!roles.has(name)) roles.set(name, { name, kind: 'undeclared', min: 1, max: 1 });
  }
  return roles;
}

/** Each role that agents begin in, followed by those that it changes to. */
function order(
  roles: ReadonlyMap<string, GraphRole>,
  arrows: readonly Arrow[],
): readonly GraphRole[] {
  const placed = new Set<GraphRole>();
  const place = (role: GraphRole | undefined): void => {
    if (role === undefined || placed.has(role)) return;
    placed.add(role);
    const changes = arrows.filter((arrow) => arrow.kind === 'change' && arrow.from === role.name);
    const next = changes.map((change) => roles.get(change.to));
    for (const change of next) if (change?.kind === 'auxiliary') place(change);
  };
  const first = [...roles.values()].filter((role) => role.kind !== 'auxiliary');
  for (const role of [...first, ...roles.values()]) place(role);
  return [...placed];
}
