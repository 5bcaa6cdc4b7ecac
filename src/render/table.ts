/** Columns of text for a terminal: headings, cells, and right alignment for numbers. */
export interface Column {
  readonly heading: string;
  readonly align?: 'right';
}

/** Lines without trailing spaces, each ended by a line feed; empty when there are no rows. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const widths = columns.map(({ heading }, index) =>
    rows.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), heading.length),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index] ?? 0;
        return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const lines = [columns.map(({ heading }) => heading), ...rows].map(line);
  return `${lines.join('\n')}\n`;
}
