/** The directory facilitator: which vendors can serve an objective, matched by description. */

import type { Failure } from '../../base/failure.ts';
import { vendorAgent } from '../../negotiation/agents.ts';
import { refusalBid } from '../../negotiation/asks.ts';
import { packAll, unpackAll } from '../../negotiation/constraints.ts';
import type { Ask, VendorBid, VendorCall } from '../../negotiation/values.ts';
import { matchesPattern, placeAllowsVendor } from '../../sla/place.ts';
import type { Refusal } from '../../sla/proposal.ts';
import type { VendorDescription } from '../../vendors/vendor.ts';
import { type Asked, type Handled, type HandlerContext, yes } from '../run/handlers.ts';
import { callOf, type NegotiationPorts } from './ports.ts';

export async function directoryLookUp(
  ports: NegotiationPorts,
  asked: Asked,
  context: HandlerContext,
): Promise<Handled> {
  const asks = unpackAll<Ask>(asked.args[0]);
  const { calls, unfit } = await lookUp(ports, asks, context);
  return yes(packAll(calls), packAll(unfit));
}

/** SC00023's template match: every slot the objective names must be met by the description. */
export async function lookUp(
  { vendors }: NegotiationPorts,
  asks: readonly Ask[],
  context: HandlerContext,
): Promise<{ readonly calls: readonly VendorCall[]; readonly unfit: readonly VendorBid[] }> {
  const [first] = asks;
  if (first === undefined) return { calls: [], unfit: [] };
  const described = await vendors.describeAll(callOf(first.transaction, context));
  context.signal.throwIfAborted();
  const calls: VendorCall[] = [];
  const unfit: VendorBid[] = [];
  for (const ask of asks) {
    for (const each of described) {
      const reason =
        'failure' in each ? failed(each.failure) : unfitness(ask, each.name, each.description);
      if (reason !== undefined) unfit.push(refusalBid(ask, { vendor: each.name, ...reason }));
      else calls.push({ agent: vendorAgent(each.name, ask.objective.name), ask });
    }
  }
  return { calls, unfit };
}

function failed({ message, code }: Failure): Pick<Refusal, 'reason' | 'detail'> {
  return { reason: 'failed', detail: `${message} (${code})` };
}

function unfitness(
  { objective, currency }: Ask,
  vendor: string,
  description: VendorDescription,
): Pick<Refusal, 'reason' | 'detail'> | undefined {
  const { place } = objective;
  if (!placeAllowsVendor(place, vendor)) {
    return { reason: 'place', detail: `the template does not allow vendor ${vendor}` };
  }
  const sites = description.sites.map(({ name }) => name);
  const wanted = place.sites;
  if (
    wanted.length > 0 &&
    !sites.some((site) => wanted.some((pattern) => matchesPattern(pattern, site)))
  ) {
    return { reason: 'place', detail: `no site of it matches ${wanted.join(', ')}` };
  }
  if (description.currency !== currency) {
    return { reason: 'currency', detail: `it prices in ${description.currency}, not ${currency}` };
  }
  const { largest } = description;
  if (objective.cpus > largest.cpus || objective.memoryMiB > largest.memoryMiB) {
    const has = `${largest.cpus} vCPUs and ${largest.memoryMiB} MiB`;
    return { reason: 'unsupported', detail: `its largest machine has ${has}` };
  }
  return undefined;
}
