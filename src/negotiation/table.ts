import { type ConstraintTable, constraintTable } from '../lcc/constraint.ts';
import { cloudAgencySpecs } from './cloud-agency-constraints.ts';
import { negotiationSpecs } from './constraints.ts';

/** All that a model may ask that the agency runs: the shipped ones, and the user's own. */
export const negotiationTable: ConstraintTable = constraintTable([
  ...negotiationSpecs,
  ...cloudAgencySpecs,
]);
