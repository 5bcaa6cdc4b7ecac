/** Renegotiation as pure functions: edits of a template, and what became different. */
import { quote } from '../base/quote.ts';
import { didYouMean } from '../base/suggest.ts';
import { toDocument } from './document.ts';
import { fieldPath, flatten, isMapping, isWithin, type Mapping, withValue } from './fields.ts';
import { placed } from './parse.ts';
import {
  type Path,
  type PlacedProblem,
  type Problem,
  type SlaCode,
  slaFailure,
} from './problem.ts';
import type { Template } from './template.ts';
import { checkTemplate } from './validate.ts';
import { readYaml, type YamlText } from './yaml.ts';

/** Carried out in this order: drop, add, set. */
export interface TemplateEdits {
  /** Names of objectives. */
  readonly drop?: readonly string[];
  /** Further objectives by name, in YAML: `cache: { cpus: 2, memory: 4 GiB, image: debian-12 }`. */
  readonly add?: readonly { readonly text: string; readonly file: string }[];
  /**
   * `web.memory=8GiB`, `web.count=4`, `web.promises.cpu.steal.atMost=5 %`, `limits.price=1 USD/h`.
   * A field that is set to nothing is left out, and has its default.
   */
  readonly set?: readonly string[];
}

/**
 * The template with the edits. Throws SLA.SYNTAX or SLA.INVALID like the parser, listing every
 * problem with the edit, or the place in an added text, that it comes from.
 */
export function editTemplate(template: Template, edits: TemplateEdits): Template {
  const editor = new Editor(toDocument(template));
  for (const name of edits.drop ?? []) editor.drop(name);
  for (const source of edits.add ?? []) editor.add(source.text, source.file);
  for (const assignment of edits.set ?? []) editor.set(assignment);
  const checked = checkTemplate(editor.document);
  if (checked.ok && editor.problems.length === 0) return checked.template;
  const problems = checked.ok ? [] : checked.problems.map((each) => editor.locate(each));
  throw slaFailure(editor.code, [...editor.problems, ...problems], {
    file: `the edited ${template.name}`,
    next: 'correct the edits, then repeat the command',
  });
}

/** What a new template asks of vendors beside an old one; objectives by name, in the new order. */
export interface TemplateDifferences {
  /** Machines can stay. Bounds to amend are no part of what a vendor provides. */
  readonly unchanged: readonly string[];
  /** The same machines in another number. */
  readonly recounted: readonly string[];
  readonly changed: readonly string[];
  readonly added: readonly string[];
  /** In the old order. */
  readonly dropped: readonly string[];
  /** Changed fields of what is in both: `web.memory: 4 GiB → 8 GiB`, `limits.price: …`. */
  readonly words: readonly string[];
}

export function differences(before: Template, after: Template): TemplateDifferences {
  const [old, young] = [fieldsOf(before), fieldsOf(after)];
  const words = changedFields(old, young);
  const oldNames = before.objectives.map((objective) => objective.name);
  const newNames = after.objectives.map((objective) => objective.name);
  const kept = newNames.filter((name) => oldNames.includes(name));
  const fieldsChanged = (name: string): readonly string[] =>
    [...words.keys()]
      .filter((field) => field.startsWith(`${name}.`) && !field.startsWith(`${name}.amend.`))
      .map((field) => field.slice(name.length + 1));
  const [added, dropped] = [minus(newNames, oldNames), minus(oldNames, newNames)];
  const isRecounted = (name: string): boolean => fieldsChanged(name).join() === 'count';
  return {
    unchanged: kept.filter((name) => fieldsChanged(name).length === 0),
    recounted: kept.filter(isRecounted),
    changed: kept.filter((name) => fieldsChanged(name).length > 0 && !isRecounted(name)),
    added,
    dropped,
    words: [...words]
      .filter(([field]) => ![...added, ...dropped].some((name) => field.startsWith(`${name}.`)))
      .map(([, change]) => change),
  };
}

function minus(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name));
}

/** Every field of the template as a text, objectives' under their names. */
function fieldsOf(template: Template): ReadonlyMap<string, string> {
  const { limits, prefer, objectives } = toDocument(template);
  const counts = template.objectives.map(
    ({ name, count }) => [`${name}.count`, `${count}`] as const,
  );
  return new Map([...flatten({ limits, prefer }), ...flatten(objectives), ...counts]);
}

function changedFields(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const fields = [...new Set([...before.keys(), ...after.keys()])];
  return new Map(
    fields
      .map((field) => [field, before.get(field) ?? 'none', after.get(field) ?? 'none'] as const)
      .filter(([, old, young]) => old !== young)
      .map(([field, old, young]) => [field, `${field}: ${old} → ${young}`] as const),
  );
}

class Editor {
  document: Mapping;
  code: SlaCode = 'SLA.INVALID';
  readonly problems: PlacedProblem[] = [];
  readonly #added: { readonly yaml: YamlText; readonly file: string; readonly path: Path }[] = [];
  readonly #set: { readonly path: Path; readonly where: string }[] = [];

  constructor(document: Mapping) {
    this.document = document;
  }

  drop(name: string): void {
    if (!this.#exists(name, `drop ${name}`)) return;
    this.document = withValue(this.document, ['objectives', name], undefined);
  }

  add(text: string, file: string): void {
    const yaml = readYaml(text);
    this.problems.push(...placed(yaml, this.#merge(yaml, file), file));
    if (yaml.value === undefined) this.code = 'SLA.SYNTAX';
  }

  set(assignment: string): void {
    const where = `set ${assignment}`;
    const equals = assignment.indexOf('=');
    const path = fieldPath(assignment.slice(0, Math.max(0, equals)));
    const ofObjective = path[0] === 'objectives';
    if (equals < 1 || (ofObjective && path.length < 3)) {
      const allowed = 'allowed is FIELD=VALUE, such as web.memory=8GiB';
      this.#report(where, `found ${quote(assignment)}; ${allowed}`);
      return;
    }
    if (ofObjective && !this.#exists(`${path[1]}`, where)) return;
    const { value, problems } = readYaml(assignment.slice(equals + 1));
    for (const { detail } of problems) this.#report(where, detail);
    if (value === undefined) return;
    this.document = withValue(this.document, path, value === null ? undefined : value);
    this.#set.push({ path, where });
  }

  /** Says which edit a problem comes from, as far as that can be told. */
  locate(problem: Problem): PlacedProblem {
    const path = problem.key === undefined ? problem.path : [...problem.path, problem.key];
    const added = this.#added.find((each) => isWithin(path, each.path));
    if (added !== undefined) {
      const { yaml, file } = added;
      const offset = yaml.locate(problem.path.slice(1), problem.key);
      const { line, column } = yaml.position(offset);
      return { ...problem, where: `${file}:${line}:${column}` };
    }
    const set = this.#set.findLast(
      (each) => isWithin(path, each.path) || isWithin(each.path, path),
    );
    return { ...problem, where: set?.where ?? 'after the edits' };
  }

  #merge(yaml: YamlText, file: string): readonly Problem[] {
    if (yaml.value === undefined) return [];
    if (!isMapping(yaml.value)) {
      const detail = `found ${quote(yaml.value)}; allowed is a mapping of objectives by name`;
      return [{ path: [], detail }];
    }
    const names = this.#names();
    return Object.entries(yaml.value).flatMap(([name, objective]) => {
      if (names.includes(name)) {
        const detail = `found ${name}, which there is already; allowed is another name`;
        return [{ path: [], key: name, detail }];
      }
      const path = ['objectives', name];
      this.document = withValue(this.document, path, objective);
      this.#added.push({ yaml, file, path });
      return [];
    });
  }

  #exists(name: string, where: string): boolean {
    const names = this.#names();
    if (names.includes(name)) return true;
    const hint = didYouMean(name, names);
    this.#report(where, `found no objective ${quote(name)}; allowed: ${names.join(', ')}${hint}`);
    return false;
  }

  #names(): readonly string[] {
    const { objectives } = this.document;
    return isMapping(objectives) ? Object.keys(objectives) : [];
  }

  #report(where: string, detail: string): void {
    this.problems.push({ path: [], where, detail });
  }
}
