import type { Body, NullDef, ReceiveDef, RoleDef, SendDef } from '../../ast.ts';
import { type Def, isJoin, signature, waits } from '../program.ts';
import type { Agent } from './cast.ts';
import type { Choice, Progress, World } from './choice.ts';
import { type Deeds, join } from './deeds.ts';
import { ask, termValue } from './guards.ts';
import { matters } from './kinds.ts';
import type { Frame, Local, Rest } from './local.ts';
import type { Letter } from './post.ts';
import { deref, type Heap, resolve, unify, unknown, type Value } from './values.ts';

/** As the writer: nobody is left out of the players. */
const NOBODY = -1;

type Wrap = (inner: Rest | undefined) => Rest | undefined;

/** Where a step stands: how to put what follows it in its place, and in which role it is. */
interface Place {
  readonly wrap: Wrap;
  readonly role: string;
  readonly frame: Frame;
}

/** The ways on of one agent, in the order of the clause. */
export function choicesOf(world: World, agent: Agent, local: Local): readonly Choice[] {
  const walker = new Walker(world, agent, local);
  if (local.rest !== undefined) walker.walk(local.rest, (inner) => inner, agent.start);
  return walker.choices();
}

/** An agent before its first step. */
export function beginning(world: World, agent: Agent): Local {
  const clause = world.clauses.get(agent.start);
  if (clause === undefined) return { rest: undefined, heap: [], gaveUp: false };
  const heap: Heap = clause.kinds.map(() => undefined);
  const frame = { clause, cells: clause.kinds.map((_, slot) => slot) };
  bindSelf(frame, heap, agent);
  const begin: Rest = { op: 'begin', body: clause.clause.body, frame };
  return { rest: { op: 'play', role: agent.start, inner: begin }, heap, gaveUp: false };
}

function bindSelf(frame: Frame, heap: Heap, agent: Agent): void {
  const cell = frame.cells[frame.clause.slots.get(frame.clause.clause.me) ?? -1];
  if (cell !== undefined) heap[cell] = { kind: 'agent', agent: agent.index };
}

class Walker {
  readonly #world: World;
  readonly #agent: Agent;
  readonly #local: Local;
  readonly #choices: Choice[] = [];

  constructor(world: World, agent: Agent, local: Local) {
    this.#world = world;
    this.#agent = agent;
    this.#local = local;
  }

  /** A wait that time ends was given up; its answer may come all the same. */
  choices(): readonly Choice[] {
    if (!this.#choices.some((choice) => choice.kind === 'receive')) return this.#choices;
    return this.#choices.map((choice) => {
      if (choice.kind !== 'step' || !choice.slow) return choice;
      const results = choice.results.map((result) => ({
        ...result,
        local: { ...result.local, gaveUp: true },
      }));
      return { ...choice, results };
    });
  }

  /** Whether something here is certain, so that a choice to the right of it is never made. */
  walk(rest: Rest, wrap: Wrap, role: string): boolean {
    switch (rest.op) {
      case 'begin':
        return this.#begin(rest.body, { wrap, role, frame: rest.frame });
      case 'then': {
        const { right, frame } = rest;
        return this.walk(rest.left, (left) => wrap(sequence(left, right, frame)), role);
      }
      case 'par': {
        const left = this.walk(rest.left, (inner) => wrap(parallel(inner, rest.right)), role);
        const right = this.walk(rest.right, (inner) => wrap(parallel(rest.left, inner)), role);
        return left || right;
      }
      case 'play':
        return this.walk(rest.inner, (inner) => wrap(play(rest.role, inner)), rest.role);
    }
  }

  #begin(body: Body, place: Place): boolean {
    if (!isJoin(body)) return this.#def(body, place);
    const { wrap, frame } = place;
    const begin = (part: Body): Rest => ({ op: 'begin', body: part, frame });
    switch (body.op) {
      case 'then':
        return this.#begin(body.left, {
          ...place,
          wrap: (left) => wrap(sequence(left, body.right, frame)),
        });
      case 'or':
        return this.#begin(body.left, place) || this.#begin(body.right, place);
      case 'par':
        return this.walk(
          { op: 'par', left: begin(body.left), right: begin(body.right) },
          wrap,
          place.role,
        );
    }
  }

  #def(def: Def, place: Place): boolean {
    if (def.op === 'receive') return this.#receive(def, place);
    const slow = waits(this.#world.program, def.guard);
    const answers = ask(def.guard, [...this.#local.heap], { ...this.#world, frame: place.frame });
    const certain = !slow && !answers.no;
    if (def.op === 'send') {
      return answers.yes
        .map((heap) => this.#send(def, heap, { ...place, slow, certain }))
        .includes(true);
    }
    const results = answers.yes.flatMap((heap) =>
      def.op === 'null'
        ? [this.#progress(def, place.wrap(undefined), heap)]
        : this.#change(def, heap, place),
    );
    if (results.length === 0) return false;
    this.#choices.push({ kind: 'step', slow, certain, results });
    return certain;
  }

  #progress(def: NullDef | RoleDef | ReceiveDef, rest: Rest | undefined, heap: Heap): Progress {
    const silent = def.op === 'receive' || def.guard === undefined;
    return {
      local: { rest, heap, gaveUp: this.#local.gaveUp },
      sent: [],
      did: silent ? undefined : { agent: this.#agent.index, def },
    };
  }

  #change(def: RoleDef, before: Heap, place: Place): readonly Progress[] {
    const clause = this.#world.clauses.get(def.target.role);
    if (clause === undefined) return [this.#progress(def, place.wrap(undefined), before)];
    const heap = [...before];
    const frame = { clause, cells: clause.kinds.map(() => heap.push(undefined) - 1) };
    bindSelf(frame, heap, this.#agent);
    for (const [index, param] of clause.clause.params.entries()) {
      const arg = def.target.args[index];
      if (arg === undefined) continue;
      const value = termValue(arg, heap, place.frame);
      if (unify(termValue(param, heap, frame), value, heap) === 'no') return [];
    }
    const begin: Rest = { op: 'begin', body: clause.clause.body, frame };
    const rest = place.wrap({ op: 'play', role: def.target.role, inner: begin });
    return [this.#progress(def, rest, heap)];
  }

  #send(def: SendDef, heap: Heap, place: Place & { slow: boolean; certain: boolean }): boolean {
    const { cast } = this.#world;
    const { role, id } = def.target;
    const peer = deref(termValue(id, [...heap], place.frame), heap);
    const players = cast.players(role, this.#agent.index);
    const isConstant = id.kind === 'string' || id.kind === 'struct';
    const named = isConstant ? players[0] : cast.named(peer, role, this.#agent.index);
    const due = peer.kind === 'agent' || cast.players(role, NOBODY).length === 1;
    const send = (peers: readonly number[]): Progress[] =>
      id.kind === 'anonymous'
        ? [this.#sent({ def, heap, peers, due: true }, place)]
        : peers.map((to) => this.#sent({ def, heap, peers: [to], due }, place));
    const { slow } = place;
    if (named === undefined && !cast.alwaysPlayed(role)) {
      this.#choices.push({ kind: 'address', slow, def, send });
      return false;
    }
    const results = send(named === undefined ? players : [named]);
    this.#choices.push({ kind: 'step', slow, certain: place.certain, results });
    return place.certain;
  }

  #sent(
    mail: { def: SendDef; heap: Heap; peers: readonly number[]; due: boolean },
    place: Place,
  ): Progress {
    const { def, peers, due } = mail;
    const { role, id } = def.target;
    const { cast } = this.#world;
    const heap = [...mail.heap];
    const [only] = peers;
    const chosen = termValue(id, heap, place.frame);
    const open = deref(chosen, heap);
    if (id.kind === 'variable' && open.kind === 'ref' && only !== undefined) {
      unify(open, { kind: 'agent', agent: only }, heap);
    }
    const letters = peers.map((to) => ({
      from: this.#agent.index,
      fromRole: place.role,
      to,
      toRole: role,
      signature: signature(def.message),
      args: this.#carried(def, heap, place),
      // Who gave up waiting may cross with what he waited for.
      due: due && !this.#local.gaveUp && !cast.readsAllInTheEnd(to),
      def,
    }));
    const isHeard = this.#world.program.receives.some(
      (step) => step.clause.role === role && signature(step.def.message) === signature(def.message),
    );
    return {
      local: { rest: place.wrap(undefined), heap, gaveUp: this.#local.gaveUp },
      sent: isHeard ? letters.map((letter) => this.#world.post.number(letter)) : [],
      did: peers.reduce<Deeds>(
        (did, to) => join(did, { agent: this.#agent.index, def, to }),
        undefined,
      ),
    };
  }

  #carried(def: SendDef, heap: Heap, place: Place): readonly Value[] {
    return def.message.args.map((arg, index) => {
      const kind = this.#world.kinds.argument(def.target.role, def.message, index);
      return matters(kind)
        ? resolve(termValue(arg, heap, place.frame), heap, () => unknown)
        : unknown;
    });
  }

  #receive(def: ReceiveDef, place: Place): boolean {
    const { role, id } = def.target;
    const heap = [...this.#local.heap];
    const peer = deref(termValue(id, heap, place.frame), heap);
    const self = this.#agent.index;
    const isConstant = id.kind === 'string' || id.kind === 'struct';
    const from = isConstant
      ? this.#world.cast.players(role, self)[0]
      : this.#world.cast.named(peer, role, self);
    const take = (letter: Letter): readonly Progress[] => {
      const after = [...this.#local.heap];
      const sender: Value = { kind: 'agent', agent: letter.from };
      const open = deref(termValue(id, after, place.frame), after);
      if (open.kind === 'ref') unify(open, sender, after);
      for (const [index, arg] of def.message.args.entries()) {
        const value = letter.args[index] ?? unknown;
        if (unify(termValue(arg, after, place.frame), value, after) === 'no') return [];
      }
      const answers = ask(def.guard, after, { ...this.#world, frame: place.frame });
      return answers.yes.map((yes) => this.#progress(def, place.wrap(undefined), yes));
    };
    this.#choices.push({ kind: 'receive', def, role: place.role, from, take });
    return false;
  }
}

function sequence(left: Rest | undefined, right: Body, frame: Frame): Rest {
  return left === undefined
    ? { op: 'begin', body: right, frame }
    : { op: 'then', left, right, frame };
}

function parallel(left: Rest | undefined, right: Rest | undefined): Rest | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return { op: 'par', left, right };
}

/** A role change in tail position leaves the role that it was made in. */
function play(role: string, inner: Rest | undefined): Rest | undefined {
  return inner === undefined || inner.op === 'play' ? inner : { op: 'play', role, inner };
}
