import { type CompileOptions, compile } from '../../../src/lcc/compile.ts';
import { type Answer, type ConstraintSpec, constraintTable } from '../../../src/lcc/constraint.ts';
import { type AgentStart, type Outcome, startAgent, step } from '../../../src/lcc/engine.ts';
import { parseModel } from '../../../src/lcc/parser.ts';
import type { Program } from '../../../src/lcc/program.ts';
import type { AgentState } from '../../../src/lcc/state.ts';
import type { Effect, Event } from '../../../src/lcc/step.ts';
import { listItems, type Term } from '../../../src/lcc/term.ts';

/** `compute even(+)`, `act move(+, -)`, `wait user(-)`: constraints that are asked. */
export function asked(...lines: readonly string[]): readonly ConstraintSpec[] {
  return lines.map((line) => {
    const [, kind, name, modes] = /^(compute|act|wait) (\w+)\((.*)\)$/.exec(line) ?? [];
    if (kind !== 'compute' && kind !== 'act' && kind !== 'wait') throw new Error(line);
    const marks = [...(modes ?? '')].flatMap((mark) => (mark === '+' || mark === '-' ? mark : []));
    return { name: name ?? '', kind, modes: marks, summary: '' };
  });
}

/** A constraint that is answered inside the step. */
export function computed(
  head: string,
  compute: (inputs: readonly Term[]) => readonly Term[] | undefined,
): ConstraintSpec {
  const [spec] = asked(`compute ${head}`);
  if (spec === undefined) throw new Error(head);
  return { ...spec, compute };
}

export function program(
  text: string,
  specs: readonly ConstraintSpec[] = [],
  options: CompileOptions = {},
): Program {
  return compile(parseModel(text), constraintTable(specs), options);
}

/** One agent, driven by hand. What it does is told as lines: see {@link line}. */
export class Actor {
  state: AgentState;
  nowMs = 0;
  /** What the last event led to. */
  did: readonly string[];

  constructor(of: Program, start: Partial<AgentStart> = {}) {
    const role = of.clauses[0]?.role.name ?? '';
    const outcome = startAgent(of, { id: 'me', role, ...start }, this.nowMs);
    this.state = outcome.state;
    this.did = told(outcome);
  }

  /** `name(args) from role:id`, to the role that the agent is in last; or `to role`. */
  hears(text: string, ...args: readonly Term[]): readonly string[] {
    const [, name, role, id, to] = /^(\w+) from (\w+):(\w+)(?: to (\w+))?$/.exec(text) ?? [];
    if (name === undefined || role === undefined || id === undefined) throw new Error(text);
    const mine = to ?? this.state.threads[0]?.frame.clause.role.name ?? '';
    return this.takes({
      kind: 'message',
      message: { from: { role, id }, to: { role: mine, id: this.state.id }, name, args },
    });
  }

  yes(ask: number, ...outputs: readonly Term[]): readonly string[] {
    return this.answered(ask, { yes: outputs });
  }

  no(ask: number): readonly string[] {
    return this.answered(ask, { no: true });
  }

  peers(ask: number, ...ids: readonly string[]): readonly string[] {
    return this.takes({ kind: 'peers', ask, ids });
  }

  at(nowMs: number): readonly string[] {
    this.nowMs = nowMs;
    return this.takes({ kind: 'time' });
  }

  takes(event: Event): readonly string[] {
    const outcome = step(this.state, event, this.nowMs);
    this.state = outcome.state;
    this.did = told(outcome);
    return this.did;
  }

  private answered(ask: number, answer: Answer): readonly string[] {
    return this.takes({ kind: 'answer', ask, answer });
  }
}

/** What an outcome's effects say, without changes of role. */
function told(outcome: Outcome): readonly string[] {
  return outcome.effects.filter((effect) => effect.kind !== 'role').map(line);
}

export function line(effect: Effect): string {
  switch (effect.kind) {
    case 'send': {
      const { name, args, from, to } = effect.message;
      return `${from.role} ${name}(${args.map(show).join(', ')}) -> ${to.role}:${to.id}`;
    }
    case 'ask':
      return `ask ${effect.ask} ${effect.name}(${effect.args.map(show).join(', ')})`;
    case 'peer':
    case 'peers':
      return `${effect.kind} ${effect.ask} ${effect.role}`;
    case 'drop':
      return `drop ${effect.ask}`;
    case 'wake':
      return `wake ${effect.atMs}`;
    case 'not-understood':
      return `not understood ${effect.message.name}`;
    case 'role':
      return `${effect.playing ? 'plays' : 'leaves'} ${effect.role}`;
    case 'done':
      return 'done';
  }
}

export function show(term: Term): string {
  if (typeof term !== 'object') return String(term);
  if (term.kind === 'data') return JSON.stringify(term.value);
  if (term.kind === 'struct') {
    return term.args.length === 0 ? term.name : `${term.name}(${term.args.map(show).join(', ')})`;
  }
  const items = listItems(term);
  return items === undefined ? '[…|…]' : `[${items.map(show).join(', ')}]`;
}
