/** What is recorded when machines end: by a withdrawal, or because a new SLA replaced the old. */
import { unpackAll } from '../../negotiation/constraints.ts';
import { leftOf } from '../../negotiation/settle.ts';
import type { Final, Item, Request, WithdrawalRequest } from '../../negotiation/values.ts';
import { unpack } from '../../negotiation/values.ts';
import { afterWithdrawal } from '../../negotiation/withdraw.ts';
import type { SlaId } from '../../sla/ids.ts';
import type { Sla } from '../../sla/sla.ts';
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
          return { ...yes(), facts: [...old, ...(await stillHeld(ports, request, items))] };
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

/** What is neither of the old SLA nor was to be of the new one stays in the new one until it ends. */
async function stillHeld(
  { store, clock }: NegotiationPorts,
  request: Request,
  items: readonly Item[],
): Promise<readonly Fact[]> {
  const old = new Set(request.replaces?.machines.map(({ contract }) => contract?.id));
  const { machines, words } = leftOf(items);
  const held = machines.filter(({ contract }) => !old.has(contract));
  if (held.length + words.length === 0) return [];
  const sla = (await store.findSla(request.sla)).find((each) => each.id === request.sla);
  if (sla === undefined) return [];
  const reason = [...(sla.reason === undefined ? [] : [sla.reason]), ...words].join('; ');
  const changed: Sla = {
    ...sla,
    machines: [...sla.machines, ...held],
    updatedMs: clock.nowMs(),
    ...(reason === '' ? {} : { reason }),
  };
  return [{ kind: 'sla', sla: changed }];
}
