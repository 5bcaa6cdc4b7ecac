import { element, type Markup } from '../base/xml.ts';
import type { Arrow, Graph } from './graph.ts';
import { describeKind } from './graph-text.ts';

const COLUMN_MIN_WIDTH = 120;
const CHARACTER_WIDTH = 7.2;
const HEAD_HEIGHT = 46;
const ROW_HEIGHT = 30;
const MARGIN = 16;
const LOOP_WIDTH = 28;
const LABEL_LENGTH = 72;

/**
 * A picture in the manner of a sequence chart: roles as boxes with a line below each, messages as
 * arrows from line to line in the order of the text, role changes as dashed ones. So no arrow
 * crosses a label, however many there are.
 */
export function graphSvg(graph: Graph): string {
  const columns = layOut(graph);
  const width = (columns.at(-1)?.right ?? 0) + MARGIN + LOOP_WIDTH;
  const height = MARGIN * 2 + HEAD_HEIGHT + ROW_HEIGHT * (graph.arrows.length + 1);
  const centers = new Map(columns.map((column) => [column.name, column.center]));
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'font-family': 'ui-monospace, monospace',
      'font-size': 12,
    },
    [
      element('title', {}, ['Roles and messages']),
      element('defs', {}, [arrowHead('message'), arrowHead('change')]),
      element('rect', { width, height, fill: '#ffffff' }, []),
      ...columns.flatMap((column) => drawRole(column, height)),
      ...graph.arrows.flatMap((arrow, row) => drawArrow(arrow, row, centers)),
    ],
  );
  return `${svg.xml}\n`;
}

interface Column {
  readonly name: string;
  readonly kind: string;
  readonly isAuxiliary: boolean;
  readonly left: number;
  readonly right: number;
  readonly center: number;
}

function layOut(graph: Graph): readonly Column[] {
  let left = MARGIN;
  return graph.roles.map((role) => {
    const kind = describeKind(role);
    const text = Math.max(role.name.length, kind.length) * CHARACTER_WIDTH;
    const width = Math.max(COLUMN_MIN_WIDTH, Math.ceil(text) + 2 * MARGIN);
    const column = { left, right: left + width, center: left + width / 2 };
    left += width + MARGIN;
    return { name: role.name, kind, isAuxiliary: role.kind === 'auxiliary', ...column };
  });
}

function drawRole(column: Column, height: number): readonly Markup[] {
  const { left, right, center } = column;
  const line = { x1: center, x2: center, y1: MARGIN + HEAD_HEIGHT, y2: height - MARGIN };
  return [
    element('line', { ...line, stroke: '#c8ccd0' }, []),
    element(
      'rect',
      {
        x: left,
        y: MARGIN,
        width: right - left,
        height: HEAD_HEIGHT,
        rx: column.isAuxiliary ? 12 : 2,
        fill: column.isAuxiliary ? '#f4f5f7' : '#e3edf9',
        stroke: '#44546a',
      },
      [],
    ),
    label({ x: center, y: MARGIN + 20 }, column.name, { 'font-weight': 'bold' }),
    label({ x: center, y: MARGIN + 36 }, column.kind, { fill: '#5a6470', 'font-size': 10 }),
  ];
}

function drawArrow(
  arrow: Arrow,
  row: number,
  centers: ReadonlyMap<string, number>,
): readonly Markup[] {
  const from = centers.get(arrow.from) ?? MARGIN;
  const to = centers.get(arrow.to) ?? MARGIN;
  const y = MARGIN + HEAD_HEIGHT + ROW_HEIGHT * (row + 1);
  const isLoop = from === to;
  const path = isLoop
    ? `M ${from} ${y - 8} h ${LOOP_WIDTH} v 12 h ${-LOOP_WIDTH}`
    : `M ${from} ${y} L ${to} ${y}`;
  const dashes = arrow.kind === 'change' ? { 'stroke-dasharray': '5 4' } : {};
  const stroke = COLORS[arrow.kind];
  const text = arrow.kind === 'change' && arrow.label !== '' ? `(${arrow.label})` : arrow.label;
  const middle = isLoop ? from + LOOP_WIDTH / 2 : (from + to) / 2;
  return [
    element(
      'path',
      { d: path, fill: 'none', stroke, ...dashes, 'marker-end': `url(#${arrow.kind})` },
      [],
    ),
    label({ x: middle, y: isLoop ? y - 12 : y - 5 }, text, { fill: stroke }),
  ];
}

/** Text with a white border, so that a line behind it does not strike it through. */
function label(
  at: { readonly x: number; readonly y: number },
  text: string,
  style: Attributes,
): Markup {
  const border = { 'paint-order': 'stroke', stroke: '#ffffff', 'stroke-width': 4 };
  return element('text', { ...at, 'text-anchor': 'middle', ...border, fill: '#1b1f24', ...style }, [
    text.length <= LABEL_LENGTH ? text : `${text.slice(0, LABEL_LENGTH)}…`,
  ]);
}

const COLORS = { message: '#1d5b8a', change: '#8a6d1d' } as const;

function arrowHead(kind: Arrow['kind']): Markup {
  const size = { markerWidth: 8, markerHeight: 8, refX: 8, refY: 4 };
  return element('marker', { id: kind, ...size, orient: 'auto' }, [
    element('path', { d: 'M 0 0 L 8 4 L 0 8 z', fill: COLORS[kind] }, []),
  ]);
}

type Attributes = Readonly<Record<string, string | number>>;
