/** What cloud-agency.lcc asks of the world beyond what negotiation.lcc does. */
import { callFor, refusalOf, withoutProposal } from '../../negotiation/cloud-agency.ts';
import { acceptedItems } from '../../negotiation/cloud-agency-constraints.ts';
import { unpackAll } from '../../negotiation/constraints.ts';
import { errorText } from '../../negotiation/errors.ts';
import { isReadable } from '../../negotiation/readable.ts';
import { brokenQuote, leftOf, machinesOf } from '../../negotiation/settle.ts';
import {
  type Ask,
  type Item,
  type Offer,
  pack,
  type Request,
  unpack,
} from '../../negotiation/values.ts';
import type { Objective } from '../../sla/objective.ts';
import {
  type Asked,
  type Handled,
  type Handler,
  type HandlerContext,
  no,
  yes,
} from '../run/handlers.ts';
import { lookUp } from './directory.ts';
import type { NegotiationPorts } from './ports.ts';
import { type Standing, slaFact } from './sla-facts.ts';

type Handle = (
  ports: NegotiationPorts,
  asked: Asked,
  context: HandlerContext,
) => Handled | Promise<Handled>;

export function cloudAgencyHandlers(
  ports: NegotiationPorts,
): readonly (readonly [string, Handler])[] {
  const named: readonly (readonly [string, Handle])[] = [
    ['callFor/3', called],
    ['searchDF/2', searched],
    ['noVendor/2', noVendor],
    ['started/2', started],
    ['undone/4', undone],
    ['ended/2', ended],
  ];
  return named.map(([name, handle]) => [
    name,
    { stays: 'foreground', handle: async (asked, context) => await handle(ports, asked, context) },
  ]);
}

function called({ clock }: NegotiationPorts, { args: [request, objective] }: Asked): Handled {
  if (!isReadable(objective, 'objective')) return no;
  const ask = callFor(unpack<Request>(request), unpack<Objective>(objective), clock.nowMs());
  return ask === undefined ? no : yes(pack(ask));
}

/** The paper's mediator forwards an objective to one vendor: the first that fits. */
async function searched(
  ports: NegotiationPorts,
  { args: [ask] }: Asked,
  context: HandlerContext,
): Promise<Handled> {
  const [first] = (await lookUp(ports, [unpack<Ask>(ask)], context)).calls;
  return first === undefined ? no : yes(first.agent);
}

async function noVendor(
  ports: NegotiationPorts,
  { args: [asked] }: Asked,
  context: HandlerContext,
): Promise<Handled> {
  const ask = unpack<Ask>(asked);
  const { unfit } = await lookUp(ports, [ask], context);
  const why = unfit.length === 0 ? 'none is configured' : unfit.map(refusalOf).join('; ');
  return yes(`no vendor can serve ${ask.objective.name}: ${why}`);
}

function started(
  { clock }: NegotiationPorts,
  { conversation, args: [sla, items] }: Asked,
): Handled {
  const offer = unpack<Offer>(sla);
  const stage = { signed: unpackAll<Item>(items), bound: [] };
  const machines = machinesOf(offer.request, offer, stage);
  const at = { conversation, nowMs: clock.nowMs() };
  return { ...yes(), facts: [slaFact(offer, { state: 'starting', machines }, at)] };
}

/** What could not be given back stays in the SLA, so that it is ended later. */
function undone({ clock }: NegotiationPorts, { conversation, args }: Asked): Handled {
  const [sla, items, gone, why] = args;
  const offer = unpack<Offer>(sla);
  const broken = brokenQuote({ signed: acceptedItems(offer, items), bound: [] });
  const { machines, words } = leftOf(unpackAll<Item>(gone));
  const over = broken === undefined ? 'ended' : 'expired';
  const standing: Standing = {
    state: machines.length === 0 ? over : 'withdrawing',
    machines,
    reason: [errorText(why), ...words].join('; '),
  };
  return { ...yes(), facts: [slaFact(offer, standing, { conversation, nowMs: clock.nowMs() })] };
}

/** An SLA that is signed, or that the negotiator has given up, stands as it was recorded. */
async function ended(
  { store, clock }: NegotiationPorts,
  { conversation, args: [asked, why] }: Asked,
): Promise<Handled> {
  const request = unpack<Request>(asked);
  const reason = errorText(why);
  const updatedMs = clock.nowMs();
  const known = (await store.findSla(request.sla)).find(({ id }) => id === request.sla);
  if (known === undefined) {
    const sla = withoutProposal(request, reason, { conversation, updatedMs });
    return { ...yes(), facts: [{ kind: 'sla', sla }] };
  }
  const open = known.state === 'proposed' || known.state === 'failed-proposal';
  if (!open) return yes();
  return {
    ...yes(),
    facts: [{ kind: 'sla', sla: { ...known, state: 'ended', machines: [], reason, updatedMs } }],
  };
}
