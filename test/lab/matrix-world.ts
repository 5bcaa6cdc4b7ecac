/** Where the kill matrix happens: a home folder with a configuration, and a provider to look at. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Office } from '../../src/agency/compose.ts';
import { officeAt } from '../support/office.ts';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** One run of the program and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class World implements AsyncDisposable {
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#environment = environment;
  }

  static async with(
    vendors: (folder: string) => object,
    template: object,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'skypact-matrix-'));
    await writeFile(join(folder, 'config.yaml'), stringify({ vendors: vendors(folder) }));
    await writeFile(join(folder, 'sla.yaml'), stringify(template));
    return new World(folder, environment);
  }

  /** The agency over this folder, in this process. */
  office(): Promise<Office> {
    const environment = { SKYPACT_HOME: this.folder, ...this.#environment };
    return officeAt(this.folder, { environment });
  }

  start(words: readonly string[], plan?: string): ReturnType<typeof spawn> {
    return spawn(process.execPath, [program, ...words], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: this.folder,
        SKYPACT_HOME: this.folder,
        ...this.#environment,
        ...(plan === undefined ? {} : { SKYPACT_CRASH_PLAN: `${plan}@${this.#log}` }),
      },
    });
  }

  async run(words: readonly string[], plan?: string): Promise<Ran> {
    const child = this.start(words, plan);
    return await outcome(child);
  }

  /** The points that were passed since the last call, such as `save:12:before`. */
  async points(): Promise<readonly string[]> {
    const lines = await readFile(this.#log, 'utf8').catch(() => '');
    await rm(this.#log, { force: true });
    return lines.split('\n').filter((line) => line !== '');
  }

  get #log(): string {
    return join(this.folder, 'points.log');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function outcome(child: ReturnType<typeof spawn>): Promise<Ran> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the child has no pipes');
  const [out, err, [code, killedBy]] = await Promise.all([
    text(stdout),
    text(stderr),
    once(child, 'exit'),
  ]);
  return { code, killedBy, stdout: out, stderr: err };
}
