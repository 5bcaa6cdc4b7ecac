/** Fields of a document by path, and their names as users type them: `web.promises.cpu.steal`. */
import { promiseMetrics } from './metrics.ts';
import type { Path } from './problem.ts';

export interface Mapping {
  readonly [field: string]: unknown;
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `web.memory` is a field of an objective, `limits.price` one of the document. An objective that is
 * named like a field of the document is reached by `objectives.limits.memory`. Names of metrics
 * have dots of their own.
 */
export function fieldPath(field: string): readonly string[] {
  const steps = field.trim().split('.');
  const path = documentFields.has(steps[0] ?? '') ? steps : ['objectives', ...steps];
  if (path[0] !== 'objectives' || path[2] !== 'promises') return path;
  const named = path.slice(3).join('.');
  const metric = promiseMetrics.find((each) => named === each || named.startsWith(`${each}.`));
  if (metric === undefined) return path;
  const rest = named.slice(metric.length + 1);
  return [...path.slice(0, 3), metric, ...(rest === '' ? [] : rest.split('.'))];
}

const documentFields: ReadonlySet<string> = new Set([
  'sla',
  'name',
  'limits',
  'prefer',
  'objectives',
]);

/** A copy in which the field has the value; `undefined` leaves it out. */
export function withValue(mapping: Mapping, path: Path, value: unknown): Mapping {
  const [first, ...rest] = path;
  const entries = new Map(Object.entries(mapping));
  const inner = entries.get(`${first}`);
  const next = rest.length === 0 ? value : withValue(isMapping(inner) ? inner : {}, rest, value);
  if (next === undefined) entries.delete(`${first}`);
  else entries.set(`${first}`, next);
  return Object.fromEntries(entries);
}

export function isWithin(path: Path, outer: Path): boolean {
  return outer.every((step, index) => path[index] === step);
}

/** Each value in a mapping as a text under its dotted name; lists are values. */
export function flatten(value: unknown, name = ''): readonly (readonly [string, string])[] {
  if (!isMapping(value)) return [[name, Array.isArray(value) ? value.join(', ') : `${value}`]];
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .flatMap(([field, inner]) => flatten(inner, name === '' ? field : `${name}.${field}`));
}
