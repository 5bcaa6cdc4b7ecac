import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { limits } from '../../base/limits.ts';
import type { Settings } from './settings.ts';

/** A value and when it was taken. */
export interface Kept<T> {
  readonly takenMs: number;
  readonly value: T;
}

/** Values of one vendor instance on disk. A shelf that cannot be read or written is an empty one. */
export interface Shelf {
  /** `undefined` when there is none, or when it is not what `schema` says. */
  read<T>(part: string, schema: z.ZodType<T, unknown>): Promise<Kept<T> | undefined>;
  /** Replaces the file in one step: a reader sees the old value or the new one. */
  write(part: string, kept: Kept<unknown>): Promise<void>;
}

/** Two instances share files only when all that decides their content is equal. */
export function shelf(name: string, settings: Settings): Shelf {
  const { region, endpoint = '', profile = '', folder = defaultFolder() } = settings;
  const { images, user, subnet = [] } = settings;
  const identity = JSON.stringify([form, region, endpoint, profile, images, user, subnet]);
  const key = createHash('sha256').update(identity).digest('hex').slice(0, 12);
  const fileOf = (part: string): string => join(folder, `ec2-${name}-${key}-${part}.json`);
  return {
    read: async (part, schema) => {
      const file = fileOf(part);
      const text = await readFile(file, 'utf8').catch(() => '');
      if (text.length > limits.ec2KeptBytes) return undefined;
      return parseKept(text, schema);
    },
    write: async (part, kept) => {
      const draft = `${fileOf(part)}.${process.pid}-${randomUUID()}`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(draft, JSON.stringify(kept));
        await rename(draft, fileOf(part));
      } catch {
        // A full or read-only disk costs time at the next start, and nothing else.
        await rm(draft, { force: true }).catch(() => undefined);
      }
    },
  };
}

/** Counts up when the form of a kept value changes. */
const form = 1;

async function writeFile(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(text);
}

function parseKept<T>(text: string, schema: z.ZodType<T, unknown>): Kept<T> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const kept = z.object({ takenMs: z.number(), value: schema }).safeParse(value);
    return kept.success ? kept.data : undefined;
  } catch {
    return undefined;
  }
}

function defaultFolder(): string {
  const { XDG_CACHE_HOME } = process.env;
  return join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'skypact', 'ec2');
}
