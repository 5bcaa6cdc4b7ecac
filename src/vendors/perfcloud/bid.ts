import { placeAllows } from '../../sla/place.ts';
import type { CallForProposals, Proposal } from '../vendor.ts';
import { type Alternative, alternativesIn, type Question } from './alternatives.ts';
import { priceOf } from './concession.ts';
import { keeps } from './promises.ts';
import { full, holdsOne, type No, noPromise, noSite, notOurs, tooLarge } from './refusals.ts';
import type { Settings } from './settings.ts';
import type { Sibling, Standing } from './standing.ts';

/** The vendor's side of a call for proposals. */
export interface Bidder {
  readonly name: string;
  readonly settings: Settings;
  readonly standing: Standing;
  /** The machines that the conversation already holds for the objective. */
  readonly siblings: readonly Sibling[];
}

/** An alternative at the price of this round. */
export type Bid = Alternative & Pick<Proposal, 'pricePerHour'>;

/**
 * Alternatives for the objective, cheapest first; or the first reason for which there is none: the
 * currency, the image, the place, the size, the promises, and last what is free.
 */
export function bidFor(cfp: CallForProposals, bidder: Bidder): readonly Bid[] | No {
  const { objective } = cfp;
  const { settings, standing, siblings } = bidder;
  const no = notOurs(cfp, settings);
  if (no !== undefined) return no;
  const { pools } = standing.market;
  const placed = pools.filter(({ site }) => placeAllows(objective.place, bidder.name, site.name));
  if (placed.length === 0) return noSite(objective, pools, bidder.name);
  const sized = placed.filter((pool) => holdsOne(pool, objective));
  if (sized.length === 0) return tooLarge(objective, placed);
  const promising = sized.filter((pool) => objective.promises.every((one) => keeps(pool, one)));
  if (promising.length === 0) return noPromise(objective, sized);
  const question: Question = {
    objective,
    apart: objective.place.apart ?? 'no',
    siblings,
    standing,
  };
  const bids = promising
    .flatMap((pool) => alternativesIn(pool, question, settings))
    .map((one) => ({ ...one, pricePerHour: priceOf(one.listMicros, cfp, settings) }))
    .sort((a, b) => a.pricePerHour.micros - b.pricePerHour.micros);
  return bids.length > 0 ? bids : full(question, promising);
}
