import { failure, isFailure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { Answer } from './constraint.ts';
import type { Choice, ClauseCode, Place, Program } from './program.ts';
import type { AgentState, Frame, Ids, InPar, Mail, Question, Thread } from './state.ts';
import { STATE_VERSION } from './state-encode.ts';
import type { Term } from './term.ts';
import { termOfJson } from './term-json.ts';
import { consOf, structOf, type Value } from './value.ts';

/**
 * A state as `encodeState` wrote it. Throws LCC.STATE_MALFORMED for every other text, and for the
 * state of another program.
 */
export function decodeState(program: Program, text: string): AgentState {
  try {
    if (Buffer.byteLength(text) > limits.agentStateBytes) throw malformed('it is too large');
    return new Decoder(program).state(JSON.parse(text));
  } catch (thrown) {
    if (isFailure(thrown) && thrown.code === 'LCC.STATE_MALFORMED') throw thrown;
    if (thrown instanceof SyntaxError) throw malformed('it is not JSON', thrown);
    if (isFailure(thrown)) throw malformed(thrown.message, thrown);
    throw thrown;
  }
}

class Decoder {
  private readonly program: Program;
  private readonly frames: Frame[] = [];
  private variables = 0;

  constructor(program: Program) {
    this.program = program;
  }

  state(json: unknown): AgentState {
    const fields = record(json);
    if (fields['v'] !== STATE_VERSION) throw malformed(`its version is not ${STATE_VERSION}`);
    if (fields['program'] !== this.program.fingerprint) {
      throw malformed('it belongs to another model');
    }
    this.variables = count(fields['variables']);
    const id = string(fields['id']);
    for (const frame of array(fields['frames'])) this.frames.push(this.frame(frame));
    const threads = array(fields['threads']).map((thread) => this.thread(thread));
    const playing = array(fields['playing']).map(count);
    if (playing.length !== this.program.roles.size) throw malformed('the roles do not fit');
    const [nextAsk = 0, nextMail = 0, nextPar = 0] = array(fields['next']).map(count);
    return {
      program: this.program,
      id,
      done: fields['done'] === true,
      threads,
      halfJoined: array(fields['half']).map(count),
      inbox: array(fields['inbox']).map(mail),
      variables: Array.from({ length: this.variables }, () => undefined),
      playing,
      nextAsk,
      nextMail,
      nextPar,
      wakeAtMs: fields['wake'] === null ? Number.POSITIVE_INFINITY : number(fields['wake']),
    };
  }

  private frame(json: unknown): Frame {
    const [clauseIndex, slots, ret, pars] = tuple(json, 4);
    const clause = at(this.program.clauses, clauseIndex);
    const values = array(slots).map((value) => (value === null ? undefined : this.value(value)));
    if (values.length !== clause.variables.length) throw malformed('the variables do not fit');
    const par = array(pars)
      .map(count)
      .reduceRight<InPar | undefined>((outer, id) => ({ id, outer }), undefined);
    const caller = array(ret).length === 0 ? undefined : at(this.frames, tuple(ret, 2)[0]);
    const back = caller === undefined ? clause.entry : placeIn(caller.clause, tuple(ret, 2)[1]);
    const depth = (caller?.depth ?? 0) + 1;
    return { clause, slots: values, caller, back, par, depth, epoch: 0 };
  }

  private thread(json: unknown): Thread {
    const [frameIndex, place, block, due, questions] = tuple(json, 5);
    const frame = at(this.frames, frameIndex);
    const choice = placeIn(frame.clause, place);
    if (choice.op !== 'choice') throw malformed('an agent rests where it cannot');
    const blockedAt = count(block);
    const deadlines = array(due).map((atMs) => (atMs === null ? Number.NaN : number(atMs)));
    const fits =
      blockedAt <= choice.alternatives.length &&
      (deadlines.length === 0 || deadlines.length === choice.timers.length);
    if (!fits) throw malformed('the place does not fit');
    return {
      frame,
      at: choice,
      blockedAt,
      deadlines,
      questions: array(questions).map((each) => question(each, choice)),
      epoch: 0,
    };
  }

  private value(json: unknown): Value {
    if (typeof json !== 'object' || json === null) return termOfJson(json);
    if ('v' in json) return { kind: 'variable', id: below(this.variables, json.v) };
    if (!('p' in json)) return termOfJson(json);
    const [first, second] = tuple(json.p, 2);
    if (typeof first === 'string') {
      return structOf(
        first,
        array(second).map((arg) => this.value(arg)),
      );
    }
    return array(first)
      .map((item) => this.value(item))
      .reduceRight((tail, head) => consOf(head, tail), this.value(second));
  }
}

const subjects: ReadonlyMap<unknown, Question['about']> = new Map([
  ['constraint', 'constraint'],
  ['peers', 'peers'],
  ['recipient', 'recipient'],
]);

function question(json: unknown, choice: Choice): Question {
  const [ask, about, key, alternative, forMail, answered] = tuple(json, 6);
  const subject = subjects.get(about);
  if (subject === undefined) throw malformed('it asks about nothing known');
  return {
    ask: count(ask),
    about: subject,
    number: count(key),
    alternative: below(choice.alternatives.length, alternative),
    mail: count(forMail),
    reply: answered === null ? undefined : reply(answered),
  };
}

function reply(json: unknown): Answer | Ids {
  const fields = record(json);
  if (fields['ids'] !== undefined) return { ids: array(fields['ids']).map(string) };
  if (fields['yes'] !== undefined) return { yes: array(fields['yes']).map(term) };
  if (fields['no'] !== true) throw malformed('an answer is neither yes nor no');
  return { no: true };
}

function mail(json: unknown): Mail {
  const [key, fromRole, fromId, toRole, toId, name, args] = tuple(json, 7);
  return {
    number: count(key),
    message: {
      from: { role: string(fromRole), id: string(fromId) },
      to: { role: string(toRole), id: string(toId) },
      name: string(name),
      args: array(args).map(term),
    },
  };
}

function term(json: unknown): Term {
  return termOfJson(json);
}

function placeIn(clause: ClauseCode, index: unknown): Place {
  return at(clause.places, index);
}

function at<Item>(items: readonly Item[], index: unknown): Item {
  const item = items[below(items.length, index)];
  if (item === undefined) throw malformed('a number is out of range');
  return item;
}

function below(length: number, index: unknown): number {
  const value = count(index);
  if (value >= length) throw malformed('a number is out of range');
  return value;
}

function count(json: unknown): number {
  if (typeof json !== 'number' || !Number.isSafeInteger(json) || json < 0) {
    throw malformed('a count is wanted');
  }
  return json;
}

function number(json: unknown): number {
  if (typeof json !== 'number') throw malformed('a number is wanted');
  return json;
}

function string(json: unknown): string {
  if (typeof json !== 'string') throw malformed('a string is wanted');
  return json;
}

function array(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw malformed('an array is wanted');
  return json;
}

function tuple(json: unknown, length: number): readonly unknown[] {
  const items = array(json);
  if (items.length !== length) throw malformed(`${length} items are wanted`);
  return items;
}

function record(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw malformed('an object is wanted');
  }
  return Object.fromEntries(Object.entries(json));
}

function malformed(what: string, cause?: unknown): Error {
  return failure('LCC.STATE_MALFORMED', `Not a saved state: ${what}.`, { cause });
}
