const maxCharacters = 60;

/**
 * A value from outside as one short line of a message: strings in quotes with control characters
 * escaped, long ones cut, collections by their kind. Never throws.
 */
export function quote(value: unknown): string {
  if (typeof value === 'string') return quoteText(value);
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

/** A text from outside as part of one line: what could act on a terminal is replaced. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function quoteText(text: string): string {
  const cut = text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
  return oneLine(JSON.stringify(cut.toWellFormed()));
}
