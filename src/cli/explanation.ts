/** `--explain`: every vendor's answer, and why it lost. */
import type { Explanation } from '../agency/negotiation/compose-offer.ts';
import { table } from '../render/table.ts';
import { formatPrice } from '../sla/money.ts';
import type { Composite, Sla } from '../sla/sla.ts';
import type { Store } from '../store/store.ts';

/** What composing kept; `undefined` when the SLA was composed by a model that keeps nothing. */
export async function readExplanation(
  store: Pick<Store, 'kept'>,
  sla: Pick<Sla, 'conversation'>,
): Promise<Explanation | undefined> {
  const text = await store.kept(sla.conversation, 'explanation');
  return text === undefined ? undefined : JSON.parse(text);
}

export function explanationText({ answers, lost }: Explanation): string {
  const reasons = new Map(lost.map(({ proposal, reason }) => [keyOf(proposal), reason]));
  const rows = answers.flatMap(({ objective, proposals, refusals }) => [
    ...proposals.map((proposal) => [
      objective,
      proposal.vendor,
      proposal.site,
      proposal.shape,
      formatPrice(proposal.pricePerHour),
      reasons.get(keyOf(proposal)) ?? 'chosen',
    ]),
    ...refusals.map(({ vendor, reason, detail }) => [
      objective,
      vendor,
      '',
      '',
      '',
      `${reason}: ${detail}`,
    ]),
  ]);
  return `${table(columns, rows)}\n`;
}

/** What else could be had from the same proposals; empty when that is what was chosen. */
export function besideLines({ cheapest, fastest }: Explanation): string {
  const line = (policy: string, other: Composite | undefined) =>
    other === undefined
      ? ''
      : `${policy}: ${formatPrice(other.pricePerHour)} (--policy ${policy})\n`;
  return `${line('cheapest', cheapest)}${line('fastest', fastest)}`;
}

const columns = [
  { heading: 'OBJECTIVE' },
  { heading: 'VENDOR' },
  { heading: 'SITE' },
  { heading: 'SHAPE' },
  { heading: 'EACH', align: 'right' },
  { heading: 'WHY' },
] as const;

function keyOf({
  vendor,
  objective,
  id,
}: {
  readonly vendor: string;
  readonly objective: string;
  readonly id: string;
}) {
  return `${vendor}\n${objective}\n${id}`;
}
