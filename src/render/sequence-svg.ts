/** A sequence diagram as one SVG document, with nothing in it that is fetched or run. */
import { element, type Markup } from '../base/xml.ts';
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

/** Beyond this nothing could be read any more; the rest shares one line. */
const mostLifelines = 30;

/** Lengths in pixels. */
const edge = 24;
const timeWidth = 76;
const laneWidth = 150;
/** Right of the last lifeline, for what its arrows say. */
const overhang = 110;
const titleHeight = 48;
const headHeight = 88;
const rowHeight = 36;
const foot = 14;
const between = 16;
/** Mean width of a character at 12 pixels, on the safe side. */
const characterWidth = 6.7;

const ink = '#1f2328';
const faint = '#59636e';
const line = '#b7bec6';

/** Ends with a line feed. */
export function sequenceSvg(sequence: Sequence): string {
  const arrows = sequence.conversations.flatMap((part) => part.arrows);
  const lifelines = lifelinesOf(arrows, mostLifelines);
  const lanes = Math.max(lifelines.names.length, 4);
  const width = 2 * edge + timeWidth + lanes * laneWidth + overhang;
  const parts: Markup[] = [];
  let top = titleHeight;
  for (const [index, part] of sequence.conversations.entries()) {
    const page = { lifelines, width, top, height: heightOf(part), colour: colourOf(index) };
    parts.push(partOf(part, page));
    top += page.height + between;
  }
  const height = top + edge - between;
  const title = clean(sequence.title);
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'font-family': 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif',
      'font-size': 12,
    },
    [
      element('title', {}, [title]),
      element('rect', { width, height, fill: '#ffffff' }),
      text({ x: edge, y: 31, fill: ink, 'font-size': 18, 'font-weight': 'bold' }, title),
      ...parts,
    ],
  );
  return `${svg.xml}\n`;
}

interface Page {
  readonly lifelines: Lifelines;
  readonly width: number;
  readonly top: number;
  readonly height: number;
  readonly colour: ReturnType<typeof colourOf>;
}

function heightOf({ arrows }: SequencePart): number {
  return headHeight + arrows.length * rowHeight + foot;
}

function partOf(part: SequencePart, page: Page): Markup {
  const { lifelines, width, top, height, colour } = page;
  const arrows = part.arrows.map((arrow, row) => {
    const y = top + headHeight + (row + 1) * rowHeight - 10;
    return arrowOf(arrow, { page, y, startedMs: part.startedMs });
  });
  return element('g', {}, [
    element('rect', { x: 8, y: top, width: width - 16, height, rx: 6, fill: colour.tint }),
    element('rect', { x: 8, y: top, width: 4, height, rx: 2, fill: colour.ink }),
    text(
      { x: edge, y: top + 22, fill: colour.ink, 'font-size': 14, 'font-weight': 'bold' },
      clean(part.title),
    ),
    text({ x: edge, y: top + 38, fill: faint, 'font-size': 11 }, clean(part.detail)),
    ...lifelines.names.map((name, column) => lifelineOf(name, column, page)),
    ...arrows,
  ]);
}

function lifelineOf(name: string, column: number, { top, height, colour }: Page): Markup {
  const x = xOf(column);
  const boxWidth = laneWidth - 16;
  const shown = shortened(name, Math.floor((boxWidth - 8) / characterWidth));
  return element('g', {}, [
    element('path', {
      d: `M ${x} ${top + 78} V ${top + height - 6}`,
      stroke: line,
      'stroke-dasharray': '4 3',
    }),
    element('rect', {
      x: x - boxWidth / 2,
      y: top + 52,
      width: boxWidth,
      height: 26,
      rx: 4,
      fill: '#ffffff',
      stroke: colour.ink,
    }),
    text({ x, y: top + 69, fill: ink, 'text-anchor': 'middle' }, shown),
    element('title', {}, [name]),
  ]);
}

interface Row {
  readonly page: Page;
  /** Of the arrow; what it says stands above it. */
  readonly y: number;
  readonly startedMs: number;
}

function arrowOf(arrow: Arrow, { page, y, startedMs }: Row): Markup {
  const { lifelines, width, colour } = page;
  const [from, to] = [xOf(lifelines.columnOf(arrow.from)), xOf(lifelines.columnOf(arrow.to))];
  const time = elapsedText(arrow.atMs - startedMs);
  const x = Math.min(from, to) + 8;
  const [act, codes, about] = [clean(arrow.act), codesText(arrow), aboutOf(arrow)];
  const used = act.length + codes.length + 3;
  const room = Math.floor((width - edge - x) / characterWidth) - used;
  const told = [codes, about].filter((each) => each !== '').join(' ');
  return element('g', {}, [
    element('title', {}, [`${act} from ${arrow.from} to ${arrow.to} after ${time} ${told}`]),
    text({ x: edge + timeWidth - 12, y: y + 4, fill: faint, 'text-anchor': 'end' }, time),
    element('path', {
      d: from === to ? `M ${from} ${y} h 26 v 8 h -18` : `M ${from} ${y} H ${to}`,
      stroke: colour.ink,
      'stroke-width': 1.5,
      fill: 'none',
    }),
    headOf(
      from === to
        ? { x: to, y: y + 8, points: 'left' }
        : { x: to, y, points: from < to ? 'right' : 'left' },
      colour.ink,
    ),
    element(
      'text',
      { x, y: y - 6, stroke: colour.tint, 'stroke-width': 4, 'paint-order': 'stroke' },
      [
        element('tspan', { fill: colour.ink, 'font-weight': 'bold' }, [act]),
        ...(codes === '' ? [] : [element('tspan', { fill: ink, dx: 6, 'font-size': 11 }, [codes])]),
        ...(about === ''
          ? []
          : [element('tspan', { fill: faint, dx: 6 }, [shortened(about, room)])]),
      ],
    ),
  ]);
}

interface Head {
  readonly x: number;
  readonly y: number;
  readonly points: 'left' | 'right';
}

function headOf({ x, y, points }: Head, fill: string): Markup {
  const back = points === 'right' ? -9 : 9;
  return element('path', { d: `M ${x} ${y} l ${back} -4.5 v 9 z`, fill });
}

function xOf(column: number): number {
  return edge + timeWidth + (column + 0.5) * laneWidth - laneWidth / 4;
}

function text(attributes: Readonly<Record<string, string | number>>, words: string): Markup {
  return element('text', attributes, [words]);
}
