import type { Clause, VarNode } from '../ast.ts';
import { type Program, type Step, variablesOfDef, variablesOfTerms } from './program.ts';
import { type Finding, finding } from './report.ts';

/**
 * A variable that occurs once is misspelt, or should be `_`. Exempt are the agent's own name, and
 * the recipient of a message: as a variable it is one of those that play the role, as `_` all.
 */
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
  const steps = program.steps.filter((step) => step.clause === clause);
  const exempt = new Set([clause.me, ...steps.flatMap(recipientOf)]);
  const variables = [
    ...variablesOfTerms(clause.params),
    ...steps.flatMap((step) => variablesOfDef(step.def)),
  ];
  return Map.groupBy(
    variables.filter((variable) => !exempt.has(variable.name)),
    (variable) => variable.name,
  );
}

function recipientOf({ def }: Step): readonly string[] {
  return def.op === 'send' && def.target.id.kind === 'variable' ? [def.target.id.name] : [];
}
