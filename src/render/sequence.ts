import { clean } from './line.ts';

/** A run as a sequence diagram shows it: one value for the terminal, for Mermaid and for SVG. */
export interface Sequence {
  readonly title: string;
  /** In the order they began; each has a colour of its own. */
  readonly conversations: readonly SequencePart[];
}

export interface SequencePart {
  /** What it was for: `1. negotiate, by model negotiation`. */
  readonly title: string;
  /** Which one it is, and when it began. */
  readonly detail: string;
  /** From which the times of its messages are counted. Milliseconds since the epoch. */
  readonly startedMs: number;
  readonly arrows: readonly Arrow[];
}

/** One message. Agents are named as in the model's run: `vendor:aws:web`. */
export interface Arrow {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  /** The FIPA act, or the model's own word. */
  readonly act: string;
  /** State and event codes of a paper's automaton. */
  readonly codes: readonly string[];
  /** What it is about, in a few words; may be empty. */
  readonly summary: string;
}

/** Whom lines are drawn for, and where each agent's messages begin and end. */
export interface Lifelines {
  /** From left to right. */
  readonly names: readonly string[];
  readonly columnOf: (agent: string) => number;
}

/**
 * In the order in which agents first speak or are spoken to. A vendor's agents, one for each
 * objective, share one line; what is beyond `most` lines shares the last.
 */
export function lifelinesOf(arrows: readonly Arrow[], most: number): Lifelines {
  const all = [...new Set(arrows.flatMap(({ from, to }) => [lineOf(from), lineOf(to)]))];
  const columns = new Map(all.map((name, index) => [name, Math.min(index, most - 1)]));
  const folded = all.length - most + 1;
  return {
    names: folded > 1 ? [...all.slice(0, most - 1), `${folded} others`] : all,
    columnOf: (agent) => columns.get(lineOf(agent)) ?? 0,
  };
}

/** `vendor:aws:web` is on the line `vendor:aws`. */
function lineOf(agent: string): string {
  return clean(agent.split(':', 2).join(':'));
}

/** What an arrow says beside its act: its codes, and what it is about. */
export function aboutOf({ from, to, summary }: Arrow): string {
  const part = [from, to].map((agent) => agent.split(':')[2]).find((each) => each !== undefined);
  if (part === undefined || summary.includes(part)) return clean(summary);
  return clean(summary === '' ? part : `${part}: ${summary}`);
}

/** Together by the agent whose automaton they are of: `[client:S0,1 negotiator:S0]`. */
export function codesText({ codes }: Arrow): string {
  const grouped = Map.groupBy(codes, (code) => code.slice(0, code.indexOf(':') + 1));
  const texts = [...grouped].map(
    ([owner, own]) => `${owner}${own.map((code) => code.slice(owner.length)).join(',')}`,
  );
  return texts.length === 0 ? '' : `[${clean(texts.join(' '))}]`;
}

/** One colour for each conversation, in turn: as a terminal's, as ink, and as ground. */
export const palette = [
  { ansi: 36, ink: '#00629b', tint: '#eaf4fb' },
  { ansi: 33, ink: '#8a5a00', tint: '#fdf5e6' },
  { ansi: 35, ink: '#7b2d8b', tint: '#f7edf9' },
  { ansi: 32, ink: '#26701f', tint: '#edf7ec' },
  { ansi: 34, ink: '#3346b5', tint: '#eef0fb' },
  { ansi: 31, ink: '#a52a2a', tint: '#fbeeee' },
] as const;

export function colourOf(conversation: number): (typeof palette)[number] {
  return palette[conversation % palette.length] ?? palette[0];
}
