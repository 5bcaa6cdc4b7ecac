/**
 * An agent's state as JSON text, for the store. It holds positions in the program, never the
 * program; what the clauses bound; the queue; and what is asked. Its size does not depend on how
 * long the agent has run. What decodeState makes of it behaves like the state in every step.
 */
import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { Bindings } from './bindings.ts';
import { Renaming } from './collect.ts';
import type { Answer } from './constraint.ts';
import type { AgentState, Frame, Mail, Question, Thread } from './state.ts';
import type { Address } from './step.ts';
import { encodeTerm, encodeTerms } from './term-json.ts';
import { isTerm, type OpenTerm, type Value } from './value.ts';

/** Changes when states are written differently. */
export const STATE_VERSION = 1;

/**
 * Throws LCC.STATE_TOO_LARGE beyond `limits.agentStateBytes`, and LCC.TERM_MALFORMED when a
 * constraint answered with what is no term.
 */
export function encodeState(state: AgentState): string {
  const bindings = new Bindings();
  bindings.variables = [...state.variables];
  const renaming = new Renaming(bindings);
  const frames = new Frames(renaming);
  const threads = state.threads.map((thread) => encodeThread(thread, frames));
  const text = `{${[
    `"v":${STATE_VERSION}`,
    `"program":${JSON.stringify(state.program.fingerprint)}`,
    `"id":${JSON.stringify(state.id)}`,
    `"done":${state.done}`,
    `"frames":[${frames.texts.join(',')}]`,
    `"threads":[${threads.join(',')}]`,
    `"variables":${renaming.names.length}`,
    `"half":${JSON.stringify(state.halfJoined)}`,
    `"inbox":[${state.inbox.map(encodeMail).join(',')}]`,
    `"playing":${JSON.stringify(state.playing)}`,
    `"next":${JSON.stringify([state.nextAsk, state.nextMail, state.nextPar])}`,
    `"wake":${Number.isFinite(state.wakeAtMs) ? state.wakeAtMs : null}`,
  ].join(',')}}`;
  const bytes = Buffer.byteLength(text);
  if (bytes <= limits.agentStateBytes) return text;
  throw failure('LCC.STATE_TOO_LARGE', `the state of ${state.id} has ${bytes} bytes`, {
    facts: { agent: state.id, bytes, limit: limits.agentStateBytes, queued: state.inbox.length },
  });
}

/** Numbers frames, callers before those they called; each is written once. */
class Frames {
  readonly texts: string[] = [];
  private readonly numbers = new Map<Frame, number>();
  private readonly renaming: Renaming;

  constructor(renaming: Renaming) {
    this.renaming = renaming;
  }

  numberOf(frame: Frame): number {
    const chain: Frame[] = [];
    for (let at: Frame | undefined = this.renaming.frame(frame, 0); at; at = at.caller) {
      if (this.numbers.has(at)) break;
      chain.push(at);
    }
    for (const each of chain.toReversed()) {
      this.numbers.set(each, this.texts.push(this.encode(each)) - 1);
    }
    return this.numbers.get(this.renaming.frame(frame, 0)) ?? -1;
  }

  private encode({ clause, slots, caller, back, par }: Frame): string {
    const pars: number[] = [];
    for (let at = par; at !== undefined; at = at.outer) pars.push(at.id);
    const values = slots.map((value) => (value === undefined ? 'null' : encodeValue(value)));
    const ret = caller === undefined ? [] : [this.numbers.get(caller), back.index];
    return `[${clause.index},[${values.join(',')}],${JSON.stringify(ret)},${JSON.stringify(pars)}]`;
  }
}

function encodeThread(thread: Thread, frames: Frames): string {
  const { at, blockedAt, deadlines, questions } = thread;
  const due = JSON.stringify(deadlines);
  const open = questions.map(encodeQuestion).join(',');
  return `[${frames.numberOf(thread.frame)},${at.index},${blockedAt},${due},[${open}]]`;
}

function encodeQuestion(question: Question): string {
  const { ask, about, number, alternative, mail, reply } = question;
  const head = JSON.stringify([ask, about, number, alternative, mail]).slice(0, -1);
  return `${head},${reply === undefined ? 'null' : encodeReply(reply)}]`;
}

function encodeReply(reply: Answer | { readonly ids: readonly string[] }): string {
  if ('ids' in reply) return JSON.stringify(reply);
  return 'yes' in reply ? `{"yes":${encodeTerms(reply.yes)}}` : '{"no":true}';
}

function encodeMail({ number, message }: Mail): string {
  const { from, to, name, args } = message;
  const head = [number, ...address(from), ...address(to), name];
  return `${JSON.stringify(head).slice(0, -1)},${encodeTerms(args)}]`;
}

function address({ role, id }: Address): readonly string[] {
  return [role, id];
}

/** A variable `{"v":id}`; with variables inside `{"p":[name,[…]]}` or `{"p":[[items],tail]}`. */
function encodeValue(value: Value): string {
  if (isTerm(value)) return encodeTerm(value);
  if (value.kind === 'variable') return `{"v":${value.id}}`;
  if (value.name === undefined) return encodeList(value);
  return `{"p":[${JSON.stringify(value.name)},[${value.args.map(encodeValue).join(',')}]]}`;
}

function encodeList(list: OpenTerm): string {
  const items: string[] = [];
  let rest: Value = list;
  while (typeof rest === 'object' && rest.kind === 'open' && rest.name === undefined) {
    const [head, tail]: readonly Value[] = rest.args;
    if (head === undefined || tail === undefined) break;
    items.push(encodeValue(head));
    rest = tail;
  }
  return `{"p":[[${items.join(',')}],${encodeValue(rest)}]}`;
}
