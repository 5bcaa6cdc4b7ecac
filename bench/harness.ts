/** What every benchmark prints: a figure beside its goal and a reference measured in the same run. */

export interface Row {
  /** The claim, in words. */
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  /** In words, such as `≥ 5 × one commit per step`. */
  readonly goal: string;
  readonly met: boolean;
  /** What it is compared with, with its figure; says so when that was not measured in this run. */
  readonly reference: string;
  /** Figure by reference, when both have one unit. */
  readonly ratio?: number;
  /** What a reader must know to repeat it. */
  readonly conditions: string;
}

/** The middle value; NaN when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** One Markdown table on stdout, as docs/benchmarks.md shows it. */
export function print(rows: readonly Row[]): void {
  const head = ['what', 'figure', 'goal', 'met', 'reference', 'ratio', 'conditions'];
  const lines = rows.map((row) => [
    row.what,
    `${short(row.figure)} ${row.unit}`,
    row.goal,
    row.met ? 'yes' : 'NO',
    row.reference,
    row.ratio === undefined ? '' : `${short(row.ratio)} ×`,
    row.conditions,
  ]);
  for (const cells of [head, head.map(() => '---'), ...lines]) {
    console.log(`| ${cells.join(' | ')} |`);
  }
}

/** Three significant digits; thousands in groups. */
export function short(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
