/**
 * Messages of the FIPA Agent Communication Language (SC00061, SC00037). The value has FIPA's
 * parameter names one to one, so that `JSON.stringify` writes its JSON form. FIPA defines no such
 * form: an envelope names ours `X-skypact.acl.rep.json`. The string form is acl-text.ts's.
 */

/** The 22 communicative acts of SC00037, then what the protocols of SC00026 to SC00033 name. */
export const performatives = [
  'accept-proposal',
  'agree',
  'cancel',
  'cfp',
  'confirm',
  'disconfirm',
  'failure',
  'inform',
  'inform-if',
  'inform-ref',
  'not-understood',
  'propagate',
  'propose',
  'proxy',
  'query-if',
  'query-ref',
  'refuse',
  'reject-proposal',
  'request',
  'request-when',
  'request-whenever',
  'subscribe',
  'inform-done',
  'inform-result',
  'inform-done-proxy',
  'reply-message-sub-protocol',
  'failure-no-match',
  'failure-brokering',
] as const;

export type Performative = (typeof performatives)[number];

/** Only the performative is mandatory; an absent parameter is not there. */
export interface AclMessage {
  readonly performative: Performative;
  readonly sender?: AgentIdentifier;
  /** Never empty. */
  readonly receiver?: readonly AgentIdentifier[];
  readonly 'reply-to'?: readonly AgentIdentifier[];
  readonly content?: string;
  readonly language?: Expression;
  readonly encoding?: Expression;
  readonly ontology?: Expression;
  readonly protocol?: string;
  readonly 'conversation-id'?: Expression;
  readonly 'reply-with'?: Expression;
  readonly 'in-reply-to'?: Expression;
  /** A DateTime of acl-time.ts: the latest time for the next message. */
  readonly 'reply-by'?: string;
  readonly [own: OwnParameter]: Expression;
}

/** Parameters that FIPA does not know begin so. */
export type OwnParameter = `X-${string}`;

export interface AgentIdentifier {
  readonly name: string;
  readonly addresses?: readonly string[];
  readonly resolvers?: readonly AgentIdentifier[];
  readonly [own: OwnParameter]: Expression;
}

/** A word, string, number or date as its text, or a list of such. */
export type Expression = string | readonly Expression[];

/** LCC names cannot hold `-`: `accept_proposal` is FIPA's `accept-proposal`. */
export function fipaSpelling(lccName: string): string {
  return lccName.replaceAll('_', '-');
}

export function lccSpelling(fipaName: string): string {
  return fipaName.replaceAll('-', '_');
}

export function isPerformative(name: string): name is Performative {
  return known.has(name);
}

const known: ReadonlySet<string> = new Set(performatives);

export interface Answer {
  readonly performative: Performative;
  readonly sender: AgentIdentifier;
  readonly content: string;
  /** Fresh: never used by this sender in this conversation. */
  readonly replyWith: string;
}

/**
 * An answer to a message: to its `reply-to`, or else its sender, in the same conversation, protocol
 * and language; `in-reply-to` repeats what it asked to repeat (SC00061).
 */
export function replyTo(message: AclMessage, answer: Answer): AclMessage {
  const receiver = message['reply-to'] ?? (message.sender === undefined ? [] : [message.sender]);
  const { language, encoding, ontology, protocol } = message;
  const conversation = message['conversation-id'];
  const asked = message['reply-with'];
  return {
    performative: answer.performative,
    sender: answer.sender,
    ...(receiver.length === 0 ? {} : { receiver }),
    content: answer.content,
    ...(language === undefined ? {} : { language }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(ontology === undefined ? {} : { ontology }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(conversation === undefined ? {} : { 'conversation-id': conversation }),
    'reply-with': answer.replyWith,
    ...(asked === undefined ? {} : { 'in-reply-to': asked }),
  };
}
