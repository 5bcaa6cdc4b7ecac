/** Questions and messages as column values and back. */
import type { Answer } from '../../lcc/constraint.ts';
import type { Message } from '../../lcc/step.ts';
import type { Term } from '../../lcc/term.ts';
import { decodeTerms, encodeTerms } from '../../lcc/term-json.ts';
import type { StoredAsk } from '../store.ts';
import type { AskRow, MessageRow } from './tables.ts';

/** A yes is the array of its terms; this is no JSON, so it cannot be one. */
const NO = 'no';

export function answerText(answer: Answer): string {
  return 'no' in answer ? NO : encodeTerms(answer.yes);
}

export function askOf(row: Omit<AskRow, 'conversation'>): StoredAsk {
  const { args, answer, ...rest } = row;
  const ask = { ...rest, args: decodeTerms(args) };
  return answer === null ? ask : { ...ask, answer: answerOf(answer) };
}

/** Annotations of a message, as a JSON array of texts. */
export function codesOf(text: string): readonly string[] {
  const codes: unknown = JSON.parse(text);
  return Array.isArray(codes) ? codes.map(String) : [];
}

/** The columns of a message without its bookkeeping. */
export type MessageColumns = Pick<
  MessageRow,
  'fromRole' | 'fromId' | 'toRole' | 'toId' | 'name' | 'args'
>;

export function messageOf(row: MessageColumns): Message {
  return {
    from: { role: row.fromRole, id: row.fromId },
    to: { role: row.toRole, id: row.toId },
    name: row.name,
    args: argsOf(row.args),
  };
}

function argsOf(text: string): readonly Term[] {
  return text === '[]' ? [] : decodeTerms(text);
}

function answerOf(text: string): Answer {
  return text === NO ? { no: true } : { yes: decodeTerms(text) };
}
