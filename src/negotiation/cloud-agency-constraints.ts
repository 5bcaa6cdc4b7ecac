import type { ConstraintSpec } from '../lcc/constraint.ts';
import { list, listItems, type Term } from '../lcc/term.ts';
import {
  failureOf,
  mayBegin,
  objectivesOf,
  partsOf,
  refusalOf,
  undo,
  unheard,
} from './cloud-agency.ts';
import { packAll, unpackAll } from './constraints.ts';
import { isReadable } from './readable.ts';
import { act, compute, text } from './spec.ts';
import {
  type Ask,
  type Item,
  type ObjectiveBids,
  type Offer,
  pack,
  type Request,
  unpack,
  type VendorBid,
  type Winner,
} from './values.ts';

/** What cloud-agency.lcc asks beyond what negotiation.lcc does. */
export const cloudAgencySpecs: readonly ConstraintSpec[] = [
  act('callFor(+Request, +Objective, -Ask)', 'a call with a deadline, if it can be read'),
  act('searchDF(+Ask, -Vendor)', 'the first vendor that can serve the objective'),
  act('noVendor(+Ask, -Why)', 'why no vendor can serve the objective'),
  act('started(+Sla, +Items)', 'records which machines run so far'),
  act('undone(+Sla, +Items, +Gone, +Why)', 'records that the SLA was given up, and what is left'),
  act('ended(+Request, +Why)', 'records why the negotiation is over, if nothing is known of it'),

  compute('readable(+Content, +As)', 'the content has what its reader looks at', ([term, as]) =>
    isReadable(term, text(as)) ? [] : undefined,
  ),
  compute('objectiveOf(+Ask, -Objective)', 'its name, if it can be read', ([ask]) =>
    isReadable(ask, 'ask') ? [unpack<Ask>(ask).objective.name] : undefined,
  ),
  compute('objectivesOf(+Request, -Objectives)', 'those still wanted', ([request]) => {
    const wanted = objectivesOf(unpack<Request>(request), (objective) =>
      isReadable(pack(objective), 'objective'),
    );
    return [packAll(wanted)];
  }),
  compute('joined(+Items, +More, -All)', 'one list after the other', ([items, more]) => [
    list([...itemsOf(items), ...itemsOf(more)]),
  ]),
  compute('partsOf(+Sla, -Winners)', 'whom to accept', ([sla]) => [
    packAll(partsOf(unpack<Offer>(sla))),
  ]),
  compute('mayBegin(+Parts, +Signed, -Starts)', 'all of it is signed', ([parts, signed]) => {
    const starts = mayBegin(unpack<Winner>(parts), unpack<Item>(signed));
    return starts === undefined ? undefined : [pack(starts)];
  }),
  compute('refusalOf(+Bid, -Why)', 'a vendor’s no in words', ([bid]) => [
    isReadable(bid, 'bid') ? refusalOf(unpack<VendorBid>(bid)) : 'the vendor refused',
  ]),
  compute('failureOf(+Item, -Why)', 'why it was not signed or started', ([item]) => [
    failureOf(unpack<Item>(item)),
  ]),
  compute(
    'undo(+Sla, +Bids, +Items, -Winners, -Losers)',
    'what to give back',
    ([sla, bids, items]) => {
      const offer = unpack<Offer>(sla);
      const back = undo(offer, unpackAll<ObjectiveBids>(bids), acceptedItems(offer, items));
      return [packAll(back.winners), packAll(back.losers)];
    },
  ),
  compute('unheard(+Winners, -Items)', 'what became of them is unknown', ([winners]) => [
    packAll(unheard(unpackAll<Winner>(winners))),
  ]),
];

/** What is known of what was accepted; when nothing is, all of the SLA may have been. */
export function acceptedItems(offer: Offer, items: Term | undefined): readonly Item[] {
  return isReadable(items, 'items') ? unpackAll<Item>(items) : unheard(partsOf(offer));
}

function itemsOf(term: Term | undefined): readonly Term[] {
  return listItems(term ?? '') ?? [];
}
