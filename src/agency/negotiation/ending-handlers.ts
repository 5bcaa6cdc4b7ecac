/** What is recorded when machines end: by a withdrawal, or because a new SLA replaced the old. */
import { unpackAll } from '../../negotiation/constraints.ts';
import type { Final, Item, Request, WithdrawalRequest } from '../../negotiation/values.ts';
import { unpack } from '../../negotiation/values.ts';
import { afterWithdrawal } from '../../negotiation/withdraw.ts';
import type { SlaId } from '../../sla/ids.ts';
import { type Handled, type Handler, yes } from '../run/handlers.ts';
import type { NegotiationPorts } from './ports.ts';
import { replacedBy } from './sla-facts.ts';

export function endingHandlers(ports: NegotiationPorts): readonly (readonly [string, Handler])[] {
  return [
    [
      'withdrawn/2',
      {
        stays: 'foreground',
        handle: ({ args: [request, items] }) =>
          ended(ports, unpack<WithdrawalRequest>(request).sla, unpackAll<Item>(items)),
      },
    ],
    [
      'retired/3',
      {
        stays: 'foreground',
        handle: async ({ args: [request, final, gone] }) => {
          const facts = await replacedBy(ports, {
            request: unpack<Request>(request),
            final: unpack<Final>(final),
            items: unpackAll<Item>(gone),
          });
          return { ...yes(), facts };
        },
      },
    ],
  ];
}

async function ended(
  { store, clock }: NegotiationPorts,
  id: SlaId,
  items: readonly Item[],
): Promise<Handled> {
  const sla = (await store.findSla(id)).find((each) => each.id === id);
  if (sla === undefined) return yes();
  return {
    ...yes(),
    facts: [{ kind: 'sla', sla: afterWithdrawal(sla, items, clock.nowMs()) }],
  };
}
