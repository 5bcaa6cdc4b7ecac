import type { Body, Clause, ReceiveDef } from '../ast.ts';
import {
  type Def,
  isJoin,
  type Program,
  signature,
  variablesOfDef,
  variablesOfTerms,
  waits,
} from './program.ts';
import { type Finding, finding } from './report.ts';

export interface Waits {
  readonly findings: readonly Finding[];
  /** Receives at which a server rests between two requests; resting there is no deadlock. */
  readonly idle: ReadonlySet<ReceiveDef>;
}

/**
 * Every wait for a message has an alternative that time or the world takes: one whose guard asks a
 * constraint of kind `wait`. Exempt is a server's idle wait: the first receive of a role that is
 * open to any sender, and after which the role calls itself in tail position.
 */
export function checkWaits(program: Program): Waits {
  const findings: Finding[] = [];
  const idle = new Set<ReceiveDef>();
  for (const clause of program.clauses.values()) {
    for (const place of placesOf(clause)) {
      const receives = place.choices.filter(isReceive).map((choice) => choice.def);
      const [first] = receives;
      if (first === undefined) continue;
      if (isIdle(clause, place)) for (const receive of receives) idle.add(receive);
      else if (!isRelieved(program, place)) findings.push(endless(clause, receives, first));
    }
  }
  return { findings, idle };
}

/** A place where an agent stands: what it can do next, and what it has done. */
interface Place {
  readonly choices: readonly Choice[];
  /** Variables that earlier steps may have bound. */
  readonly known: ReadonlySet<string>;
  readonly received: boolean;
}

interface Choice<Kind extends Def = Def> {
  readonly def: Kind;
  /** What follows in the clause, next first. */
  readonly after: readonly Body[];
}

function isReceive(choice: Choice): choice is Choice<ReceiveDef> {
  return choice.def.op === 'receive';
}

function placesOf(clause: Clause): readonly Place[] {
  const places: Place[] = [];
  const stand = (body: Body, after: readonly Body[], past: Omit<Place, 'choices'>): void => {
    places.push({ choices: choicesOf(body, after), ...past });
    walk(body, after, past);
  };
  const walk = (body: Body, after: readonly Body[], past: Omit<Place, 'choices'>): void => {
    if (body.op === 'then') {
      walk(body.left, [body.right, ...after], past);
      stand(body.right, after, pass(body.left, past));
    } else if (isJoin(body)) {
      const next = body.op === 'par' ? stand : walk;
      next(body.left, after, past);
      next(body.right, after, past);
    }
  };
  const known = variablesOfTerms(clause.params).map((variable) => variable.name);
  stand(clause.body, [], { known: new Set([clause.me, ...known]), received: false });
  return places;
}

/** The sides of a `par` are places of their own: neither relieves the other. */
function choicesOf(body: Body, after: readonly Body[]): readonly Choice[] {
  if (!isJoin(body)) return [{ def: body, after }];
  if (body.op === 'then') return choicesOf(body.left, [body.right, ...after]);
  if (body.op === 'par') return [];
  return [...choicesOf(body.left, after), ...choicesOf(body.right, after)];
}

function pass(body: Body, past: Omit<Place, 'choices'>): Omit<Place, 'choices'> {
  const defs = defsOf(body);
  const names = defs.flatMap(variablesOfDef).map((variable) => variable.name);
  return {
    known: new Set([...past.known, ...names]),
    received: past.received || defs.some((def) => def.op === 'receive'),
  };
}

function defsOf(body: Body): readonly Def[] {
  if (!isJoin(body)) return [body];
  return [...defsOf(body.left), ...defsOf(body.right)];
}

/** Something else than a message can end the wait; what needs no answer at all is no wait. */
function isRelieved(program: Program, place: Place): boolean {
  return place.choices.some(
    ({ def }) => def.op !== 'receive' && (def.guard === undefined || waits(program, def.guard)),
  );
}

function isIdle(clause: Clause, place: Place): boolean {
  if (place.received) return false;
  return place.choices.filter(isReceive).some(({ def, after }) => {
    const { id } = def.target;
    const open = id.kind === 'anonymous' || (id.kind === 'variable' && !place.known.has(id.name));
    return open && endsInCallOf(clause.role, after);
  });
}

function endsInCallOf(role: string, after: readonly Body[]): boolean {
  const last = after.at(-1);
  return (
    last !== undefined && tails(last).some((def) => def.op === 'role' && def.target.role === role)
  );
}

function tails(body: Body): readonly Def[] {
  if (!isJoin(body)) return [body];
  if (body.op === 'then') return tails(body.right);
  if (body.op === 'par') return [];
  return [...tails(body.left), ...tails(body.right)];
}

function endless(clause: Clause, receives: readonly ReceiveDef[], first: ReceiveDef): Finding {
  const awaited = receives.map((receive) => signature(receive.message)).join(', ');
  return finding(
    'LCC.WAIT_WITHOUT_TIMEOUT',
    first.at,
    `${clause.role} waits for ${awaited} without an end; add "or null <- timeout(Ms)"`,
  );
}
