import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A process of child.ts; it ends with the test that awaits `ended`, or by `kill`. */
export interface Child {
  /** The next line it says, or `undefined` when it has ended. */
  readonly says: () => Promise<unknown>;
  /** Lets it through its gate. */
  readonly go: () => void;
  readonly kill: () => void;
  readonly ended: Promise<unknown>;
}

export interface ChildOptions {
  /** A command that starts it with fewer rights, such as setpriv and its options. */
  readonly rights?: readonly string[];
}

export function child(args: readonly string[], options: ChildOptions = {}): Child {
  const script = new URL('./child.ts', import.meta.url).pathname;
  const [program = '', ...words] = [...(options.rights ?? []), process.execPath, script, ...args];
  const process_: ChildProcessByStdio<Writable, Readable, null> = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  return {
    says: async () => {
      const line = await lines.next();
      return line.done ? undefined : JSON.parse(line.value);
    },
    go: () => process_.stdin.end('go\n'),
    kill: () => process_.kill('SIGKILL'),
    ended: once(process_, 'exit'),
  };
}
