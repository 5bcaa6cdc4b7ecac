/**
 * Codes that a model's annotations give to its messages: which state and event of a paper's
 * automaton each of them is.
 *
 *     @annotation(@role(seller), code, "negotiator:S6")              all that a seller sends or gets
 *     @annotation(@message(propose), code, "client:2")               whoever sends it
 *     @annotation(@message(propose, seller), code, "client:2")       only when a seller does
 *     @annotation(@message(done, vendor, buyer), code, "a", "b")     only from one to the other
 *     @annotation(@message(failure(error(Code, _))), code, Code)     the code is in the message
 */
import type { Annotation, TermNode } from './ast.ts';
import type { Message } from './step.ts';
import type { Term } from './term.ts';

export type CodeNote = RoleCodes | MessageCodes;

interface RoleCodes {
  readonly on: 'role';
  readonly role: string;
  readonly codes: readonly string[];
}

interface MessageCodes {
  readonly on: 'message';
  readonly name: string;
  /** Absent: whatever it carries. */
  readonly args?: readonly TermNode[];
  /** The roles that send and get it; absent: any. */
  readonly from?: string;
  readonly to?: string;
  /** A node is a variable of `args`. */
  readonly codes: readonly (string | TermNode)[];
}

/** Empty for an annotation that is about something else. */
export function codeNotes({ on, target, value }: Annotation): readonly CodeNote[] {
  const [key, ...values] = value;
  const [node, from, to] = target;
  if (key === undefined || atomOf(key) !== 'code' || node?.kind !== 'struct') return [];
  if (on === 'role') {
    return [{ on, role: node.name, codes: values.flatMap((each) => textOf(each) ?? []) }];
  }
  if (on !== 'message') return [];
  const sender = from === undefined ? undefined : atomOf(from);
  const receiver = to === undefined ? undefined : atomOf(to);
  return [
    {
      on,
      name: node.name,
      ...(node.args.length === 0 ? {} : { args: node.args }),
      ...(sender === undefined ? {} : { from: sender }),
      ...(receiver === undefined ? {} : { to: receiver }),
      codes: values.map((each) => textOf(each) ?? each),
    },
  ];
}

/** First its own, then those of the role that sends it, then of the role that gets it. */
export function codesOf(notes: readonly CodeNote[], message: Message): readonly string[] {
  const ofRole = (role: string): readonly string[] =>
    notes.flatMap((note) => (note.on === 'role' && note.role === role ? note.codes : []));
  const own = notes.flatMap((note) => (note.on === 'message' ? ownCodes(note, message) : []));
  return [...new Set([...own, ...ofRole(message.from.role), ...ofRole(message.to.role)])];
}

function ownCodes(note: MessageCodes, { name, from, to, args }: Message): readonly string[] {
  if (note.name !== name) return [];
  if (note.from !== undefined && note.from !== from.role) return [];
  if (note.to !== undefined && note.to !== to.role) return [];
  const bound = new Map<string, Term>();
  if (note.args !== undefined && !matchAll(note.args, args, bound)) return [];
  return note.codes.flatMap((code) => {
    if (typeof code === 'string') return [code];
    const value = code.kind === 'variable' ? bound.get(code.name) : undefined;
    return typeof value === 'string' ? [value] : [];
  });
}

function matchAll(
  nodes: readonly TermNode[],
  terms: readonly Term[],
  bound: Map<string, Term>,
): boolean {
  if (nodes.length !== terms.length) return false;
  return nodes.every((node, index) => {
    const term = terms[index];
    return term !== undefined && match(node, term, bound);
  });
}

/** Enough to find a code in a message: no lists, and a variable may differ from itself. */
function match(node: TermNode, term: Term, bound: Map<string, Term>): boolean {
  switch (node.kind) {
    case 'variable':
      bound.set(node.name, term);
      return true;
    case 'anonymous':
      return true;
    case 'integer':
    case 'float':
    case 'string':
      return node.value === term;
    case 'struct':
      return (
        typeof term === 'object' &&
        term.kind === 'struct' &&
        term.name === node.name &&
        matchAll(node.args, term.args, bound)
      );
    case 'list':
      return false;
  }
}

function textOf(node: TermNode): string | undefined {
  return node.kind === 'string' ? node.value : undefined;
}

function atomOf(node: TermNode): string | undefined {
  return node.kind === 'struct' && node.args.length === 0 ? node.name : undefined;
}
