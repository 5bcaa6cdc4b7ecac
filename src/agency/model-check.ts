/** What is wrong with a model's text, as one list, whether it can be read or not. */
import { type Failure, isFailure } from '../base/failure.ts';
import type { Model } from '../lcc/ast.ts';
import { checkModel } from '../lcc/check/check.ts';
import type { Exploration, Finding } from '../lcc/check/report.ts';
import type { Dialect } from '../lcc/dialect.ts';
import { parseModel } from '../lcc/parser.ts';
import { knownConstraints } from './model-library.ts';
import type { ModelText } from './models.ts';

export interface CheckOptions {
  readonly dialect: Dialect;
  /** `syntax`: whether it can be read, and no more. */
  readonly depth: 'syntax' | 'runs';
}

export interface CheckedModel {
  readonly file: string;
  /** By their places. */
  readonly findings: readonly PlacedFinding[];
  /** Absent when no run was looked at. */
  readonly exploration?: Exploration;
}

export interface PlacedFinding extends Pick<Finding, 'severity' | 'message' | 'trace'> {
  /** One of `findingCodes`, or what parsing fails with: LCC.SYNTAX, LCC.TOO_LONG, LCC.TOO_DEEP. */
  readonly code: string;
  readonly line: number;
  readonly column: number;
}

export function checkText(model: ModelText, { dialect, depth }: CheckOptions): CheckedModel {
  const { file } = model;
  const parsed = parsedOrFailure(model, dialect);
  if (isFailure(parsed)) return { file, findings: [placed(parsed, file)] };
  if (depth === 'syntax') return { file, findings: [] };
  const { findings, exploration } = checkModel(parsed, knownConstraints);
  return { file, exploration, findings: findings.map(({ at, ...rest }) => ({ ...rest, ...at })) };
}

function parsedOrFailure({ text, file }: ModelText, dialect: Dialect): Model | Failure {
  try {
    return parseModel(text, { dialect, file });
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
}

/** The place is told once: a finding's message does not begin with it. */
function placed({ code, message, facts }: Failure, file: string): PlacedFinding {
  const [line, column] = [Number(facts['line'] ?? 1), Number(facts['column'] ?? 1)];
  const place = `${file}:${line}:${column}: `;
  const said = message.startsWith(place) ? message.slice(place.length) : message;
  return { severity: 'error', code, message: said, line, column };
}
