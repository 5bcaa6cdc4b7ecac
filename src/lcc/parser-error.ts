import { type Failure, failure } from '../base/failure.ts';
import type { Position } from './ast.ts';

/** A model's text with the name that errors give it. */
export interface Source {
  readonly text: string;
  readonly file: string;
}

/** The part of a line that is shown when the line is longer than a terminal. */
const EXCERPT_COLUMNS = 96;

/** `LCC.SYNTAX` that shows the place: `file:line:column`, the line, and a caret below it. */
export function syntaxFailure(
  source: Source,
  at: Position,
  message: string,
  facts: Failure['facts'] = {},
): Failure {
  const place = `${source.file}:${at.line}:${at.column}`;
  return failure('LCC.SYNTAX', `${place}: ${message}\n${excerpt(source.text, at)}`, {
    facts: { file: source.file, line: at.line, column: at.column, ...facts },
    next: 'docs/lcc.md has the grammar',
  });
}

function excerpt(text: string, at: Position): string {
  const line = text.split('\n', at.line)[at.line - 1]?.replace(/\r$/, '') ?? '';
  const from = Math.max(0, at.column - 1 - EXCERPT_COLUMNS / 2);
  const shown = line.slice(from, from + EXCERPT_COLUMNS);
  const before = shown.slice(0, at.column - 1 - from);
  // Tabs stay tabs, so that the caret stands below its character.
  return `  ${shown}\n  ${before.replace(/[^\t]/g, ' ')}^`;
}
