/** What is recorded when machines end: by a withdrawal, or because a new SLA replaced the old. */
import { unpackAll } from '../../negotiation/constraints.ts';
import type { Item, Request, WithdrawalRequest } from '../../negotiation/values.ts';
import { unpack } from '../../negotiation/values.ts';
import { afterWithdrawal } from '../../negotiation/withdraw.ts';
import type { SlaId } from '../../sla/ids.ts';
import { type Handled, type Handler, yes } from '../run/handlers.ts';
import type { NegotiationPorts } from './ports.ts';

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
        handle: async ({ args: [request, , gone] }) => {
          const { replaces } = unpack<Request>(request);
          if (replaces === undefined) return yes();
          const items = unpackAll<Item>(gone);
          return await replaced(ports, {
            old: replaces.sla,
            items,
            by: unpack<Request>(request).sla,
          });
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

/** Machines that went over to the new SLA are no longer the old one's. */
async function replaced(
  { store, clock }: NegotiationPorts,
  { old, items, by }: { readonly old: SlaId; readonly items: readonly Item[]; readonly by: SlaId },
): Promise<Handled> {
  const sla = (await store.findSla(old)).find((each) => each.id === old);
  if (sla === undefined) return yes();
  const touched = new Set(items.flatMap(({ machines }) => machines.map((each) => each.machine)));
  const own = { ...sla, machines: sla.machines.filter(({ name }) => touched.has(name)) };
  const after = afterWithdrawal(own, items, clock.nowMs());
  const reason = after.reason ?? `replaced by ${by}`;
  return { ...yes(), facts: [{ kind: 'sla', sla: { ...after, reason } }] };
}
