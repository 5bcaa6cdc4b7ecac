import type { Clause, VarNode } from '../ast.ts';
import { type Program, variablesOfDef, variablesOfTerms } from './program.ts';
import { type Finding, finding } from './report.ts';

/** A variable that occurs once is misspelt, or should be `_`. The agent's own name need not be used. */
export function checkVariables(program: Program): readonly Finding[] {
  return program.model.clauses.flatMap((clause) =>
    [...occurrences(program, clause).values()].flatMap(([first, ...more]) =>
      first === undefined || more.length > 0
        ? []
        : [
            finding(
              'LCC.VARIABLE_USED_ONCE',
              first.at,
              `${first.name} is used once in ${clause.role}; "_" says that nobody needs it`,
            ),
          ],
    ),
  );
}

function occurrences(program: Program, clause: Clause): ReadonlyMap<string, readonly VarNode[]> {
  const variables = [
    ...variablesOfTerms(clause.params),
    ...program.steps.filter((step) => step.clause === clause).flatMap((s) => variablesOfDef(s.def)),
  ];
  return Map.groupBy(
    variables.filter((variable) => variable.name !== clause.me),
    (variable) => variable.name,
  );
}
