import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type {
  AgentRef,
  Body,
  Constraint,
  Join,
  NullDef,
  ReceiveDef,
  RoleDef,
  SendDef,
} from './ast.ts';
import { GuardCompiler, reads } from './compile-guard.ts';
import type { ConstraintTable } from './constraint.ts';
import { compileTerm, type Pattern, type Slots } from './pattern.ts';
import {
  type Alternative,
  type Choice,
  type ClauseCode,
  type Place,
  type ReceiveCode,
  type RoleChangeCode,
  type SendCode,
  signature,
} from './program.ts';

export type CommitRule = 'rewrite' | 'message';

export interface Scope {
  readonly table: ConstraintTable;
  readonly commit: CommitRule;
  readonly heads: ReadonlyMap<string, readonly ClauseCode[]>;
}

type Def = NullDef | RoleDef | SendDef | ReceiveDef;

/** An alternative before its guards are compiled. */
interface Draft {
  readonly def: Def;
  /** Guards of `null`s that it would undo. */
  readonly before: readonly Constraint[];
  readonly next: Place;
  readonly opens: readonly Place[];
}

/** Turns one clause's body into places; the numbers they get depend on the syntax tree alone. */
export class ClauseCompiler {
  readonly places: Place[] = [];
  readonly slots: Slots;
  private readonly scope: Scope;
  private readonly drafts = new Map<Place, readonly Draft[]>();

  constructor(scope: Scope, slots: Slots) {
    this.scope = scope;
    this.slots = slots;
  }

  body(body: Body): Place {
    return this.place(body, this.add({ op: 'end', index: this.places.length }));
  }

  private place(body: Body, next: Place): Place {
    if (body.op === 'then') return this.place(body.left, this.place(body.right, next));
    if (body.op !== 'par') return this.choice(this.firsts(body, next), next);
    const join = this.join(next);
    const left = this.place(body.left, join);
    const right = this.place(body.right, join);
    return this.add({ op: 'fork', index: this.places.length, left, right });
  }

  /** What can be done first in a body, in the order of trying. */
  private firsts(body: Body, next: Place): readonly Draft[] {
    switch (body.op) {
      case 'then':
        return this.firsts(body.left, this.place(body.right, next));
      case 'or':
        return [...this.firsts(body.left, next), ...this.firsts(body.right, next)];
      case 'par':
        return this.firstsOfPar(body, next);
      case 'null':
      case 'role':
      case 'send':
      case 'receive':
        return [{ def: body, before: [], next, opens: [] }];
    }
  }

  /** Either side may move first; the other is then begun from its start. */
  private firstsOfPar(body: Join, next: Place): readonly Draft[] {
    const join = this.join(next);
    const side = (moved: Body, other: Body): readonly Draft[] => {
      const begun = this.place(other, join);
      return this.firsts(moved, join).map((draft) => ({
        ...draft,
        opens: [begun, ...draft.opens],
      }));
    };
    return [...side(body.left, body.right), ...side(body.right, body.left)];
  }

  private join(next: Place): Place {
    return this.add({ op: 'join', index: this.places.length, next });
  }

  private choice(found: readonly Draft[], next: Place): Choice {
    const undoable = this.scope.commit === 'message' && found.length > 1;
    const drafts = undoable ? found.flatMap((draft) => this.beyondNulls(draft, next)) : found;
    if (drafts.length > limits.choiceAlternatives) throw tooMany(drafts);
    const guards = new GuardCompiler(this.slots, this.scope.table);
    const alternatives = drafts.map((draft, index) => this.alternative(draft, index, guards));
    const choice: Choice = {
      op: 'choice',
      index: this.places.length,
      alternatives,
      receives: alternatives.filter((alternative) => alternative.kind === 'receive'),
      timers: guards.timers,
    };
    this.drafts.set(choice, drafts);
    this.add(choice);
    return choice;
  }

  /** Where only a message commits, a `null` becomes a condition of what may follow it. */
  private beyondNulls(draft: Draft, end: Place): readonly Draft[] {
    const follow = this.drafts.get(draft.next);
    const { def } = draft;
    if (def.op !== 'null' || draft.next === end || draft.opens.length > 0 || !follow)
      return [draft];
    const before = [...draft.before, ...(def.guard ? [def.guard] : [])];
    const through = follow.map((next) => ({ ...next, before: [...before, ...next.before] }));
    if (through.length > limits.choiceAlternatives) throw tooMany(through);
    return through.flatMap((next) => this.beyondNulls(next, end));
  }

  private alternative(draft: Draft, index: number, guards: GuardCompiler): Alternative {
    const { def, before, next, opens } = draft;
    const own = def.guard === undefined ? [] : [def.guard];
    const common = { index, next, opens, at: def.at };
    switch (def.op) {
      case 'null':
        return { kind: 'null', ...common, guard: guards.compile([...before, ...own]) };
      case 'role':
        return this.roleChange(def, { ...common, guard: guards.compile([...before, ...own]) });
      case 'send':
        return this.send(def, { ...common, guard: guards.compile([...before, ...own]) }, guards);
      case 'receive':
        return this.receive(def, {
          ...common,
          before: guards.compile(before),
          guard: guards.compile(own),
        });
    }
  }

  private roleChange(
    { target }: RoleDef,
    common: Omit<RoleChangeCode, 'kind' | 'clauses' | 'args' | 'id' | 'tail'>,
  ): RoleChangeCode {
    const clauses = this.scope.heads.get(signature(target.role, target.args.length));
    if (clauses === undefined) throw unknownRole(target);
    return {
      kind: 'role',
      ...common,
      clauses,
      args: this.terms(target.args),
      id: compileTerm(target.id, this.slots),
      tail: common.next.op === 'end' && common.opens.length === 0,
    };
  }

  private send(
    { message, target }: SendDef,
    common: Omit<SendCode, 'kind' | 'name' | 'args' | 'to' | 'id' | 'question' | 'recipientFirst'>,
    guards: GuardCompiler,
  ): SendCode {
    const id = compileTerm(target.id, this.slots);
    return {
      kind: 'send',
      ...common,
      name: message.name,
      args: this.terms(message.args),
      to: target.role,
      id,
      question: guards.nextQuestion(),
      recipientFirst: id.op === 'slot' && reads(common.guard, id.slot),
    };
  }

  private receive(
    { message, target }: ReceiveDef,
    common: Omit<ReceiveCode, 'kind' | 'name' | 'args' | 'from' | 'id'>,
  ): ReceiveCode {
    return {
      kind: 'receive',
      ...common,
      name: message.name,
      args: this.terms(message.args),
      from: target.role,
      id: compileTerm(target.id, this.slots),
    };
  }

  private terms(nodes: AgentRef['args']): readonly Pattern[] {
    return nodes.map((node) => compileTerm(node, this.slots));
  }

  private add(place: Place): Place {
    this.places.push(place);
    return place;
  }
}

function unknownRole(target: AgentRef): Error {
  const { line, column } = target.at;
  const role = signature(target.role, target.args.length);
  return failure('LCC.ROLE_UNKNOWN', `${line}:${column}: no clause for the role ${role}`, {
    facts: { line, column, role },
  });
}

function tooMany(drafts: readonly Draft[]): Error {
  const { line = 1, column = 1 } = drafts[0]?.def.at ?? {};
  return failure(
    'LCC.TOO_MANY_ALTERNATIVES',
    `${line}:${column}: a choice of more than ${limits.choiceAlternatives} ways to go on`,
    { facts: { line, column, limit: limits.choiceAlternatives } },
  );
}
