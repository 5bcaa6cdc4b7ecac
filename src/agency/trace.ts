/**
 * All that was said about an SLA: the messages of its conversations as FIPA has them, each with a
 * few words on its content. Contents themselves are whole catalogues; they are added when asked for.
 */
import { limits } from '../base/limits.ts';
import type { AclMessage } from '../negotiation/acl.ts';
import { toAcl } from '../negotiation/acl-lcc.ts';
import { dateTime } from '../negotiation/acl-time.ts';
import { protocolsOf } from '../negotiation/protocols.ts';
import { summaryOf } from '../negotiation/summary.ts';
import { type ConversationId, id, type SlaId } from '../sla/ids.ts';
import type { ConversationHead, Store, TracedMessage } from '../store/store.ts';

/** A conversation about an SLA, with its messages in the order sent. */
export interface TracedConversation extends ConversationHead {
  readonly sla: SlaId;
  readonly messages: readonly TraceEntry[];
}

/** One message; parameters that FIPA knows have FIPA's names (SC00061). */
export interface TraceEntry {
  /** Counts up in the conversation. */
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  readonly conversation: ConversationId;
  readonly performative: AclMessage['performative'];
  /** What the model calls it, where that is no act of FIPA's. */
  readonly message?: string;
  /** Agents by their ids in the conversation: `vendor:aws:web`. */
  readonly sender: string;
  readonly receiver: string;
  readonly protocol?: string;
  readonly 'conversation-id': string;
  readonly 'reply-with': string;
  readonly 'in-reply-to'?: string;
  readonly 'reply-by'?: string;
  /** The roles of the model in which they spoke. */
  readonly senderRole: string;
  readonly receiverRole: string;
  /** State and event codes of a paper's automaton, where the model has them. */
  readonly codes: readonly string[];
  readonly summary: string;
  /** The arguments in the JSON of lcc/term-json.ts, and FIPA's name for that. */
  readonly content?: string;
  readonly language?: string;
}

export interface TraceOptions {
  readonly content: 'with' | 'without';
}

/**
 * The conversations about an SLA and about those that it replaced, oldest first: negotiation,
 * renegotiation, withdrawal. Empty when there is no such SLA, or none is kept any more.
 */
export async function traceOf(
  store: Pick<Store, 'conversationsOf' | 'findSla' | 'trace'>,
  sla: SlaId,
  options: TraceOptions,
): Promise<readonly TracedConversation[]> {
  const traced: TracedConversation[] = [];
  for (const each of await withReplaced(store, sla)) {
    for (const head of await store.conversationsOf(each)) {
      const messages = entriesOf(await store.trace(head.id), options);
      traced.push({ ...head, sla: each, messages });
    }
  }
  return traced.toSorted((a, b) => a.createdMs - b.createdMs);
}

/** The messages of a simulated run; its time begins at 0. */
export function traceOfRun(
  sent: readonly Pick<TracedMessage, 'atMs' | 'message'>[],
): readonly TraceEntry[] {
  const conversation = id<ConversationId>('run');
  const traced = sent.map((each, index) => ({
    ...each,
    conversation,
    number: index + 1,
    codes: [],
  }));
  return entriesOf(traced, { content: 'without' });
}

/** An SLA and its predecessors, as far as they are kept. */
async function withReplaced(
  store: Pick<Store, 'findSla'>,
  sla: SlaId,
): Promise<ReadonlySet<SlaId>> {
  const chain = new Set<SlaId>();
  for (let at: SlaId | undefined = sla; at !== undefined && !chain.has(at); ) {
    if (chain.size === limits.traceSlas) break;
    chain.add(at);
    const wanted: SlaId = at;
    at = (await store.findSla(wanted)).find((found) => found.id === wanted)?.replaces;
  }
  return chain;
}

function entriesOf(
  messages: readonly TracedMessage[],
  { content }: TraceOptions,
): readonly TraceEntry[] {
  const acts = toAcl(messages);
  const protocols = protocolsOf(messages);
  return messages.flatMap((traced, index): readonly TraceEntry[] => {
    const acl = acts[index];
    return acl === undefined ? [] : [entryOf(traced, acl, { protocol: protocols[index], content })];
  });
}

function entryOf(
  { number, conversation, atMs, codes, message }: TracedMessage,
  acl: AclMessage,
  more: { readonly protocol: string | undefined; readonly content: TraceOptions['content'] },
): TraceEntry {
  const { from, to, name, args } = message;
  const { performative, 'X-message': own, 'in-reply-to': inReplyTo } = acl;
  const replyByMs = deadlineOf(message);
  return {
    number,
    at: new Date(atMs).toISOString(),
    conversation,
    performative,
    ...(own === undefined ? {} : { message: name }),
    sender: from.id,
    receiver: to.id,
    ...(more.protocol === undefined ? {} : { protocol: more.protocol }),
    'conversation-id': conversation,
    'reply-with': `${conversation}-${number}`,
    ...(typeof inReplyTo === 'string' ? { 'in-reply-to': inReplyTo } : {}),
    ...(replyByMs === undefined ? {} : { 'reply-by': dateTime(replyByMs) }),
    senderRole: from.role,
    receiverRole: to.role,
    codes,
    summary: summaryOf(args),
    ...(more.content === 'without' ? {} : contentOf(acl)),
  };
}

/** A call for proposals says until when its answer counts. */
function deadlineOf({ name, args: [first] }: TracedMessage['message']): number | undefined {
  if (name !== 'cfp' || typeof first !== 'object' || first.kind !== 'data') return undefined;
  const { value } = first;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const replyByMs = 'replyByMs' in value ? value['replyByMs'] : undefined;
  return typeof replyByMs === 'number' && replyByMs >= 0 && replyByMs <= lastYearMs
    ? replyByMs
    : undefined;
}

/** FIPA's DateTime ends with the year 9999. */
const lastYearMs = 253_402_300_799_999;

function contentOf({ content, language }: AclMessage): Pick<TraceEntry, 'content' | 'language'> {
  return {
    ...(content === undefined ? {} : { content }),
    ...(typeof language === 'string' ? { language } : {}),
  };
}
