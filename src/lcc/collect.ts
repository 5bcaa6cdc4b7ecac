import type { Bindings } from './bindings.ts';
import type { Frame } from './state.ts';
import { consOf, isTerm, type OpenTerm, structOf, type Value } from './value.ts';
import type { Workspace } from './workspace.ts';

/**
 * Forgets variables that no frame refers to, and replaces bound ones by their values. Without it a
 * role that loops for years would grow by what each turn's outputs leave behind.
 */
export function collectVariables(work: Workspace, bindings: Bindings): void {
  const renamed = new Renaming(bindings);
  for (const thread of work.threads) {
    const mine = work.own(thread);
    mine.frame = renamed.frame(mine.frame, work.epoch);
  }
  work.variables = renamed.names.map(() => undefined);
}

/** Values as they are when all bound variables are replaced and the others numbered from 0. */
export class Renaming {
  /** By new id: the id before. */
  readonly names: number[] = [];
  private readonly ids = new Map<number, number>();
  private readonly frames = new Map<Frame, Frame>();
  private readonly bindings: Pick<Bindings, 'follow'>;

  constructor(bindings: Pick<Bindings, 'follow'>) {
    this.bindings = bindings;
  }

  /** Callers that two threads share stay shared. */
  frame(frame: Frame, epoch: number): Frame {
    const chain: Frame[] = [];
    let known: Frame | undefined;
    for (let at: Frame | undefined = frame; at !== undefined; at = at.caller) {
      known = this.frames.get(at);
      if (known !== undefined) break;
      chain.push(at);
    }
    return (
      chain.reduceRight<Frame | undefined>((caller, each) => {
        const slots = each.slots.map((value) => (value === undefined ? value : this.value(value)));
        const renamed = { ...each, slots, caller, epoch };
        this.frames.set(each, renamed);
        return renamed;
      }, known) ?? frame
    );
  }

  value(value: Value): Value {
    const at = this.bindings.follow(value);
    if (isTerm(at)) return at;
    if (at.kind === 'variable') return { kind: 'variable', id: this.idOf(at.id) };
    if (at.name === undefined) return this.list(at);
    return structOf(
      at.name,
      at.args.map((arg) => this.value(arg)),
    );
  }

  /** Along the list, not down it. */
  private list(list: OpenTerm): Value {
    const heads: Value[] = [];
    let rest: Value = list;
    while (typeof rest === 'object' && rest.kind === 'open' && rest.name === undefined) {
      const [head, tail]: readonly Value[] = rest.args;
      if (head === undefined || tail === undefined) break;
      heads.push(this.value(head));
      rest = this.bindings.follow(tail);
    }
    return heads.reduceRight((tail, head) => consOf(head, tail), this.value(rest));
  }

  private idOf(id: number): number {
    const known = this.ids.get(id);
    if (known !== undefined) return known;
    const fresh = this.names.push(id) - 1;
    this.ids.set(id, fresh);
    return fresh;
  }
}
