/** How an SLA is recorded: always whole, from what the conversation knows at that point. */
import type { Offer } from '../../negotiation/values.ts';
import type { ConversationId } from '../../sla/ids.ts';
import type { Machine, Sla, SlaState } from '../../sla/sla.ts';
import type { Fact } from '../../store/store.ts';

export interface Standing {
  readonly state: SlaState;
  readonly machines: readonly Machine[];
  readonly reason?: string;
}

export function slaFact(
  { request, composite }: Offer,
  standing: Standing,
  { conversation, nowMs }: { readonly conversation: ConversationId; readonly nowMs: number },
): Fact {
  const sla: Sla = {
    id: request.sla,
    conversation,
    transaction: request.transaction,
    name: request.template.name,
    template: request.template,
    composite,
    createdMs: request.createdMs,
    updatedMs: nowMs,
    ...standing,
    ...(request.replaces === undefined ? {} : { replaces: request.replaces.sla }),
  };
  return { kind: 'sla', sla };
}
