/** What is recorded when machines end: by a withdrawal, or because a new SLA replaced the old. */
import { unpackAll } from '../../negotiation/constraints.ts';
import { leftOf } from '../../negotiation/settle.ts';
import type { Final, Item, Request, WithdrawalRequest } from '../../negotiation/values.ts';
import { unpack } from '../../negotiation/values.ts';
import { afterWithdrawal } from '../../negotiation/withdraw.ts';
import type { SlaId } from '../../sla/ids.ts';
import type { Fact } from '../../store/store.ts';
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
        handle: async ({ args: [asked, final, gone] }) => {
          const request = unpack<Request>(asked);
          const items = unpackAll<Item>(gone);
          const old = await replacedBy(ports, { request, final: unpack<Final>(final), items });
          return { ...yes(), facts: [...old, ...(await doubtful(ports, request.sla, items))] };
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

/** That a vendor may hold what is not known by a contract can only be said. */
async function doubtful(
  { store, clock }: NegotiationPorts,
  id: SlaId,
  items: readonly Item[],
): Promise<readonly Fact[]> {
  const { words } = leftOf(items);
  const sla = (await store.findSla(id)).find((each) => each.id === id);
  if (sla === undefined || words.length === 0) return [];
  const reason = [...(sla.reason === undefined ? [] : [sla.reason]), ...words].join('; ');
  return [{ kind: 'sla', sla: { ...sla, reason, updatedMs: clock.nowMs() } }];
}
