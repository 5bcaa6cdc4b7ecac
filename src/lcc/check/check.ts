import type { Model } from '../ast.ts';
import type { ConstraintTable } from '../constraint.ts';
import { checkAsks } from './asks.ts';
import { checkRuns } from './explore/runs.ts';
import { checkModes } from './modes.ts';
import { checkPairing } from './pairing.ts';
import { programOf } from './program.ts';
import { byPlace, type Report } from './report.ts';
import { checkRoles } from './roles.ts';
import { checkVariables } from './variables.ts';
import { checkWaits } from './waits.ts';

/**
 * Whatever is wrong with a model that can be seen before it runs; docs/lcc.md has every code with
 * an example. The table holds what the host answers; the language's own constraints are known.
 * The exploration of runs is bounded by `limits.modelStates`; the report says whether it was
 * complete. Never throws.
 */
export function checkModel(model: Model, table: ConstraintTable): Report {
  const program = programOf(model, table);
  const waits = checkWaits(program);
  const runs = checkRuns(program, waits);
  const findings = [
    ...checkRoles(program),
    ...checkAsks(program),
    ...checkModes(program),
    ...checkPairing(program),
    ...checkVariables(program),
    ...waits.findings,
    ...runs.findings,
  ];
  return { findings: findings.sort(byPlace), exploration: runs.exploration };
}

export type { Report } from './report.ts';
