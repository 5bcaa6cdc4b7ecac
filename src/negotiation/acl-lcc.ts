/** What agents of a model send each other, as ACL messages: for traces, and for other platforms. */
import type { Message } from '../lcc/step.ts';
import { encodeTerms } from '../lcc/term-json.ts';
import { type AclMessage, type AgentIdentifier, fipaSpelling, isPerformative } from './acl.ts';
import { dateTime } from './acl-time.ts';

/** A message of a conversation, in the order sent, as the trace keeps it. */
export interface SentMessage {
  /** Counts up in the conversation. */
  readonly number: number;
  readonly conversation: string;
  readonly atMs: number;
  readonly message: Message;
}

/**
 * The messages of one conversation. Each asks for its number to be repeated, and repeats that of the
 * last message that its receiver sent to its sender. The content is the arguments in the JSON of
 * lcc/term-json.ts. Names that are no FIPA act travel as `inform` with an `X-message`; roles that
 * differ from the agent's name stand as `X-role` in its identifier.
 */
export function toAcl(messages: readonly SentMessage[]): readonly AclMessage[] {
  const last = new Map<string, string>();
  return messages.map((sent) => {
    const { from, to } = sent.message;
    const inReplyTo = last.get(JSON.stringify([to.id, from.id]));
    const replyWith = `${sent.conversation}-${sent.number}`;
    last.set(JSON.stringify([from.id, to.id]), replyWith);
    return {
      ...actOf(sent.message),
      sender: agentOf(from),
      receiver: [agentOf(to)],
      content: encodeTerms(sent.message.args),
      language: 'X-lcc-json',
      'conversation-id': sent.conversation,
      'reply-with': replyWith,
      ...(inReplyTo === undefined ? {} : { 'in-reply-to': inReplyTo }),
      'X-sent-at': dateTime(sent.atMs),
    };
  });
}

function actOf({ name }: Message): Pick<AclMessage, 'performative'> & { 'X-message'?: string } {
  const performative = fipaSpelling(name);
  if (isPerformative(performative)) return { performative };
  return { performative: 'inform', 'X-message': name };
}

/** Agents of one process are at `local`; FIPA wants names to be globally unique. */
function agentOf({ role, id }: Message['from']): AgentIdentifier {
  return { name: `${id}@local`, ...(role === id ? {} : { 'X-role': role }) };
}
