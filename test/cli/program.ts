/** The built program as a child process, in a home of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { root } from '../support/repository.ts';

export const shop: string = join(root, 'examples', 'shop.sla.yaml');

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  /** `open`: standard input stays open, and nothing comes. */
  readonly input?: string | 'open';
  readonly environment?: Readonly<Record<string, string>>;
  /** Words before the program, such as `unshare -m`. */
  readonly under?: readonly string[];
}

/** A child that runs; its streams are read from the beginning. */
export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<Ended>;
  /** Settles when standard error has said it. */
  readonly says: (words: string) => Promise<void>;
}

/** Where the program keeps everything: store, settings, simulated providers. Removed at the end. */
export class Home implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'skypact-cli-'));

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  file(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** One perfcloud with these settings instead of the one that is there by default. */
  perfcloud(settings: object): void {
    const folder = join(this.folder, 'vendors', 'perfcloud');
    mkdirSync(this.folder, { recursive: true });
    const vendors = { perfcloud: { driver: 'perfcloud', settings: { folder, ...settings } } };
    this.file('config.yaml', JSON.stringify({ vendors }));
  }

  start(words: readonly string[], options: RunOptions = {}): Running {
    const { input = '', environment = {}, under = [] } = options;
    const all = [...under, process.execPath, join(root, 'bin', 'run.js'), ...words];
    const [program = '', ...args] = all;
    const child = spawn(program, args, {
      cwd: this.folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...this.environment(), ...environment },
    });
    child.stdin.on('error', () => undefined);
    if (input !== 'open') child.stdin.end(input);
    return { child, ended: ended(child), says: (said) => says(child.stderr, said) };
  }

  run(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return this.start(words, options).ended;
  }

  /** The one document of a run with `--json`. */
  async json(words: readonly string[], options: RunOptions = {}): Promise<unknown> {
    const { stdout } = await this.run([...words, '--json'], options);
    return JSON.parse(stdout);
  }

  environment(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.folder,
      SKYPACT_HOME: this.folder,
      // Every home begins empty; compiling anew in each would be most of the time.
      NODE_COMPILE_CACHE: join(tmpdir(), 'skypact-cli-compiled'),
    };
  }
}

async function ended(child: Running['child']): Promise<Ended> {
  const [stdout, stderr, [exit]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exit, stdout, stderr };
}

function says(stream: Readable, words: string): Promise<void> {
  const said = Promise.withResolvers<void>();
  let heard = '';
  stream.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
    if (heard.includes(words)) said.resolve();
  });
  stream.on('end', () => said.reject(new Error(`never said ${words}: ${heard}`)));
  return said.promise;
}

interface Told {
  readonly exit: number;
  readonly code: string;
  /** Part of the message. */
  readonly says: string | RegExp;
}

/**
 * Fails as it should, twice: for people, with nothing on standard output, and with `--json` as one
 * document; each time it says what to do next.
 */
export async function expectFailure(
  home: Home,
  words: readonly string[],
  { exit, code, says, ...options }: Told & RunOptions,
): Promise<void> {
  const plain = await home.run(words, options);
  expect(plain).toMatchObject({ exit, stdout: '' });
  expect(plain.stderr).toContain(`[${code}]`);
  expect(plain.stderr).toMatch(says);
  expect(plain.stderr).toContain('\nnext: ');
  expect(plain.stderr).not.toContain('    at ');
  const told = await home.run([...words, '--json'], options);
  expect(told.exit).toBe(exit);
  expect(JSON.parse(told.stdout)).toMatchObject({
    error: { code, message: expect.stringMatching(says), next: expect.any(String) },
  });
}

/** Every SLA there is, ended ones too: to see that nothing was changed. */
export async function slas(home: Home, options: RunOptions = {}): Promise<unknown> {
  return await home.json(['sla', 'list', '--all'], options);
}
