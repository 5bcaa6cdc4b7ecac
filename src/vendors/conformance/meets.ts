import { placeAllows } from '../../sla/place.ts';
import type { CallForProposals, Proposal, Refusal, RefusalReason } from '../vendor.ts';

/** Who answered: its name, and the names of the sites that it describes. */
export interface Answerer {
  readonly name: string;
  readonly sites: readonly string[];
  readonly nowMs: number;
}

/** Where a proposal falls short of the call it answers (V4), in words; empty when nowhere. */
export function shortfalls(
  proposal: Proposal,
  cfp: CallForProposals,
  answerer: Answerer,
): readonly string[] {
  const { objective } = cfp;
  const { offered, pricePerHour: price, predicted } = proposal;
  const facts: readonly (readonly [boolean, string])[] = [
    [proposal.kind === 'proposal', `kind ${proposal.kind}`],
    [proposal.id.length > 0 && proposal.id.length <= 200, 'an id of 1 to 200 characters'],
    [proposal.vendor === answerer.name, `vendor ${proposal.vendor}`],
    [proposal.objective === objective.name, `objective ${proposal.objective}`],
    [Number.isSafeInteger(price.micros) && price.micros >= 0, `price ${price.micros} micros`],
    [price.currency === cfp.currency, `${price.currency} for a call in ${cfp.currency}`],
    [answerer.sites.includes(proposal.site), `site ${proposal.site} is not described`],
    [
      placeAllows(objective.place, answerer.name, proposal.site),
      `site ${proposal.site} is not allowed`,
    ],
    [proposal.shape !== '', 'no shape'],
    [offered.cpus >= objective.cpus, `${offered.cpus} of ${objective.cpus} vCPUs`],
    [offered.memoryMiB >= objective.memoryMiB, `${offered.memoryMiB} MiB memory`],
    [offered.diskGiB >= objective.diskGiB, `${offered.diskGiB} GiB disk`],
    [(offered.networkMbps ?? 0) >= (objective.networkMbps ?? 0), 'the network'],
    [offered.image === objective.image, `image ${offered.image}`],
    [Number.isSafeInteger(proposal.units) && proposal.units >= 1, `${proposal.units} units`],
    [proposal.validUntilMs > answerer.nowMs, 'it has expired'],
    [predicted.cpuSpeed > 0 && predicted.bindMs >= 0, 'a predicted speed and time'],
    ...proposal.uses.map(
      (use) =>
        [use.amount >= 0 && use.available >= use.amount, `it uses up ${use.resource}`] as const,
    ),
    ...objective.promises.map(
      (asked) => [isPromised(asked, proposal.promises), `the promise ${asked.metric}`] as const,
    ),
  ];
  return facts.filter(([holds]) => !holds).map(([, what]) => what);
}

const reasons: readonly RefusalReason[] = [
  'capacity',
  'unsupported',
  'policy',
  'currency',
  'image',
  'place',
  'promise',
  'late',
  'failed',
];

/** What a refusal lacks, in words; empty when nothing. */
export function refusalFaults(
  refusal: Refusal,
  { objective }: CallForProposals,
  { name }: Answerer,
): readonly string[] {
  const facts: readonly (readonly [boolean, string])[] = [
    [refusal.kind === 'refusal', `kind ${refusal.kind}`],
    [refusal.vendor === name, `vendor ${refusal.vendor}`],
    [refusal.objective === objective.name, `objective ${refusal.objective}`],
    [reasons.includes(refusal.reason), `reason ${refusal.reason}`],
    [refusal.detail !== '', 'no detail'],
  ];
  return facts.filter(([holds]) => !holds).map(([, what]) => what);
}

type Promised = Proposal['promises'][number];

/** The same or better: in a shorter window a bound is harder to keep. */
function isPromised(asked: Promised, promises: readonly Promised[]): boolean {
  return promises.some(
    ({ metric, bound, value, windowMs }) =>
      metric === asked.metric &&
      bound === asked.bound &&
      windowMs <= asked.windowMs &&
      (bound === 'atLeast' ? value >= asked.value : value <= asked.value),
  );
}
