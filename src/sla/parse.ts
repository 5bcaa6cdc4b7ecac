import { type PlacedProblem, type Problem, slaFailure } from './problem.ts';
import type { Template } from './template.ts';
import { checkTemplate } from './validate.ts';
import { readYaml, type YamlText } from './yaml.ts';

/**
 * Reads an SLA document in YAML or JSON. Throws SLA.SYNTAX when the text is no such document, and
 * SLA.INVALID when it is one that cannot be negotiated; both list every problem with
 * file:line:column, what was found and what is allowed. Time and memory are bounded for any text.
 */
export function parseTemplate(text: string, source: { readonly file: string }): Template {
  const about = { file: source.file, next: `correct ${source.file}, then repeat the command` };
  const yaml = readYaml(text);
  if (yaml.value === undefined) {
    throw slaFailure('SLA.SYNTAX', placed(yaml, [], source.file), about);
  }
  const checked = checkTemplate(yaml.value);
  if (checked.ok && yaml.problems.length === 0) return checked.template;
  const problems = checked.ok ? [] : checked.problems;
  throw slaFailure('SLA.INVALID', placed(yaml, problems, source.file), about);
}

/** The text's own problems and those of its values, in the order of the text. */
export function placed(
  yaml: YamlText,
  problems: readonly Problem[],
  file: string,
): readonly PlacedProblem[] {
  const ofValues = problems.map((problem) => {
    return { ...problem, offset: yaml.locate(problem.path, problem.key) };
  });
  return [...yaml.problems, ...ofValues]
    .sort((a, b) => a.offset - b.offset)
    .map(({ path, detail, offset }) => {
      const { line, column } = yaml.position(offset);
      return { path, detail, where: `${file}:${line}:${column}` };
    });
}
