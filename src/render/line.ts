/** What stands on one line of a terminal or a diagram. */

/** Texts of vendors and users: neither line breaks nor what a terminal would obey. */
export function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
}

/** At most that many characters, an ellipsis included. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  return most < 1 ? '' : `${characters.slice(0, most - 1).join('')}…`;
}

/** In lines of at most that many characters, broken at spaces; longer words are shortened. */
export function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && [...last, ...word].length < most)
      lines.push(`${lines.pop()} ${word}`);
    else lines.push(shortened(word, most));
  }
  return lines;
}

/** `12 ms`, `1.25 s`, `3.00 min`. */
export function elapsedText(elapsedMs: number): string {
  const [unit, unitMs] = units.findLast(([, , fromMs]) => elapsedMs >= fromMs) ?? units[0];
  const amount = elapsedMs / unitMs;
  return `${unit === 'ms' ? amount : amount.toFixed(amount < 10 ? 2 : 1)} ${unit}`;
}

/** Each with its length, and from when on it is used. */
const units = [
  ['ms', 1, 0],
  ['s', 1000, 1000],
  ['min', 60_000, 120_000],
  ['h', 3_600_000, 7_200_000],
  ['d', 86_400_000, 172_800_000],
] as const;
