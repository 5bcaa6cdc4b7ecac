/** Processes as Linux shows them in /proc (proc(5)); none of this works elsewhere. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** When it started, in ticks since the machine did. */
  readonly start: number;
}

/** `undefined` when there is none, or it has ended and nobody has asked how. */
export function processAt(pid: number): Process | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const start = rest[17];
  if (state === undefined || start === undefined || state === 'Z' || state === 'X')
    return undefined;
  return { pid, parent: Number(parent), start: Number(start) };
}

/** Whether the process was started with `word` as an argument, or shows it in its title. */
export function mentions(pid: number, word: string): boolean {
  return read(`/proc/${pid}/cmdline`).split(/[\0 ]/).includes(word);
}

/**
 * Every process that mentions `word`, has `variable` in its environment, or descends from one of
 * those; without this one.
 */
export function related(word: string, variable: string): readonly Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processAt(Number(name)) ?? [])
    .filter(({ pid }) => pid !== process.pid);
  const found = new Set(
    all
      .filter(({ pid }) => mentions(pid, word) || hasVariable(pid, variable))
      .map(({ pid }) => pid),
  );
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

function hasVariable(pid: number, variable: string): boolean {
  return read(`/proc/${pid}/environ`).split('\0').includes(variable);
}

/** Empty when the process is gone, or is not ours to look at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
