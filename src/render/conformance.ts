import { elapsedText } from './line.ts';
import { table } from './table.ts';

/** What became of one rule of the vendor contract. */
export interface RuleLine {
  readonly rule: string;
  readonly statement: string;
  readonly verdict: 'kept' | 'broken' | 'not applicable';
  readonly checks: readonly CheckLine[];
}

export interface CheckLine {
  readonly rule: string;
  readonly claim: string;
  readonly verdict: RuleLine['verdict'];
  readonly detail: string;
  readonly durationMs: number;
}

/** The rules with their verdicts, then each check that failed or could not be made, with why. */
export function conformanceText(rules: readonly RuleLine[]): string {
  const rows = rules.map(({ rule, verdict, statement }) => [rule, verdict, statement]);
  const columns = [{ heading: 'RULE' }, { heading: 'VERDICT' }, { heading: 'WHAT' }];
  const said = rules.flatMap(saidOfRule);
  const count = (verdict: RuleLine['verdict']) =>
    rules.filter((rule) => rule.verdict === verdict).length;
  const sums = `${count('kept')} kept, ${count('broken')} broken, ${count('not applicable')} not applicable`;
  return `${table(columns, rows)}${said.length === 0 ? '' : `\n${said.join('')}`}\n${sums}\n`;
}

/** While the checks run: one line for each that is done. */
export function checkLine({ rule, claim, verdict, durationMs }: CheckLine): string {
  const took = verdict === 'not applicable' ? '' : ` (${elapsedText(Math.round(durationMs))})`;
  return `${rule} ${verdict}: ${claim}${took}`;
}

/** A rule that does not apply at all says why once. */
function saidOfRule({ rule, verdict, checks }: RuleLine): readonly string[] {
  const said = checks.filter((check) => check.verdict !== 'kept');
  if (verdict !== 'not applicable') return said.map(saidOf);
  const reasons = [...new Set(said.map(({ detail }) => detail))];
  return [`${rule} ${verdict}: ${reasons.join('; ')}\n`];
}

/** The kit's own message begins with rule and claim. */
function saidOf({ rule, claim, verdict, detail }: CheckLine): string {
  const head = `${rule} ${claim}`;
  const why = detail.startsWith(head) ? detail.slice(head.length).replace(/^: /, '') : detail;
  return `${head}\n  ${verdict}: ${why.trimEnd().replaceAll('\n', '\n  ')}\n`;
}
