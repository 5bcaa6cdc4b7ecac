import type { TracedConversation, TraceEntry } from '../agency/trace.ts';
import type { Arrow, Sequence } from '../render/sequence.ts';

/** A trace as the diagrams take it. */
export function sequenceOf(title: string, traced: readonly TracedConversation[]): Sequence {
  return {
    title,
    conversations: traced.map((each, index) => ({
      title: `${index + 1}. ${each.purpose}, by model ${each.modelName}`,
      detail: detailOf(each),
      startedMs: each.createdMs,
      arrows: each.messages.map(arrowOf),
    })),
  };
}

function detailOf({ id, createdMs, ended }: TracedConversation): string {
  const begun = new Date(createdMs).toISOString().slice(0, 19).replace('T', ' ');
  return `${id}, begun ${begun} UTC${ended ? '' : ', still open'}`;
}

/** A message as an arrow of a diagram. */
export function arrowOf({
  at,
  sender,
  receiver,
  performative,
  message,
  codes,
  summary,
}: TraceEntry): Arrow {
  return {
    atMs: Date.parse(at),
    from: sender,
    to: receiver,
    act: message ?? performative,
    codes,
    summary,
  };
}
