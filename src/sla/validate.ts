import type { z } from 'zod';
import { limits } from '../base/limits.ts';
import { quote } from '../base/quote.ts';
import { didYouMean } from '../base/suggest.ts';
import { contradictions, objectiveContradictions } from './contradictions.ts';
import type { Problem } from './problem.ts';
import { objectiveSchema, templateSchema } from './schema.ts';
import type { Template } from './template.ts';

export type Checked =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A document's plain data as a template, or everything that keeps it from being one. */
export function checkTemplate(value: unknown): Checked {
  const written = writtenObjectives(value);
  if (written.length > limits.slaObjectives) {
    const detail = `found ${written.length} objectives; allowed are ${limits.slaObjectives}`;
    return { ok: false, problems: [{ path: ['objectives'], detail }] };
  }
  const parsed = templateSchema.safeParse(value);
  const problems = parsed.success
    ? contradictions(parsed.data)
    : [...distinct(parsed.error.issues.flatMap(toProblems)), ...amongSound(written)];
  return parsed.success && problems.length === 0
    ? { ok: true, template: parsed.data }
    : { ok: false, problems };
}

function writtenObjectives(value: unknown): readonly (readonly [string, unknown])[] {
  const isMapping = typeof value === 'object' && value !== null && 'objectives' in value;
  const objectives = isMapping ? value.objectives : undefined;
  const named = typeof objectives === 'object' && objectives !== null && !Array.isArray(objectives);
  return named ? Object.entries(objectives) : [];
}

/** Contradictions of the objectives that are sound in themselves, beside those that are not. */
function amongSound(written: readonly (readonly [string, unknown])[]): readonly Problem[] {
  const names = written.map(([name]) => name);
  return written.flatMap(([name, value]) => {
    const parsed = objectiveSchema.safeParse(value);
    return parsed.success ? objectiveContradictions({ name, ...parsed.data }, names) : [];
  });
}

function toProblems(issue: z.core.$ZodIssue): readonly Problem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? step.toString() : step));
  if (issue.code === 'invalid_key') {
    const detail = issue.issues[0]?.message ?? issue.message;
    return [{ path: path.slice(0, -1), key: `${path.at(-1)}`, detail }];
  }
  if (issue.code !== 'unrecognized_keys') return [{ path, detail: issue.message }];
  return issue.keys.slice(0, limits.slaProblems * 2).map((key) => {
    const hint = didYouMean(key, issue.message.split(', '));
    const detail = `found the unknown field ${quote(key)}; allowed: ${issue.message}${hint}`;
    return { path, key, detail };
  });
}

/** A number that breaks two rules says the same of both. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map(
    problems.map((problem) => [
      `${problem.path.join('.')}\n${problem.key}\n${problem.detail}`,
      problem,
    ]),
  );
  return [...seen.values()];
}
