import type { AgentRef, Body, Clause } from '../ast.ts';
import { isJoin, type Program, waits } from './program.ts';
import { type Finding, finding } from './report.ts';

/** Declarations, clauses and uses of roles agree. */
export function checkRoles(program: Program): readonly Finding[] {
  return [
    ...checkDeclarations(program),
    ...checkClauses(program),
    ...checkUses(program),
    ...checkReachable(program),
    ...checkFinish(program),
  ];
}

/** The roles that an agent can play which begins in `role`, itself included. */
export function playable(program: Program, role: string): ReadonlySet<string> {
  const reached = new Set([role]);
  for (const from of reached) {
    for (const to of program.successors.get(from) ?? []) reached.add(to);
  }
  return reached;
}

/** Roles that agents begin in: all but the auxiliary ones. */
export function startRoles(program: Program): readonly string[] {
  return program.model.roles
    .filter((role) => role.kind !== 'auxiliary' && program.clauses.has(role.name))
    .map((role) => role.name);
}

function checkDeclarations(program: Program): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const role of program.model.roles) {
    const { name, at, min, max } = role;
    if (seen.has(name))
      findings.push(finding('LCC.ROLE_DUPLICATE', at, `${name} is declared twice`));
    seen.add(name);
    if (max < Math.max(min, 1)) {
      findings.push(finding('LCC.ROLE_BOUNDS', at, `${name} has min ${min} and max ${max}`));
    }
    const clause = program.clauses.get(name);
    if (clause === undefined) {
      findings.push(
        finding('LCC.ROLE_WITHOUT_CLAUSE', at, `${name} has no clause a(${name}, …) ::`),
      );
    } else if (role.params.length > 0 && role.params.length !== clause.params.length) {
      const counts = `${role.params.length} parameters, its clause ${clause.params.length}`;
      findings.push(finding('LCC.ROLE_ARITY', at, `${name} is declared with ${counts}`));
    }
  }
  const [first] = program.model.roles;
  if (first && !program.model.roles.some((role) => role.kind === 'initial')) {
    findings.push(finding('LCC.INITIAL_ROLE_MISSING', first.at, 'no role is initial'));
  }
  return findings;
}

function checkClauses(program: Program): readonly Finding[] {
  return program.model.clauses.flatMap((clause) => {
    const first = program.clauses.get(clause.role);
    const findings: Finding[] = [];
    if (first !== undefined && first !== clause) {
      const message = `${clause.role} has a clause already, on line ${first.at.line}`;
      findings.push(finding('LCC.CLAUSE_DUPLICATE', clause.at, message));
    }
    if (!program.declared.has(clause.role)) {
      const message = `${clause.role} is not declared: r(${clause.role}, auxiliary)`;
      findings.push(finding('LCC.ROLE_UNDECLARED', clause.at, message));
    }
    return findings;
  });
}

function checkUses(program: Program): readonly Finding[] {
  return program.steps.flatMap(({ clause, def }) => {
    if (def.op === 'null') return [];
    const findings = checkUse(program, def.target);
    const { id } = def.target;
    if (def.op !== 'role' || id.kind === 'anonymous') return findings;
    if (id.kind === 'variable' && id.name === clause.me) return findings;
    const message = `the agent is called ${clause.me} here; it cannot change the role of another`;
    return [...findings, finding('LCC.ROLE_OF_ANOTHER', id.at, message)];
  });
}

function checkUse(program: Program, target: AgentRef): readonly Finding[] {
  const { role, args, at } = target;
  const clause = program.clauses.get(role);
  if (clause === undefined && !program.declared.has(role)) {
    return [finding('LCC.ROLE_UNDECLARED', at, `${role} is neither declared nor has it a clause`)];
  }
  return clause === undefined || !wrongArity(target, clause.params.length)
    ? []
    : [
        finding(
          'LCC.ROLE_ARITY',
          at,
          `${role} has ${clause.params.length} parameters on line ${clause.at.line}, here ${args.length}`,
        ),
      ];
}

/** Messages may name a role without its arguments. */
function wrongArity(target: AgentRef, params: number): boolean {
  return target.args.length !== params && target.args.length > 0;
}

function checkReachable(program: Program): readonly Finding[] {
  const played = new Set(startRoles(program).flatMap((role) => [...playable(program, role)]));
  return [...program.clauses.values()]
    .filter((clause) => program.declared.has(clause.role) && !played.has(clause.role))
    .map((clause) =>
      finding(
        'LCC.ROLE_UNREACHABLE',
        clause.at,
        `no agent begins as ${clause.role}, and none that does changes to it`,
      ),
    );
}

/**
 * A server may loop for ever; but what follows a role change waits for that role's end. And a loop
 * in which nothing is ever waited for does not serve, it spins.
 */
function checkFinish(program: Program): readonly Finding[] {
  const finishing = finishingRoles(program);
  const findings: Finding[] = [];
  for (const [role, clause] of program.clauses) {
    if (finishing.has(role)) continue;
    const call = program.changes.find(({ def, tail }) => !tail && def.target.role === role);
    if (call !== undefined) {
      const { line, column } = call.def.at;
      const message = `${role} cannot finish, so what follows its call at ${line}:${column} is never reached`;
      findings.push(finding('LCC.ROLE_CANNOT_FINISH', clause.at, message));
    } else if (!everWaits(program, role)) {
      const message = `${role} cannot finish and never waits: it repeats itself without a pause`;
      findings.push(finding('LCC.ROLE_CANNOT_FINISH', clause.at, message));
    }
  }
  return findings;
}

/** Roles with a way to their end: the least set that its own members suffice for. */
function finishingRoles(program: Program): ReadonlySet<string> {
  const finishing = new Set<string>();
  const finishes = (body: Body): boolean => {
    if (isJoin(body)) {
      const left = finishes(body.left);
      return body.op === 'or' ? left || finishes(body.right) : left && finishes(body.right);
    }
    if (body.op !== 'role') return true;
    return finishing.has(body.target.role) || !program.clauses.has(body.target.role);
  };
  const callers = callersOf(program);
  const open = [...program.clauses.values()];
  for (let clause = open.pop(); clause !== undefined; clause = open.pop()) {
    if (finishing.has(clause.role) || !finishes(clause.body)) continue;
    finishing.add(clause.role);
    open.push(...(callers.get(clause.role) ?? []));
  }
  return finishing;
}

/** By role, the clauses that change to it. */
export function callersOf(program: Program): ReadonlyMap<string, ReadonlySet<Clause>> {
  const callers = new Map<string, Set<Clause>>();
  for (const { clause, def } of program.changes) {
    const known = callers.get(def.target.role) ?? new Set();
    callers.set(def.target.role, known.add(clause));
  }
  return callers;
}

function everWaits(program: Program, role: string): boolean {
  const roles = playable(program, role);
  return program.steps.some(
    ({ clause, def }) =>
      roles.has(clause.role) && (def.op === 'receive' || waits(program, def.guard)),
  );
}
