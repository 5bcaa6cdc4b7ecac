import { idOf } from './guards.ts';
import type { Alternative, Guard, ReceiveCode, SendCode } from './program.ts';
import type { AgentState, Thread } from './state.ts';
import { isTerm } from './value.ts';

/** What an agent could go on with: one of these, whichever comes first. */
export type Wait =
  | {
      readonly kind: 'message';
      /** The role the agent plays when it takes the message. */
      readonly role: string;
      readonly name: string;
      readonly arity: number;
      readonly fromRole: string;
      /** Absent when anyone may send it. */
      readonly from?: string;
    }
  /** Asked and not answered. */
  | { readonly kind: 'constraint'; readonly role: string; readonly name: string }
  /** Nobody plays the role it would send to, or the directory has not answered. */
  | { readonly kind: 'peer'; readonly role: string; readonly toRole: string }
  /** The earliest time that something waits for. */
  | { readonly kind: 'time'; readonly atMs: number };

/** The roles the agent plays now, each once: sub-roles included, and the roles they return to. */
export function playing(state: AgentState): readonly string[] {
  const roles = [...state.program.roles.values()];
  return roles.filter((role) => (state.playing[role.index] ?? 0) > 0).map((role) => role.name);
}

/** For status displays: all that the agent waits for, in the order of its alternatives. */
export function waitingFor(state: AgentState): readonly Wait[] {
  const { wakeAtMs } = state;
  return [
    ...state.threads.flatMap((thread) =>
      thread.at.alternatives.flatMap((alternative) => waitOf(state, thread, alternative)),
    ),
    ...(Number.isFinite(wakeAtMs) ? [{ kind: 'time', atMs: wakeAtMs } as const] : []),
  ];
}

function waitOf(state: AgentState, thread: Thread, alternative: Alternative): readonly Wait[] {
  const role = thread.frame.clause.role.name;
  const open = thread.questions.filter((each) => each.alternative === alternative.index);
  const unanswered = open.filter((each) => each.reply === undefined);
  const asked = unanswered.flatMap((question): readonly Wait[] => {
    if (question.about !== 'constraint') return [];
    const name = nameOf(alternative.guard, question.number);
    return name === undefined ? [] : [{ kind: 'constraint', role, name }];
  });
  if (alternative.kind === 'receive') return [messageWait(state, thread, alternative), ...asked];
  const choosing = open.some((each) => each.about === 'recipient');
  if (alternative.kind === 'send' && choosing) return [...asked, peerWait(role, alternative)];
  return asked;
}

function messageWait(state: AgentState, thread: Thread, code: ReceiveCode): Wait {
  const held = code.id.op === 'slot' ? thread.frame.slots[code.id.slot] : code.id.value;
  const known =
    typeof held === 'object' && held.kind === 'variable' ? state.variables[held.id] : held;
  const from =
    code.id.op === 'any' || known === undefined || !isTerm(known) ? undefined : idOf(known);
  return {
    kind: 'message',
    role: thread.frame.clause.role.name,
    name: code.name,
    arity: code.args.length,
    fromRole: code.from,
    ...(from === undefined ? {} : { from }),
  };
}

function peerWait(role: string, { to }: SendCode): Wait {
  return { kind: 'peer', role, toRole: to };
}

function nameOf(guard: Guard | undefined, question: number): string | undefined {
  switch (guard?.op) {
    case 'all':
    case 'any':
      return guard.parts.map((part) => nameOf(part, question)).find((name) => name !== undefined);
    case 'not':
      return nameOf(guard.inner, question);
    case 'call':
      return guard.question === question ? guard.spec.name : undefined;
    case 'peers':
    case 'deadline':
    case 'timer':
    case 'compare':
    case undefined:
      return undefined;
  }
}
