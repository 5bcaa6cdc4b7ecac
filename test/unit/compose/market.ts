import type { ComposeInput } from '../../../src/negotiation/compose/build.ts';
import { id, type ProposalId } from '../../../src/sla/ids.ts';
import type { Objective, Place } from '../../../src/sla/objective.ts';
import type { Proposal } from '../../../src/sla/proposal.ts';
import type { Answers } from '../../../src/sla/sla.ts';
import type { Template } from '../../../src/sla/template.ts';

/** An objective of one small machine, but for what is given. */
export function objective(name: string, given: Partial<Objective> = {}): Objective {
  return {
    name,
    count: 1,
    cpus: 2,
    memoryMiB: 4096,
    diskGiB: 20,
    image: 'debian-12',
    place: anywhere,
    promises: [],
    amend: [],
    ...given,
  };
}

export const anywhere: Place = { sites: [], vendors: [], not: [] };

/** A proposal of `kvm` in `eu-north` for 0.10 USD/h, but for what is given. */
export function proposal(
  idText: string,
  given: Partial<Proposal> & { readonly usd?: number } = {},
): Proposal {
  const { usd = 0.1, ...rest } = given;
  return {
    kind: 'proposal',
    id: id<ProposalId>(idText),
    vendor: 'kvm',
    objective: 'web',
    site: 'eu-north',
    shape: `shape-${idText}`,
    pricePerHour: { micros: Math.round(usd * 1_000_000), currency: 'USD' },
    offered: { cpus: 2, memoryMiB: 4096, diskGiB: 20, image: 'debian-12' },
    units: 10,
    uses: [],
    promises: [],
    predicted: { cpuSpeed: 1, bindMs: 1000 },
    validUntilMs: 2_000,
    ...rest,
  };
}

/** What composing looks at, with the proposals sorted to their objectives. */
export function market(
  objectives: readonly Objective[],
  proposals: readonly Proposal[],
  given: Partial<ComposeInput> & { readonly budgetUsd?: number } = {},
): ComposeInput {
  const { budgetUsd, ...rest } = given;
  const limits: Template['limits'] =
    budgetUsd === undefined
      ? {}
      : { pricePerHour: { micros: Math.round(budgetUsd * 1_000_000), currency: 'USD' } };
  return {
    template: { name: 'shop', limits, prefer: { price: 3, speed: 1, trust: 1 }, objectives },
    answers: objectives.map(
      ({ name }): Answers => ({
        objective: name,
        proposals: proposals.filter((one) => one.objective === name),
        refusals: [],
      }),
    ),
    records: [],
    kept: [],
    sites: [],
    policy: 'balanced',
    nowMs: 1_000,
    ...rest,
  };
}
