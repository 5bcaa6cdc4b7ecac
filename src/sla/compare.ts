import { formatDuration, formatGiB, formatMbps, formatMiB, roughDuration } from '../base/units.ts';
import { formatBound } from './metrics.ts';
import type { Objective, ServicePromise } from './objective.ts';
import { placeObjection } from './place.ts';
import type { PromisedLevel, Proposal } from './proposal.ts';

/** One parameter, asked and offered. */
export interface Difference {
  /** `cpus`, `memory`, `disk`, `network`, `image`, `place`, or a promised metric. */
  readonly parameter: string;
  readonly asked: string;
  readonly offered: string;
  /** Of the offer against what is asked; `less` does not meet the template. */
  readonly verdict: 'less' | 'equal' | 'more';
  /** `memory: 4 GiB asked, 2 GiB offered` */
  readonly words: string;
}

/**
 * Every parameter of an objective against an offer for it. The rule is the Cloud Agency's
 * (CLOSER'11): each value of the template must be at most the offer's. A promise is met by a level
 * no weaker over a window no longer; the relations between machines are the composer's to check.
 */
export function compare(objective: Objective, proposal: Proposal): readonly Difference[] {
  const { offered } = proposal;
  return [
    amounts('cpus', [objective.cpus, offered.cpus], String),
    amounts('memory', [objective.memoryMiB, offered.memoryMiB], formatMiB),
    amounts('disk', [objective.diskGiB, offered.diskGiB], formatGiB),
    network(objective.networkMbps, offered.networkMbps),
    same('image', objective.image, offered.image),
    place(objective, proposal),
    ...objective.promises.map((asked) => promise(asked, proposal.promises)),
  ];
}

/**
 * Why a proposal cannot stand for an objective, in words and numbers; empty when it can. It checks
 * what a vendor's program may get wrong, so that a plugin's mistake becomes a refusal.
 */
export function checkProposal(
  objective: Objective,
  proposal: Proposal,
  call: { readonly currency: string; readonly nowMs: number },
): readonly string[] {
  const short = compare(objective, proposal).filter(({ verdict }) => verdict === 'less');
  return [
    ...malformed(objective, proposal),
    ...standing(proposal, call),
    ...short.map((difference) => difference.words),
  ];
}

/** Whether its time is over: from `validUntilMs` on, accepting it fails. */
export function isExpired(offer: { readonly validUntilMs: number }, nowMs: number): boolean {
  return nowMs >= offer.validUntilMs;
}

function standing(
  proposal: Proposal,
  call: { readonly currency: string; readonly nowMs: number },
): readonly string[] {
  const { currency } = proposal.pricePerHour;
  const lateMs = call.nowMs - proposal.validUntilMs;
  return [
    ...(currency === call.currency
      ? []
      : [`currency: ${call.currency} asked, ${currency} offered`]),
    ...(isExpired(proposal, call.nowMs) ? [`it expired ${roughDuration(lateMs)} ago`] : []),
  ];
}

/** What is well-formed, and yet no offer: numbers that composing could not work with. */
function malformed(objective: Objective, proposal: Proposal): readonly string[] {
  const { pricePerHour, predicted, units, uses } = proposal;
  const { cpuSpeed, bindMs } = predicted;
  const rules: readonly Rule[] = [
    [proposal.objective === objective.name, `it is for the objective ${proposal.objective}`],
    [isCount(pricePerHour.micros), `its price is ${pricePerHour.micros} micros`],
    [isCount(units) && units > 0, `it serves ${units} machines`],
    [cpuSpeed > 0 && cpuSpeed < Number.POSITIVE_INFINITY, `its predicted speed is ${cpuSpeed}`],
    [bindMs >= 0 && bindMs < Number.POSITIVE_INFINITY, `it predicts ${bindMs} ms to start`],
    ...uses.map(({ resource, amount, available }): Rule => {
      return [amount >= 0 && amount <= available, `${resource}: takes ${amount} of ${available}`];
    }),
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => fault);
}

type Rule = readonly [boolean, string];

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function amounts(
  parameter: string,
  [asked, offered]: readonly [number, number],
  format: (value: number) => string,
): Difference {
  const verdict = offered > asked ? 'more' : offered === asked ? 'equal' : 'less';
  return difference(parameter, [format(asked), format(offered)], verdict);
}

function network(asked: number | undefined, offered: number | undefined): Difference {
  if (asked !== undefined && offered !== undefined) {
    return amounts('network', [asked, offered], formatMbps);
  }
  const texts = [
    asked === undefined ? 'any' : formatMbps(asked),
    offered === undefined ? 'not stated' : formatMbps(offered),
  ] as const;
  if (asked !== undefined) return difference('network', texts, 'less');
  return difference('network', texts, offered === undefined ? 'equal' : 'more');
}

function same(parameter: string, asked: string, offered: string): Difference {
  return difference(parameter, [asked, offered], asked === offered ? 'equal' : 'less');
}

function place(objective: Objective, { vendor, site }: Proposal): Difference {
  const objection = placeObjection(objective.place, vendor, site);
  const { sites, vendors, not } = objective.place;
  const asked = [
    ...(vendors.length === 0 ? [] : [`at ${vendors.join(' or ')}`]),
    ...(sites.length === 0 ? [] : [`in ${sites.join(' or ')}`]),
    ...(not.length === 0 ? [] : [`not ${not.join(' nor ')}`]),
  ];
  const texts = [asked.length === 0 ? 'anywhere' : asked.join(', '), `${vendor} ${site}`] as const;
  return difference('place', texts, objection === undefined ? 'equal' : 'less');
}

function promise(asked: ServicePromise, promises: readonly PromisedLevel[]): Difference {
  const levels = promises.filter(
    ({ metric, bound }) => metric === asked.metric && bound === asked.bound,
  );
  const ranked = (['more', 'equal', 'less'] as const).flatMap((verdict) =>
    levels.filter((offered) => strength(asked, offered) === verdict),
  );
  const [best] = ranked;
  const offered = best === undefined ? 'no promise' : level(best);
  const verdict = best === undefined ? 'less' : strength(asked, best);
  return difference(asked.metric, [level(asked), offered], verdict);
}

/** A bound is harder to keep when it is tighter, and when its window is shorter. */
function strength(asked: PromisedLevel, offered: PromisedLevel): Difference['verdict'] {
  const gap = offered.value - asked.value;
  const tighter = asked.bound === 'atLeast' ? gap : -gap;
  const shorterMs = asked.windowMs - offered.windowMs;
  // Written so that a value that is no number is less.
  if (!(tighter >= 0 && shorterMs >= 0)) return 'less';
  return tighter > 0 || shorterMs > 0 ? 'more' : 'equal';
}

function level(promised: PromisedLevel): string {
  return `${formatBound(promised)} over ${formatDuration(promised.windowMs)}`;
}

function difference(
  parameter: string,
  [asked, offered]: readonly [string, string],
  verdict: Difference['verdict'],
): Difference {
  const words = `${parameter}: ${asked} asked, ${offered} offered`;
  return { parameter, asked, offered, verdict, words };
}
