/**
 * Values of a running model. Ground terms cross the border to constraints and to other agents;
 * what a constraint knows beyond the language (a template, a proposal) travels as {@link Data},
 * which a model can bind, send and compare but not look into.
 */
export type Term = number | string | Struct | Cons | Nil | Data;

/** An atom when it has no arguments. */
export interface Struct {
  readonly kind: 'struct';
  readonly name: string;
  readonly args: readonly Term[];
}

export interface Cons {
  readonly kind: 'cons';
  readonly head: Term;
  readonly tail: Term;
}

export interface Nil {
  readonly kind: 'nil';
}

/** A value of the host: plain JSON, never changed after it was wrapped. Equal by content. */
export interface Data {
  readonly kind: 'data';
  readonly value: Json;
}

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export const nil: Nil = { kind: 'nil' };

export function atom(name: string): Struct {
  return { kind: 'struct', name, args: [] };
}

export function struct(name: string, ...args: readonly Term[]): Struct {
  return { kind: 'struct', name, args };
}

export function data(value: Json): Data {
  return { kind: 'data', value };
}

export function list(items: readonly Term[], tail: Term = nil): Term {
  return items.reduceRight<Term>((rest, head) => ({ kind: 'cons', head, tail: rest }), tail);
}

/** The items of a proper list; `undefined` when the term is not one. */
export function listItems(term: Term): readonly Term[] | undefined {
  const items: Term[] = [];
  let rest = term;
  while (typeof rest === 'object' && rest.kind === 'cons') {
    items.push(rest.head);
    rest = rest.tail;
  }
  return typeof rest === 'object' && rest.kind === 'nil' ? items : undefined;
}
