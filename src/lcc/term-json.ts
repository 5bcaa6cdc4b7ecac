/**
 * Ground terms as compact JSON: for the store, for states and for the wire.
 *
 *   number, string    themselves           atom    {"f":"name"}
 *   proper list       [item, …]            struct  {"f":"name","a":[arg, …]}
 *   list with a tail  {"l":[item, …],"t":tail}     data  {"d":value}
 *
 * Each term has exactly one encoding, and {@link decodeTerm} takes no other. Long lists cost no
 * stack; nesting is bounded by `limits.termDepth`.
 */
import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { type Data, data, type Json, list, type Struct, type Term } from './term.ts';

/** Fails with LCC.TERM_MALFORMED on a number that is not finite, and on a term nested too deeply. */
export function encodeTerm(term: Term): string {
  return write(term, 0);
}

/** As a JSON array; the same text as the list of these terms. Fails like {@link encodeTerm}. */
export function encodeTerms(terms: readonly Term[]): string {
  return `[${terms.map((term) => write(term, 1)).join(',')}]`;
}

/** Fails with LCC.TERM_MALFORMED on every text that {@link encodeTerm} does not write. */
export function decodeTerm(text: string): Term {
  return termOfJson(parse(text));
}

/** Fails with LCC.TERM_MALFORMED on every text that {@link encodeTerms} does not write. */
export function decodeTerms(text: string): readonly Term[] {
  const value = parse(text);
  if (!Array.isArray(value)) throw malformed('expected an array of terms');
  return value.map((item) => read(item, 1));
}

/** For a term inside a larger JSON document that is parsed already; strict like the others. */
export function termOfJson(value: unknown): Term {
  return read(value, 0);
}

function write(term: Term, depth: number): string {
  if (typeof term === 'string') return JSON.stringify(term);
  if (typeof term === 'number') return String(finite(term));
  checkDepth(depth);
  switch (term.kind) {
    case 'nil':
      return '[]';
    case 'data':
      return writeData(term);
    case 'struct': {
      const name = `{"f":${JSON.stringify(term.name)}`;
      if (term.args.length === 0) return `${name}}`;
      return `${name},"a":[${term.args.map((arg) => write(arg, depth + 1)).join(',')}]}`;
    }
    case 'cons':
      return writeList(term, depth);
  }
}

function writeList(term: Term, depth: number): string {
  const items: string[] = [];
  let rest = term;
  while (typeof rest === 'object' && rest.kind === 'cons') {
    items.push(write(rest.head, depth + 1));
    rest = rest.tail;
  }
  const text = `[${items.join(',')}]`;
  const proper = typeof rest === 'object' && rest.kind === 'nil';
  return proper ? text : `{"l":${text},"t":${write(rest, depth + 1)}}`;
}

/**
 * A template or a bid of a whole catalogue passes through many messages and states of one
 * conversation; data never changes, so each is turned into a text once.
 */
const dataTexts = new WeakMap<Data, string>();

function writeData(term: Data): string {
  const known = dataTexts.get(term);
  if (known !== undefined) return known;
  checkJson(term.value, 1);
  const text = `{"d":${JSON.stringify(term.value)}}`;
  dataTexts.set(term, text);
  return text;
}

function read(value: unknown, depth: number): Term {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return finite(value);
  checkDepth(depth);
  if (Array.isArray(value)) return list(value.map((item) => read(item, depth + 1)));
  if (typeof value !== 'object' || value === null) throw malformed(`${value} is not a term`);
  const keys = Object.keys(value).join();
  if (keys === 'd' && 'd' in value) return readData(value.d);
  if (keys === 'f' && 'f' in value) return { kind: 'struct', name: nameOf(value.f), args: [] };
  if (keys === 'f,a' && 'f' in value && 'a' in value) return readStruct(value, depth);
  if (keys === 'l,t' && 'l' in value && 't' in value) return readTailed(value, depth);
  throw malformed(`an object with the keys ${keys.slice(0, 80)}`);
}

function readData(value: unknown): Term {
  checkJson(value, 1);
  return data(value);
}

function readStruct(value: { f: unknown; a: unknown }, depth: number): Struct {
  if (!Array.isArray(value.a) || value.a.length === 0) throw malformed('a structure without args');
  return {
    kind: 'struct',
    name: nameOf(value.f),
    args: value.a.map((arg) => read(arg, depth + 1)),
  };
}

function readTailed(value: { l: unknown; t: unknown }, depth: number): Term {
  if (!Array.isArray(value.l) || value.l.length === 0) throw malformed('a tail without a list');
  if (Array.isArray(value.t)) throw malformed('a proper list written with a tail');
  const tail = read(value.t, depth + 1);
  if (typeof tail === 'object' && tail.kind === 'cons') throw malformed('a list in two parts');
  return list(
    value.l.map((item) => read(item, depth + 1)),
    tail,
  );
}

function nameOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw malformed('a structure without a name');
  return value;
}

/** Also keeps JSON.stringify from running out of stack, and from writing NaN as null. */
function checkJson(value: unknown, depth: number): asserts value is Json {
  if (typeof value === 'number') {
    finite(value);
  } else if (typeof value === 'object' && value !== null) {
    checkDepth(depth);
    for (const item of Object.values(value)) checkJson(item, depth + 1);
  } else if (typeof value === 'bigint' || typeof value === 'function') {
    throw malformed(`a ${typeof value} inside data`);
  }
}

function checkDepth(depth: number): void {
  if (depth > limits.termDepth) throw malformed(`nested deeper than ${limits.termDepth}`);
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw malformed(`${value} is not a finite number`);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw malformed('not JSON', thrown);
  }
}

function malformed(what: string, cause?: unknown): Error {
  return failure('LCC.TERM_MALFORMED', `Not a term: ${what}.`, { cause });
}
