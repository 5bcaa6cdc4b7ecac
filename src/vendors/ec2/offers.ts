/** What we answer to a call for proposals: pure, over the digested catalogue. */
import { limits } from '../../base/limits.ts';
import { formatGiB, formatMbps, formatMiB, roughDuration } from '../../base/units.ts';
import { placeAllows, placeObjection } from '../../sla/place.ts';
import type {
  CallForProposals,
  ConversationId,
  Objective,
  Proposal,
  Refusal,
  RefusalReason,
} from '../vendor.ts';
import {
  allowedZones,
  boots,
  type Catalogue,
  can,
  type Image,
  isAllowed,
  type Shape,
  zonesOf,
} from './catalogue.ts';
import { proposalId, spreadOf } from './names.ts';
import { diskMicrosPerHour, type PriceTable, priceOf } from './price-book.ts';
import { brokenPromises, promisesOf } from './promises.ts';
import type { Settings } from './settings.ts';

/** All that an answer depends on. */
export interface Market {
  readonly name: string;
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  /** Absent: no source has prices for the region. */
  readonly prices?: PriceTable | undefined;
  /** By zone, of those that the settings name; empty: the default VPC's. */
  readonly subnets: Readonly<Record<string, string>>;
  /** Whether EC2 said a moment ago that it has no more of the shape in the zone. */
  readonly isGone: (shape: string, zone: string) => boolean;
  readonly conversation: ConversationId;
  readonly nowMs: number;
}

/** EBS's gp3: EC2 user guide, "General Purpose SSD volumes". */
export const largestDiskGiB = 65_536;
/** EC2's limit on running machines of one spread group in one zone. */
const spreadPerZone = 7;
/** From RunInstances to an address; a Linux image's ssh answers about as long after. */
const usualBindMs = 45_000;

/**
 * Alternatives for the objective, cheapest first; or the first reason for which there is none.
 * Of one zone only those are kept that no other beats in both price and speed.
 */
export function offersFor(cfp: CallForProposals, market: Market): readonly Proposal[] | Refusal {
  const { objective } = cfp;
  const no = (reason: RefusalReason, detail: string): Refusal => ({
    kind: 'refusal',
    vendor: market.name,
    objective: objective.name,
    reason,
    detail: detail.slice(0, limits.vendorTextChars),
  });
  const { settings, catalogue, prices } = market;
  if (cfp.currency !== settings.currency) {
    return no('currency', `${cfp.currency} asked, prices are in ${settings.currency}`);
  }
  const images = catalogue.images[objective.image] ?? [];
  if (images.length === 0) return no('image', noImage(objective, catalogue, settings));
  const broken = brokenPromises(objective, settings);
  if (broken.length > 0) return no('promise', broken.join('; '));
  const zones = openZones(objective, market);
  if (zones.length === 0) return no('place', noZone(objective, market));
  const apart = isApart(objective);
  if (apart && !catalogue.spread) return no('place', noGroups(objective, settings));
  const fitting = fittingShapes(objective, images, market);
  if (fitting.length === 0) return no('capacity', tooLarge(objective, market));
  if (prices === undefined) return no('unsupported', noPrices(settings));
  const offers = zones.flatMap((zone) => undominated(zone, fitting, { market, prices }));
  if (offers.length === 0) return no(...noneHere(zones, fitting, { market, prices }));
  return cheapest(offers, settings.alternatives).map((offer) => proposalOf(offer, cfp, market));
}

/** One shape in one zone, with its price. */
interface Offer {
  readonly shape: Shape;
  readonly zone: string;
  /** Of the type alone, and of the machine with disk and address; per hour. */
  readonly typeMicros: number;
  readonly micros: number;
  readonly diskGiB: number;
}

interface Priced {
  readonly market: Market;
  readonly prices: PriceTable;
}

interface Fitting {
  readonly shape: Shape;
  readonly diskGiB: number;
}

/** Machines of one objective that must not share a host; a single one cannot share it. */
function isApart({ place, count }: Objective): boolean {
  return place.apart === 'host' && count > 1;
}

function openZones(objective: Objective, market: Market): readonly string[] {
  const { settings, catalogue, subnets, name } = market;
  return allowedZones(catalogue.zones, settings).filter(
    (zone) =>
      (settings.subnet === undefined || subnets[zone] !== undefined) &&
      placeAllows(objective.place, name, zone),
  );
}

function fittingShapes(
  objective: Objective,
  images: readonly Image[],
  { settings, catalogue }: Market,
): readonly Fitting[] {
  if (objective.diskGiB > largestDiskGiB) return [];
  return catalogue.shapes.flatMap((shape): Fitting[] => {
    if (shape.cpus < objective.cpus || shape.memoryMiB < objective.memoryMiB) return [];
    if (shape.networkMbps < (objective.networkMbps ?? 0)) return [];
    if (isApart(objective) && (shape.can & can.spread) === 0) return [];
    if (!isAllowed(shape, settings)) return [];
    const image = images.find((one) => boots(one, shape));
    if (image === undefined) return [];
    return [{ shape, diskGiB: Math.max(objective.diskGiB, image.rootGiB) }];
  });
}

/** Price ascending, speed strictly ascending: each is the fastest so far for its money. */
function undominated(zone: string, fitting: readonly Fitting[], priced: Priced): readonly Offer[] {
  const kept: Offer[] = [];
  let fastest = Number.NEGATIVE_INFINITY;
  for (const offer of offersIn(zone, fitting, priced).toSorted(byPrice)) {
    if (offer.shape.cpuSpeed <= fastest) continue;
    fastest = offer.shape.cpuSpeed;
    kept.push(offer);
  }
  return kept;
}

function offersIn(zone: string, fitting: readonly Fitting[], { market, prices }: Priced): Offer[] {
  const bit = 1 << market.catalogue.zones.indexOf(zone);
  return fitting.flatMap(({ shape, diskGiB }): Offer[] => {
    if ((shape.zones & bit) === 0 || market.isGone(shape.name, zone)) return [];
    const typeMicros = priceOf(prices, shape.name, zone);
    if (typeMicros === undefined) return [];
    const micros = machineMicros({ typeMicros, diskGiB }, prices, market.settings);
    return [{ shape, zone, typeMicros, micros, diskGiB }];
  });
}

/** One machine for an hour: the type, its disk, and its public address if it has one. */
export function machineMicros(
  machine: Pick<Offer, 'typeMicros' | 'diskGiB'>,
  extras: Pick<PriceTable, 'diskMicrosPerGiBMonth' | 'addressMicrosPerHour'>,
  { address }: Pick<Settings, 'address'>,
): number {
  const addressMicros = address === 'public' ? extras.addressMicrosPerHour : 0;
  return machine.typeMicros + diskMicrosPerHour(extras, machine.diskGiB) + addressMicros;
}

function byPrice(a: Offer, b: Offer): number {
  return (
    a.micros - b.micros ||
    b.shape.cpuSpeed - a.shape.cpuSpeed ||
    compareNames(`${a.zone} ${a.shape.name}`, `${b.zone} ${b.shape.name}`)
  );
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The cheapest of each zone first, then the second of each: no zone crowds out another. */
function cheapest(offers: readonly Offer[], most: number): readonly Offer[] {
  const ranks = new Map<string, number>();
  const ranked = offers.toSorted(byPrice).map((offer) => {
    const rank = ranks.get(offer.zone) ?? 0;
    ranks.set(offer.zone, rank + 1);
    return { offer, rank };
  });
  const chosen = ranked.toSorted((a, b) => a.rank - b.rank).slice(0, most);
  return chosen.map(({ offer }) => offer).toSorted(byPrice);
}

function proposalOf(offer: Offer, cfp: CallForProposals, market: Market): Proposal {
  const { objective } = cfp;
  const { name, settings, conversation, nowMs } = market;
  const { shape, zone, micros, diskGiB } = offer;
  const validUntilMs = Math.max(nowMs, cfp.replyByMs) + settings.proposalValidMs;
  const spread = isApart(objective) ? spreadOf(name, conversation, objective.name) : undefined;
  const facts = {
    ...(settings.market === 'spot' ? { spotMicros: offer.typeMicros } : {}),
    ...(spread === undefined ? {} : { spread }),
  };
  const alternative = JSON.stringify([shape.name, zone, micros, diskGiB, validUntilMs]);
  return {
    kind: 'proposal',
    id: proposalId({ ...facts, vendor: name, cfp, conversation, alternative }),
    vendor: name,
    objective: objective.name,
    site: zone,
    shape: shape.name,
    pricePerHour: { micros, currency: settings.currency },
    offered: {
      cpus: shape.cpus,
      memoryMiB: shape.memoryMiB,
      diskGiB,
      ...(shape.networkMbps === 0 ? {} : { networkMbps: shape.networkMbps }),
      image: objective.image,
    },
    units: unitsOf(objective),
    uses:
      spread === undefined
        ? []
        : [{ resource: `spread ${spread} ${zone}`, amount: 1, available: spreadPerZone }],
    promises: promisesOf(objective, settings),
    predicted: { cpuSpeed: shape.cpuSpeed, bindMs: usualBindMs },
    validUntilMs,
  };
}

/** One alternative is one zone, so apart by site or vendor leaves room for one machine of it. */
function unitsOf(objective: Objective): number {
  const { apart } = objective.place;
  if (apart === 'site' || apart === 'vendor') return 1;
  return isApart(objective) ? Math.min(objective.count, spreadPerZone) : objective.count;
}

function noImage({ image }: Objective, { images }: Catalogue, settings: Settings): string {
  const known = Object.keys(images).toSorted();
  const have = known.length === 0 ? 'none is there' : `there are ${inWords(known)}`;
  const why = settings.images[image] === undefined ? 'not in the settings' : 'not found';
  return `${image} is ${why}; ${have}; set images.${image} to an AMI`;
}

function noZone({ place }: Objective, { name, settings, catalogue, subnets }: Market): string {
  const zones = allowedZones(catalogue.zones, settings);
  if (zones.length === 0) return `no zone of ${settings.region} is in the settings' zones`;
  const objections = zones.map(
    (zone) => placeObjection(place, name, zone) ?? `no subnet in ${zone}`,
  );
  const none = `no subnet of ${inWords(Object.values(subnets))} is in a zone asked for`;
  return objections.length === 0 ? none : inWords([...new Set(objections)]);
}

function noGroups({ count }: Objective, { endpoint = 'EC2' }: Settings): string {
  return `${count} machines on different hosts asked; ${endpoint} has no placement groups`;
}

function noPrices({ region }: Settings): string {
  return `no prices for ${region}; set \`prices\` to the path of a price book`;
}

function tooLarge(objective: Objective, { settings, catalogue }: Market): string {
  const { cpus, memoryMiB, diskGiB, networkMbps } = objective;
  const network = networkMbps === undefined ? '' : `, ${formatMbps(networkMbps)} sustained`;
  const asked = `${cpus} vCPUs, ${formatMiB(memoryMiB)}, ${formatGiB(diskGiB)} of disk${network}`;
  const types = settings.types.join(', ');
  const among = `${catalogue.shapes.length} instance types (types: ${types}, ${settings.market})`;
  return `${asked} for ${objective.image} asked; none of ${among} has it`;
}

/** Every fitting shape is unpriced, not offered in the zones, or out of stock. */
function noneHere(
  zones: readonly string[],
  fitting: readonly Fitting[],
  { market, prices }: Priced,
): [RefusalReason, string] {
  const here = fitting.filter(({ shape }) =>
    zonesOf(market.catalogue, shape).some((zone) => zones.includes(zone)),
  );
  const names = inWords(fitting.map(({ shape }) => shape.name));
  if (here.length === 0) return ['place', `${names}: not offered in ${inWords(zones)}`];
  const gone = here.filter(({ shape }) => zones.some((zone) => market.isGone(shape.name, zone)));
  if (gone.length > 0) return ['capacity', `${names}: EC2 has no more in ${inWords(zones)}`];
  const age = roughDuration(market.nowMs - prices.asOfMs);
  return ['unsupported', `${names}: no price in ${prices.source}, ${age} old`];
}

/** As many names as a reader takes in; the rest as a number. */
function inWords(names: readonly string[]): string {
  const shown = names.slice(0, 6).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}
