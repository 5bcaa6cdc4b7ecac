import { type ConstraintSpec, type ConstraintTable, constraintTable } from '../lcc/constraint.ts';

/** What bargaining.lcc asks. Offers are terms of whoever answers; the model only passes them on. */
const bargainingSpecs: readonly ConstraintSpec[] = [
  {
    name: 'opponent',
    modes: ['-'],
    kind: 'act',
    summary: 'the party that is bargained with',
  },
  {
    name: 'nextOffer',
    modes: ['-'],
    kind: 'act',
    summary: 'the offer that the tactic makes in this round; no when the rounds are used up',
  },
  {
    name: 'goodEnough',
    modes: ['+'],
    kind: 'act',
    summary: 'the offer is no worse than what the tactic would offer next',
  },
  { name: 'agreed', modes: ['+'], kind: 'act', summary: 'records the offer as the agreement' },
  { name: 'broken', modes: ['+'], kind: 'act', summary: 'records why there is no agreement' },
];

export const bargainingTable: ConstraintTable = constraintTable(bargainingSpecs);
