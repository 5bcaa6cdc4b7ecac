/**
 * Builds the fields of the SLA document on zod. Each knows what is allowed in one phrase, which ends
 * every message about it: `found 0; allowed is a whole number from 1 to 1000`.
 */
import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { quote } from '../base/quote.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Parsed } from '../base/units.ts';

/** A text written as `read` understands it, such as `4 GiB`; the value is what `read` returns. */
export interface TextField<Value> {
  readonly read: (text: string) => Parsed<Value>;
  /** `a size with its unit, such as 4 GiB` */
  readonly allowed: string;
  /** Ends after `such as`; an editor offers it. */
  readonly example: string;
  /** Matches whatever `read` accepts; editors check it without us. */
  readonly pattern: RegExp;
  /** True when the value is within bounds; `allowed` names them. Absent: any. */
  readonly within?: (value: Value) => boolean;
}

export function textField<Value>(field: TextField<Value>): z.ZodType<Value, string> {
  return z
    .string({ error: ({ input }) => `${foundButText(input)}; allowed is ${field.allowed}` })
    .meta({ examples: [field.example], pattern: field.pattern.source })
    .transform((written, context) => {
      const parsed = field.read(written);
      if (parsed.ok && field.within?.(parsed.value) !== false) return parsed.value;
      const problem = `found ${quote(written)}; allowed is ${field.allowed}`;
      context.addIssue({ code: 'custom', message: parsed.ok ? problem : parsed.problem });
      return z.NEVER;
    });
}

/** A text that matches `pattern` and is taken as it is. */
export function nameField(
  pattern: RegExp,
  words: { readonly allowed: string; readonly example: string },
): z.ZodType<string, string> {
  const allowed = `${words.allowed}, such as ${words.example}`;
  return z
    .string({ error: ({ input }) => `${foundButText(input)}; allowed is ${allowed}` })
    .regex(pattern, { error: ({ input }) => `found ${quote(input)}; allowed is ${allowed}` })
    .meta({ examples: [words.example] });
}

export function wholeField(least: number, most: number): z.ZodType<number, number> {
  const error = allowedIs(`a whole number from ${least} to ${most}`);
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

export function numberField(least: number, most: number): z.ZodType<number, number> {
  const error = allowedIs(`a number from ${least} to ${most}`);
  return z.number({ error }).min(least, { error }).max(most, { error });
}

export function choiceField<const Choice extends string>(
  choices: readonly Choice[],
): z.ZodType<Choice, Choice> {
  const listed = choices.length === 1 ? `${choices[0]}` : orList(choices);
  return z.enum(choices, {
    error: ({ input }) => {
      const hint = typeof input === 'string' ? didYouMean(input, choices) : '';
      return `${found(input)}; allowed is ${listed}${hint}`;
    },
  });
}

/** A list without repetition. */
export function listField<Value>(item: z.ZodType<Value, Value>): z.ZodType<Value[], Value[]> {
  const error = allowedIs(`a list of at most ${limits.slaListEntries} entries, such as [a, b]`);
  return z
    .array(item, { error })
    .max(limits.slaListEntries, { error })
    .superRefine((values, context) => {
      const seen = new Set<Value>();
      for (const [index, value] of values.entries()) {
        if (!seen.has(value)) seen.add(value);
        else context.addIssue({ code: 'custom', path: [index], message: twice(value) });
      }
    })
    .meta({ uniqueItems: true });
}

/** A mapping with exactly these fields. The message for unknown ones is the list of the known. */
export function mapping<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const fields = Object.keys(shape).filter((field) => !field.startsWith('$'));
  return z.strictObject(shape, {
    error: ({ code, input }) =>
      code === 'unrecognized_keys'
        ? fields.join(', ')
        : `${found(input)}; allowed is a mapping with ${fields.join(', ')}`,
  });
}

/** `is missing`, or `found 4` */
export function found(input: unknown): string {
  return input === undefined ? 'is missing' : `found ${quote(input)}`;
}

function foundButText(input: unknown): string {
  const bare = typeof input === 'number' || typeof input === 'boolean';
  return bare ? `found ${quote(input)}, not a text` : found(input);
}

function allowedIs(allowed: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => `${found(input)}; allowed is ${allowed}`;
}

function twice(value: unknown): string {
  return `found ${quote(value)} twice; allowed is once`;
}

function orList(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
