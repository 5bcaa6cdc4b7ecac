/** XML by a builder, never by joining texts: what came from outside can only ever be text. */

/** A piece of XML that {@link element} made. */
export interface Markup {
  readonly xml: string;
}

/**
 * An element with its attributes in their order; children that are plain strings are text. Names
 * come from our own code and are taken as they are.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  children: readonly (Markup | string)[] = [],
): Markup {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inner = children.map((child) => (typeof child === 'string' ? escaped(child) : child.xml));
  const open = `<${name}${written.join('')}`;
  return { xml: children.length === 0 ? `${open}/>` : `${open}>${inner.join('')}</${name}>` };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 has no way to write these, not even as entities. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

function escaped(text: string | number): string {
  return String(text)
    .replaceAll(UNWRITABLE, '\u{FFFD}')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
