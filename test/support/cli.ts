/** The program as its users start it: a child process of the built command, without a terminal. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './repository.ts';

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home folder of its own, in which commands run one after the other. */
export interface Shell extends AsyncDisposable {
  readonly folder: string;
  readonly skypact: (...words: readonly string[]) => Promise<Ended>;
}

/** It needs `npm run build`. The working folder is the repository's. */
export async function openShell(environment: NodeJS.ProcessEnv = {}): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), 'skypact-cli-'));
  const env = { PATH: process.env['PATH'], SKYPACT_HOME: folder, ...environment };
  return {
    folder,
    skypact: async (...words) => {
      const child = spawn(process.execPath, ['bin/run.js', ...words], {
        cwd: root,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const exit = new Promise<number | null>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', resolve);
      });
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { exit: await exit, stdout, stderr };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
