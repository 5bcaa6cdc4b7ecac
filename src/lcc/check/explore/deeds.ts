import type { Def } from '../program.ts';
import type { Letter } from './post.ts';

/** What an agent did, for the trace. */
export type Deed =
  | { readonly agent: number; readonly def: Def; readonly to?: number }
  | { readonly agent: number; readonly read: Letter };

/** Deeds in order. Joined without being copied, since few are ever told. */
export type Deeds = Deed | Joined | undefined;

interface Joined {
  readonly before: Deeds;
  readonly after: Deeds;
}

export function join(before: Deeds, after: Deeds): Deeds {
  if (before === undefined || after === undefined) return before ?? after;
  return { before, after };
}

export function listDeeds(deeds: Deeds): readonly Deed[] {
  const list: Deed[] = [];
  const open = [deeds];
  while (open.length > 0) {
    const next = open.pop();
    if (next === undefined) continue;
    if ('before' in next) open.push(next.after, next.before);
    else list.push(next);
  }
  return list;
}
