/**
 * What cloud-agency.lcc tells of errors: `error(Code, Why)`. Why is a text, another agent's error
 * (in `complaint` when that is the client's), or one of the words below with the message's name.
 */
import type { Struct, Term } from '../lcc/term.ts';

/** One sentence, then the codes from the cause outwards: `nobody can serve db (mediator:101, …)`. */
export function errorText(term: Term | undefined): string {
  const codes: string[] = [];
  let inner = term;
  for (;;) {
    inner = partsOf(inner, 'complaint', 1)?.[0] ?? inner;
    const [code, why] = partsOf(inner, 'error', 2) ?? [];
    if (code === undefined) break;
    codes.unshift(typeof code === 'string' ? code : '?');
    inner = why;
  }
  const sentence = causeText(inner);
  return codes.length === 0 ? sentence : `${sentence} (${codes.join(', ')})`;
}

/** `unknown` is the run loop's word for a message that a role can never receive. */
const words = [
  ['unknown', 'is not part of the protocol'],
  ['unreadable', 'could not be read'],
  ['unanswered', 'was not answered'],
] as const;

function causeText(term: Term | undefined): string {
  if (typeof term === 'string') return term;
  for (const [name, said] of words) {
    const [message] = partsOf(term, name, 1) ?? [];
    if (typeof message === 'string') return `${message.replaceAll('_', '-')} ${said}`;
  }
  return 'what was said could not be read';
}

function partsOf(term: Term | undefined, name: string, arity: number): Struct['args'] | undefined {
  const fits =
    typeof term === 'object' &&
    term.kind === 'struct' &&
    term.name === name &&
    term.args.length === arity;
  return fits ? term.args : undefined;
}
