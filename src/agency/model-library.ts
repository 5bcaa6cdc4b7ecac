/** The shipped models, what they are for, and what may be asked in a model at all. */
import type { ConstraintTable } from '../lcc/constraint.ts';
import { parseModel } from '../lcc/parser.ts';
import { migrationTable } from '../migration/constraints.ts';
import { bargainingTable } from '../negotiation/bargain-constraints.ts';
import { negotiationTable } from '../negotiation/table.ts';
import { type ModelText, readModel, shippedModels } from './models.ts';

/** What the agency answers in a negotiation or a move, what a simulator does, or a bargainer. */
export const knownConstraints: ConstraintTable = new Map([
  ...migrationTable,
  ...bargainingTable,
  ...negotiationTable,
]);

export interface ModelLine {
  readonly name: string;
  /** What the header comment begins with. */
  readonly title: string;
  readonly roles: number;
  /** Where it was read from. */
  readonly file: string;
}

/** In the order of their names. Fails with LCC.SYNTAX when one cannot be read. */
export async function listModels(): Promise<readonly ModelLine[]> {
  const models = await Promise.all((await shippedModels()).map((name) => readModel(name)));
  return models.map(lineOf);
}

function lineOf({ name, text, file }: ModelText): ModelLine {
  return { name, title: titleOf(text), roles: parseModel(text, { file }).roles.length, file };
}

/** The comment at the head up to its first colon or full stop, on one line; empty without one. */
export function titleOf(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  const head = lines.slice(0, end === -1 ? lines.length : end);
  const comment = head.map((line) => line.slice(2).trim()).join(' ');
  return (/^.*?(?=[.:](?:\s|$))/.exec(comment)?.[0] ?? comment).trim();
}
