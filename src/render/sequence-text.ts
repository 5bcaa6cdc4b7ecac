/**
 * A sequence diagram for a terminal. Lifelines stand close together, their names above them like
 * steps, so that the widest act fits beside its arrow in 80 columns:
 *
 *              client
 *              │   negotiator
 *              │   │   mediator
 *        0 ms  ├──▶│   │    cfp  shop: 3 web, db, cache
 *        2 ms  │   ├──▶│    proxy  3 web, db, cache
 */
import { clean, elapsedText, shortened } from './line.ts';
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

export interface TextStyle {
  /** Of the terminal: no line is longer, down to 40. */
  readonly columns: number;
  readonly colour: 'ansi' | 'none';
  readonly glyphs: 'unicode' | 'ascii';
}

const leastColumns = 40;
const timeColumns = 9;
/** Kept for what an arrow says; `reply-message-sub-protocol` is the longest act. */
const labelColumns = 26;
/** Between time, diagram and label. */
const margin = '  ';
/** From one lifeline to the next. */
const widestGap = 4;
const narrowestGap = 2;

/** Lines ended by line feeds; each conversation has the lifelines that it needs. */
export function sequenceText({ title, conversations }: Sequence, style: TextStyle): string {
  const columns = Math.max(style.columns, leastColumns);
  const parts = conversations.map((part, index) => {
    const page = pageOf(part.arrows, { ...style, columns });
    return partText(part, page, painter(style, colourOf(index).ansi));
  });
  return [shortened(clean(title), columns), ...parts].map((text) => `${text}\n`).join('\n');
}

interface Page {
  readonly lifelines: Lifelines;
  readonly gap: number;
  readonly style: TextStyle;
}

function pageOf(arrows: readonly Arrow[], style: TextStyle): Page {
  const room = style.columns - timeColumns - labelColumns - 2 * margin.length;
  const lifelines = lifelinesOf(arrows, Math.max(2, Math.floor(room / narrowestGap)));
  const fitting = Math.floor(room / Math.max(1, lifelines.names.length));
  return { lifelines, style, gap: Math.min(widestGap, Math.max(narrowestGap, fitting)) };
}

function partText(part: SequencePart, page: Page, paint: Paint): string {
  const { columns } = page.style;
  const head = [
    paint(shortened(clean(part.title), columns)),
    shortened(clean(part.detail), columns),
  ];
  if (part.arrows.length === 0) return [...head, `${margin}no messages`].join('\n');
  const names = page.lifelines.names.map((_, column) => nameLine(column, page));
  const lines = part.arrows.map((arrow) => arrowLine(arrow, part.startedMs, { page, paint }));
  return [...head, ...names, ...lines].join('\n');
}

function nameLine(column: number, { lifelines, gap, style }: Page): string {
  const before = glyphs[style.glyphs].line.padEnd(gap).repeat(column);
  const line = `${' '.repeat(timeColumns)}${margin}${before}${lifelines.names[column] ?? ''}`;
  return shortened(line, style.columns);
}

type Paint = (text: string) => string;

function arrowLine(
  arrow: Arrow,
  startedMs: number,
  { page, paint }: { readonly page: Page; readonly paint: Paint },
): string {
  const time = elapsedText(arrow.atMs - startedMs).padStart(timeColumns);
  const ends = [page.lifelines.columnOf(arrow.from), page.lifelines.columnOf(arrow.to)] as const;
  const cells = cellsOf(ends, page);
  const left = Math.min(...ends) * page.gap;
  const right = Math.max(Math.max(...ends) * page.gap, left + 1) + 1;
  const diagram = [
    ...cells.slice(0, left),
    paint(cells.slice(left, right).join('')),
    ...cells.slice(right),
  ].join('');
  const taken = timeColumns + 2 * margin.length + cells.length;
  return `${time}${margin}${diagram}${margin}${labelOf(arrow, page.style.columns - taken, paint)}`;
}

/** The act, and as much of what it says as there is room for. */
function labelOf(arrow: Arrow, room: number, paint: Paint): string {
  const act = shortened(clean(arrow.act), room);
  const rest = [codesText(arrow), aboutOf(arrow)].filter((text) => text !== '').join(margin);
  const left = room - [...act].length - margin.length;
  if (rest === '' || left < 2) return paint(act);
  return `${paint(act)}${margin}${shortened(rest, left)}`;
}

/** One character for each column from the first lifeline to the one after the last. */
function cellsOf(
  [from, to]: readonly [number, number],
  { lifelines, gap, style }: Page,
): readonly string[] {
  const draw = glyphs[style.glyphs];
  const empty = draw.line.padEnd(gap).repeat(lifelines.names.length - 1) + draw.line;
  const cells = [...empty, ' '];
  const [start, end] = [from * gap, to * gap];
  if (start === end) return cells.with(start, draw.right.start).with(start + 1, draw.self);
  const towards = start < end ? draw.right : draw.left;
  const step = start < end ? 1 : -1;
  cells[start] = towards.start;
  for (let at = start + step; at !== end; at += step) {
    cells[at] = at % gap === 0 ? draw.cross : draw.dash;
  }
  cells[end - step] = towards.head;
  return cells;
}

const glyphs = {
  unicode: {
    line: '│',
    dash: '─',
    cross: '┼',
    right: { start: '├', head: '▶' },
    left: { start: '┤', head: '◀' },
    self: '↺',
  },
  ascii: {
    line: '|',
    dash: '-',
    cross: '+',
    right: { start: '|', head: '>' },
    left: { start: '|', head: '<' },
    self: '@',
  },
} as const;

function painter({ colour }: TextStyle, ansi: number): Paint {
  return (text) => (colour === 'none' ? text : `\u001b[${ansi}m${text}\u001b[39m`);
}
