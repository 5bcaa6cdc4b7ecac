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
