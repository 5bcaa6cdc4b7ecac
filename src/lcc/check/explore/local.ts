import type { Body } from '../../ast.ts';
import type { Clauses, CompiledClause } from './clauses.ts';
import { type Heap, resolve, spellValue, type Value } from './values.ts';

/** What an agent still has to do; `undefined` when nothing. */
export type Rest =
  | { readonly op: 'begin'; readonly body: Body; readonly frame: Frame }
  | { readonly op: 'then'; readonly left: Rest; readonly right: Body; readonly frame: Frame }
  | { readonly op: 'par'; readonly left: Rest; readonly right: Rest }
  /** Inside a role that it changed to. */
  | { readonly op: 'play'; readonly role: string; readonly inner: Rest };

/** The variables of one role change: cells of the heap, by slot of the clause. */
export interface Frame {
  readonly clause: CompiledClause;
  readonly cells: readonly number[];
}

/** One agent, without its mail. */
export interface Local {
  readonly rest: Rest | undefined;
  readonly heap: Heap;
  /** It has let a wait end without its message; answers that come later lie unread by right. */
  readonly gaveUp: boolean;
}

/** A cell that no step will look at again. */
const FORGOTTEN = -1;

/**
 * The same agent with all that no step looks at again forgotten, and a text that is equal for equal
 * agents.
 */
export function settle(local: Local, clauses: Clauses): { local: Local; key: string } {
  if (local.rest === undefined) {
    return { local: { ...local, heap: [] }, key: local.gaveUp ? 'done!' : 'done' };
  }
  const live = new Map<Frame, Set<number>>();
  gatherLive(local.rest, clauses, live);
  const heap: Heap = [];
  const moved = new Map<number, number>();
  const spelled: string[] = [];
  const frames = new Map<Frame, Frame>();
  const open = (ref: { readonly cell: number }): Value => ({ kind: 'ref', cell: move(ref.cell) });
  const move = (cell: number): number => {
    const known = moved.get(cell);
    if (known !== undefined) return known;
    const fresh = heap.push(undefined) - 1;
    moved.set(cell, fresh);
    return fresh;
  };
  for (const [frame, slots] of live) {
    const cells = frame.cells.map((cell, slot) => {
      if (!slots.has(slot)) return FORGOTTEN;
      const value = resolve({ kind: 'ref', cell }, local.heap, open);
      spelled.push(spellValue(value));
      return value.kind === 'ref' ? value.cell : heap.push(value) - 1;
    });
    spelled.push(';');
    frames.set(frame, { clause: frame.clause, cells });
  }
  const rest = rebuild(local.rest, frames);
  const key = `${spellRest(rest, clauses)} ${spelled.join(' ')}${local.gaveUp ? '!' : ''}`;
  return { local: { rest, heap, gaveUp: local.gaveUp }, key };
}

function gatherLive(rest: Rest, clauses: Clauses, live: Map<Frame, Set<number>>): void {
  const use = (body: Body, frame: Frame): void => {
    const slots = live.get(frame) ?? new Set();
    live.set(frame, slots);
    for (const slot of clauses.slotsOf(body, frame.clause)) slots.add(slot);
  };
  switch (rest.op) {
    case 'begin':
      use(rest.body, rest.frame);
      break;
    case 'then':
      gatherLive(rest.left, clauses, live);
      use(rest.right, rest.frame);
      break;
    case 'par':
      gatherLive(rest.left, clauses, live);
      gatherLive(rest.right, clauses, live);
      break;
    case 'play':
      gatherLive(rest.inner, clauses, live);
  }
}

function rebuild(rest: Rest, frames: ReadonlyMap<Frame, Frame>): Rest {
  switch (rest.op) {
    case 'begin':
      return { ...rest, frame: frames.get(rest.frame) ?? rest.frame };
    case 'then': {
      const left = rebuild(rest.left, frames);
      return { ...rest, left, frame: frames.get(rest.frame) ?? rest.frame };
    }
    case 'par':
      return { ...rest, left: rebuild(rest.left, frames), right: rebuild(rest.right, frames) };
    case 'play':
      return { ...rest, inner: rebuild(rest.inner, frames) };
  }
}

/** Frames are told apart by the order in which they are met, which the rest itself fixes. */
function spellRest(rest: Rest, clauses: Clauses): string {
  switch (rest.op) {
    case 'begin':
      return `${clauses.numberOf(rest.body)}`;
    case 'then':
      return `(${spellRest(rest.left, clauses)};${clauses.numberOf(rest.right)})`;
    case 'par':
      return `(${spellRest(rest.left, clauses)}&${spellRest(rest.right, clauses)})`;
    case 'play':
      return `${rest.role}{${spellRest(rest.inner, clauses)}}`;
  }
}

/** How many steps wait for one that is not done. */
export function depthOf(rest: Rest | undefined): number {
  switch (rest?.op) {
    case 'then':
      return 1 + depthOf(rest.left);
    case 'play':
      return 1 + depthOf(rest.inner);
    case 'par':
      return 1 + Math.max(depthOf(rest.left), depthOf(rest.right));
    case 'begin':
    case undefined:
      return 0;
  }
}

/** The roles that an agent is in, the innermost last. */
export function rolesOf(rest: Rest | undefined): readonly string[] {
  switch (rest?.op) {
    case 'play':
      return [rest.role, ...rolesOf(rest.inner)];
    case 'then':
      return rolesOf(rest.left);
    case 'par':
      return [...rolesOf(rest.left), ...rolesOf(rest.right)];
    case 'begin':
    case undefined:
      return [];
  }
}
