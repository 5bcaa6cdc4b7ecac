/** The composite as a table: what, where, from whom, at what price, and by how much it is met. */
import { formatMiB } from '../base/units.ts';
import { formatBound } from '../sla/metrics.ts';
import { formatPrice, timesMoney } from '../sla/money.ts';
import type { Objective } from '../sla/objective.ts';
import type { Proposal } from '../sla/proposal.ts';
import type { Composite, Machine, Part } from '../sla/sla.ts';
import type { Template } from '../sla/template.ts';
import { table } from './table.ts';

export function compositeTable(template: Template, composite: Composite): string {
  const shown = template.objectives.flatMap((objective) =>
    byProposal(composite.parts, objective.name).map((part) => ({ objective, ...part })),
  );
  const { currency } = composite.pricePerHour;
  const promised = shown.flatMap(({ objective, proposal }) => promiseLines(objective, proposal));
  return [
    table([...columns, { heading: `${currency}/h`, align: 'right' }], shown.map(rowOf)),
    totalLine(template, composite),
    ...(promised.length === 0 ? [] : ['promised\n', ...promised]),
  ].join('');
}

const columns = [
  { heading: 'OBJECTIVE' },
  { heading: 'COUNT', align: 'right' },
  { heading: 'VENDOR' },
  { heading: 'SITE' },
  { heading: 'SHAPE' },
  { heading: 'CPUS', align: 'right' },
  { heading: 'MEMORY', align: 'right' },
] as const;

interface Shown {
  readonly objective: Objective;
  readonly proposal: Proposal;
  /** How many machines of the objective this proposal serves. */
  readonly machines: number;
}

function rowOf({ objective, proposal, machines }: Shown): readonly string[] {
  const { vendor, site, shape, offered, pricePerHour } = proposal;
  return [
    objective.name,
    String(machines),
    vendor,
    site,
    shape,
    String(offered.cpus),
    formatMiB(offered.memoryMiB),
    (timesMoney(pricePerHour, machines).micros / 1_000_000).toFixed(6),
  ];
}

/** What is promised beside what was asked: by how much each promise is met. */
function promiseLines(objective: Objective, { promises }: Proposal): readonly string[] {
  return objective.promises.flatMap((asked) => {
    const { metric, bound } = asked;
    const offer = promises.find((each) => each.metric === metric && each.bound === bound);
    if (offer === undefined) return [];
    const more = offer.value === asked.value ? '' : `, asked ${formatBound(asked)}`;
    return [`  ${objective.name}: ${metric} ${formatBound(offer)}${more}\n`];
  });
}

function byProposal(
  parts: readonly Part[],
  objective: string,
): readonly { readonly proposal: Proposal; readonly machines: number }[] {
  const own = parts.filter((part) => part.objective === objective);
  const groups = Map.groupBy(own, ({ proposal }) => `${proposal.vendor}\n${proposal.id}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ proposal: first.proposal, machines: group.length }];
  });
}

function totalLine({ limits }: Template, composite: Composite): string {
  const limit = limits.pricePerHour;
  const price = `total ${formatPrice(composite.pricePerHour)}`;
  const margin =
    limit === undefined
      ? ''
      : `, limit ${formatPrice(limit)}, margin ${formatPrice({
          micros: limit.micros - composite.pricePerHour.micros,
          currency: limit.currency,
        })}`;
  return `${price}${margin}\nchoice: ${proofWords(composite)}\n`;
}

function proofWords({ proof }: Composite): string {
  switch (proof.kind) {
    case 'optimal':
      return 'proven best';
    case 'time-limit':
      return proof.gapPercent === undefined
        ? 'best found in the time'
        : `at most ${proof.gapPercent.toFixed(2)} % from the best`;
    case 'heuristic':
      return 'first that fits';
  }
}

export function shortfallLines({ shortfalls }: Composite): string {
  return shortfalls
    .map(({ objective, kind, detail }) => `  ${objective ?? 'whole'}: ${kind}: ${detail}\n`)
    .join('');
}

/** How to reach the machines. */
export function bindingTable(machines: readonly Machine[]): string {
  return table(
    [
      { heading: 'MACHINE' },
      { heading: 'STATE' },
      { heading: 'VENDOR' },
      { heading: 'SITE' },
      { heading: 'ENDPOINT' },
      { heading: 'CREDENTIALS' },
    ],
    machines.map((machine) => [
      machine.name,
      machine.state,
      machine.vendor,
      machine.binding?.site ?? '',
      machine.binding?.endpoint ?? machine.reason ?? '',
      machine.binding?.credentialRef ?? '',
    ]),
  );
}
