/** The composite as a table: what, where, from whom, at what price, and by how much it is met. */
import { formatMiB } from '../base/units.ts';
import { formatPrice, sumMoney } from '../sla/money.ts';
import type { Objective } from '../sla/objective.ts';
import type { Proposal } from '../sla/proposal.ts';
import type { Composite, Machine, Part } from '../sla/sla.ts';
import type { Template } from '../sla/template.ts';
import { table } from './table.ts';

export function compositeTable(template: Template, composite: Composite): string {
  const rows = template.objectives.flatMap((objective) =>
    byProposal(composite.parts, objective.name).map(({ proposal, machines }) =>
      rowOf(objective, proposal, machines),
    ),
  );
  return `${table(columns, rows)}${totalLine(template, composite)}`;
}

const columns = [
  { heading: 'OBJECTIVE' },
  { heading: 'MACHINES', align: 'right' },
  { heading: 'VENDOR' },
  { heading: 'SITE' },
  { heading: 'SHAPE' },
  { heading: 'PRICE', align: 'right' },
  { heading: 'PROMISES' },
] as const;

function rowOf(objective: Objective, proposal: Proposal, machines: number): readonly string[] {
  const { currency } = proposal.pricePerHour;
  const each = Array.from({ length: machines }, () => proposal.pricePerHour);
  return [
    objective.name,
    String(machines),
    proposal.vendor,
    proposal.site,
    `${proposal.shape} (${proposal.offered.cpus} vCPUs, ${formatMiB(proposal.offered.memoryMiB)})`,
    formatPrice(sumMoney(each, currency)),
    objective.promises.map(({ metric }) => metric).join(', '),
  ];
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
  return `${price}${margin}; ${proofWords(composite)}\n`;
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
