/** What `model check` found in one file. */
export interface CheckedFile {
  readonly file: string;
  readonly findings: readonly FindingLine[];
  readonly exploration?: { readonly kind: 'complete' | 'bounded'; readonly states: number };
}

export interface FindingLine {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly trace?: readonly string[];
}

/** A line for each finding, with the run that shows it, then the verdict on the file. */
export function findingsText({ file, findings, exploration }: CheckedFile): string {
  const told = findings.flatMap(({ line, column, code, severity, message, trace = [] }) => [
    `${file}:${line}:${column} ${code} ${message}${severity === 'warning' ? ' (warning)' : ''}`,
    ...trace.map((step) => `    ${step}`),
  ]);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const verdict = [
    ...(findings.length === 0 ? ['clean'] : []),
    ...counted(errors, 'error'),
    ...counted(findings.length - errors, 'warning'),
    ...(exploration === undefined ? [] : [exploredText(exploration)]),
  ];
  return [...told, `${file}: ${verdict.join(', ')}`].map((line) => `${line}\n`).join('');
}

function exploredText({ kind, states }: NonNullable<CheckedFile['exploration']>): string {
  const [explored] = counted(states, 'state');
  return kind === 'complete' ? `complete at ${explored}` : `bounded at ${explored}`;
}

function counted(count: number, noun: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];
}
