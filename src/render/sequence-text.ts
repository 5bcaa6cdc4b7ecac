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
import { clean, elapsedText, shortened, wrapped } from './line.ts';
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
  const lines = part.arrows.flatMap((arrow) => arrowLines(arrow, part.startedMs, { page, paint }));
  return [...head, ...names, ...lines].join('\n');
}

function nameLine(column: number, { lifelines, gap, style }: Page): string {
  const before = glyphs[style.glyphs].line.padEnd(gap).repeat(column);
  const line = `${' '.repeat(timeColumns)}${margin}${before}${lifelines.names[column] ?? ''}`;
  return shortened(line, style.columns);
}

type Paint = (text: string) => string;

/** One line, and more for codes that would not fit on the first. */
function arrowLines(
  arrow: Arrow,
  startedMs: number,
  { page, paint }: { readonly page: Page; readonly paint: Paint },
): readonly string[] {
  const { lifelines, gap, style } = page;
  const time = elapsedText(arrow.atMs - startedMs).padStart(timeColumns);
  const ends = [lifelines.columnOf(arrow.from), lifelines.columnOf(arrow.to)] as const;
  const cells = cellsOf(ends, page);
  const left = Math.min(...ends) * gap;
  const right = Math.max(Math.max(...ends) * gap, left + 1) + 1;
  const diagram = [
    ...cells.slice(0, left),
    paint(cells.slice(left, right).join('')),
    ...cells.slice(right),
  ].join('');
  const room = style.columns - timeColumns - 2 * margin.length - cells.length;
  const { label, below } = labelOf(arrow, room, paint);
  const first = `${time}${margin}${diagram}${margin}${label}`;
  if (below === '') return [first];
  const empty = `${' '.repeat(timeColumns)}${margin}${emptyCells(page).join('')}${margin}`;
  return [first, ...wrapped(below, room).map((line) => `${empty}${line}`)];
}

/** The act and as much of what it says as there is room for; codes in full, or else below. */
function labelOf(arrow: Arrow, room: number, paint: Paint) {
  const act = shortened(clean(arrow.act), room);
  const codes = codesText(arrow);
  const left = room - [...act].length;
  const below = codes.length + margin.length > left ? codes : '';
  const rest = [below === '' ? codes : '', aboutOf(arrow)].filter((text) => text !== '');
  const said = rest.map((text) => `${margin}${text}`).join('');
  const fitting = left < margin.length + 2 ? '' : shortened(said, left);
  return { label: `${paint(act)}${fitting}`, below };
}

/** One character for each column from the first lifeline to the one after the last. */
function emptyCells({ lifelines, gap, style }: Page): readonly string[] {
  const { line } = glyphs[style.glyphs];
  return [...line.padEnd(gap).repeat(lifelines.names.length - 1), line, ' '];
}

function cellsOf([from, to]: readonly [number, number], page: Page): readonly string[] {
  const { gap, style } = page;
  const draw = glyphs[style.glyphs];
  const cells = [...emptyCells(page)];
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
