/** How an SLA is recorded: always whole, from what the conversation knows at that point. */
import type { Final, Item, Offer, Request } from '../../negotiation/values.ts';
import { afterReplacement } from '../../negotiation/withdraw.ts';
import type { ConversationId } from '../../sla/ids.ts';
import { isOver, type Machine, type Sla, type SlaState } from '../../sla/sla.ts';
import type { Fact } from '../../store/store.ts';
import type { NegotiationPorts } from './ports.ts';

export interface Standing {
  readonly state: SlaState;
  readonly machines: readonly Machine[];
  readonly reason?: string;
}

/** What was to be given back before and was not stays in the SLA, which is not over with it. */
export function slaFact(
  { request, composite }: Offer,
  standing: Standing,
  { conversation, nowMs }: { readonly conversation: ConversationId; readonly nowMs: number },
): Fact {
  const { machines: held, words } = request.left ?? { machines: [], words: [] };
  const reason = [...(standing.reason ? [standing.reason] : []), ...words].join('; ');
  const sla: Sla = {
    id: request.sla,
    conversation,
    transaction: request.transaction,
    name: request.template.name,
    template: request.template,
    composite,
    createdMs: request.createdMs,
    updatedMs: nowMs,
    state: isOver(standing.state) && held.length > 0 ? 'withdrawing' : standing.state,
    machines: [...standing.machines, ...held],
    ...(reason === '' ? {} : { reason }),
    ...(request.replaces === undefined ? {} : { replaces: request.replaces.sla }),
  };
  return { kind: 'sla', sla };
}

interface Replacement {
  readonly request: Request;
  readonly final: Final;
  /** What has ended since, or could not be ended; absent before anything of it was to end. */
  readonly items?: readonly Item[];
}

/** What is left of the SLA that is replaced, if there is one. */
export async function replacedBy(
  { store, clock }: Pick<NegotiationPorts, 'store' | 'clock'>,
  { request: { sla: by, replaces }, ...rest }: Replacement,
): Promise<readonly Fact[]> {
  if (replaces === undefined) return [];
  const old = (await store.findSla(replaces.sla)).find(({ id }) => id === replaces.sla);
  if (old === undefined) return [];
  return [{ kind: 'sla', sla: afterReplacement(old, { by, ...rest }, clock.nowMs()) }];
}
