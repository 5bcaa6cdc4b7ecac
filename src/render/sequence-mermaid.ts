/** A sequence diagram in Mermaid's language (mermaid.js.org/syntax/sequenceDiagram). */
import { clean, elapsedText } from './line.ts';
import {
  type Arrow,
  aboutOf,
  codesText,
  colourOf,
  type Lifelines,
  lifelinesOf,
  type Sequence,
  type SequencePart,
} from './sequence.ts';

/** Beyond this nothing could be read any more; the rest shares one line. */
const mostLifelines = 30;

/** Lines ended by line feeds; each conversation is a coloured block. */
export function sequenceMermaid(sequence: Sequence): string {
  const arrows = sequence.conversations.flatMap((part) => part.arrows);
  const lifelines = lifelinesOf(arrows, mostLifelines);
  const lines = [
    'sequenceDiagram',
    `  title ${safe(sequence.title)}`,
    ...lifelines.names.map((name, column) => `  participant ${ref(column)} as ${safe(name)}`),
    ...sequence.conversations.flatMap((part, index) => partLines(part, index, lifelines)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function partLines(part: SequencePart, index: number, lifelines: Lifelines): readonly string[] {
  const last = lifelines.names.length - 1;
  if (last < 0) return [`  %% ${safe(part.title)}: no messages`];
  const over = last === 0 ? ref(0) : `${ref(0)},${ref(last)}`;
  return [
    `  rect rgb(${rgb(colourOf(index).tint)})`,
    `    Note over ${over}: ${safe(part.title)}<br/>${safe(part.detail)}`,
    ...part.arrows.map((arrow) => `    ${arrowLine(arrow, part.startedMs, lifelines)}`),
    '  end',
  ];
}

function arrowLine(arrow: Arrow, startedMs: number, { columnOf }: Lifelines): string {
  const codes = codesText(arrow);
  const head = [clean(arrow.act), ...(codes === '' ? [] : [codes])].map(safe).join(' ');
  const told = [elapsedText(arrow.atMs - startedMs), aboutOf(arrow)].filter((text) => text !== '');
  const ends = `${ref(columnOf(arrow.from))}->>${ref(columnOf(arrow.to))}`;
  return `${ends}: ${head}<br/>${told.map(safe).join(' · ')}`;
}

function ref(column: number): string {
  return `p${column + 1}`;
}

/** As Mermaid's entity codes: `#` and `;` are of its syntax, `<`, `>` and `&` of HTML. */
function safe(text: string): string {
  const line = clean(text) || '?';
  return line.replaceAll(/[#;<>&"\\%]/g, (character) => `#${character.codePointAt(0)};`);
}

function rgb(tint: string): string {
  return [1, 3, 5].map((at) => Number.parseInt(tint.slice(at, at + 2), 16)).join(', ');
}
