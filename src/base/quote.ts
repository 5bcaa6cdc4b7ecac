const maxCharacters = 60;

/**
 * A value from outside as one short line of a message: strings in quotes with control characters
 * escaped, long ones cut, collections by their kind. Never throws.
 */
export function quote(value: unknown): string {
  if (typeof value === 'string') return quoteText(value);
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

function quoteText(text: string): string {
  const cut = text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
  const escaped = JSON.stringify(cut.toWellFormed());
  return escaped.replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
}
