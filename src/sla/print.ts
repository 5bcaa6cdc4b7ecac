import { isMap, isPair, visit, Document as YamlDocument } from 'yaml';
import { toDocument } from './document.ts';
import type { Template } from './template.ts';

/**
 * The template as an SLA document in YAML, in one order and one style. Every template that
 * `parseTemplate` returns is printed to a text that it reads back to the same.
 */
export function printTemplate(template: Template): string {
  const document = new YamlDocument(toDocument(template), { aliasDuplicateObjects: false });
  visit(document, {
    Map: (_, node, path) => {
      const depth = path.filter(isMap).length;
      const holdsMaps = node.items.some((pair) => isPair(pair) && isMap(pair.value));
      if (depth !== objectiveDepth && !holdsMaps) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** An objective has a line for each field; what it holds fits one line. */
const objectiveDepth = 2;
