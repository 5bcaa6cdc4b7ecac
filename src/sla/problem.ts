import { type Failure, failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { oneLine } from '../base/quote.ts';

/** The place of a value in an SLA document: `['objectives', 'web', 'memory']`. */
export type Path = readonly (string | number)[];

/** Lines and columns count from 1; a column is a UTF-16 unit, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a value, in words: `found 0; allowed is a whole number from 1 to 1000`. */
export interface Problem {
  readonly path: Path;
  /** A field in the mapping at `path` that is itself the problem. */
  readonly key?: string;
  readonly detail: string;
}

/** A problem and where the reader finds it: `shop.sla.yaml:12:9`, or an edit's text. */
export interface PlacedProblem extends Problem {
  readonly where: string;
}

export type SlaCode = 'SLA.SYNTAX' | 'SLA.INVALID';

/** All problems in one failure, the first {@link limits.slaProblems} of them in words. */
export function slaFailure(
  code: SlaCode,
  problems: readonly PlacedProblem[],
  about: { readonly file: string; readonly next: string },
): Failure {
  const shown = problems.slice(0, limits.slaProblems);
  const lines = shown.map(({ where, path, detail }) => {
    return oneLine([where, path.join('.'), detail].filter((part) => part !== '').join(': '));
  });
  const more = problems.length - shown.length;
  if (more > 0) lines.push(`and ${more} more`);
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const what = code === 'SLA.SYNTAX' ? 'cannot be read' : 'is not a valid SLA';
  const message = `${about.file} ${what}: ${count}\n${lines.map((line) => `  ${line}`).join('\n')}`;
  return failure(code, message, {
    facts: { file: about.file, problems: problems.length },
    next: about.next,
  });
}
