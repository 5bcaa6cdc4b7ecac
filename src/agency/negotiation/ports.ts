import type { Clock } from '../../base/clock.ts';
import type { ComposeInput } from '../../negotiation/compose/build.ts';
import type { ConversationId } from '../../sla/ids.ts';
import type { Proposal } from '../../sla/proposal.ts';
import type { Composite } from '../../sla/sla.ts';
import type { Store } from '../../store/store.ts';
import type { Call } from '../../vendors/vendor.ts';
import type { HandlerContext } from '../run/handlers.ts';
import type { VendorPool } from '../vendors.ts';

/** What the handlers of the negotiation models need. */
export interface NegotiationPorts {
  readonly store: Pick<Store, 'kept' | 'vendorRecords' | 'findSla'>;
  readonly clock: Clock;
  readonly vendors: VendorPool;
  readonly compose: (input: ComposeInput, signal: AbortSignal) => Promise<Composed>;
}

/** The composite, what else there was, and why the rest was not chosen. */
export interface Composed {
  readonly composite: Composite;
  readonly cheapest?: Composite;
  readonly fastest?: Composite;
  readonly lost: readonly LostProposal[];
}

export interface LostProposal {
  readonly proposal: Proposal;
  readonly reason: string;
}

export function callOf(conversation: ConversationId, { signal, progress }: HandlerContext): Call {
  return { conversation, signal, progress };
}
