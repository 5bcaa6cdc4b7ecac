import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contract, type ConversationId, failure } from 'skypact/vendor';
import { z } from 'zod';

/** What is kept of a contract: enough to give it again, and to list it. */
export interface Deal {
  readonly conversation: ConversationId;
  readonly contract: Contract;
}

/** A contract that was signed, or the machine that runs under one. */
export type Kind = 'contract' | 'machine';

/** The ids that this vendor gives: they are file names. */
const idPattern = /^[0-9a-f]{32}$/;

/**
 * The provider: a folder with one file for each contract and each machine. Your provider's API goes
 * here. It must make a thing once however often it is asked, find it by an id that you choose, and
 * list what is yours.
 */
export class Folder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Makes it unless it is there. Of two processes at once one makes it, and both find it made. */
  async make(kind: Kind, deal: Deal): Promise<void> {
    const draft = join(this.#path, `${randomUUID()}.draft`);
    await this.#reach(async () => {
      await mkdir(this.#path, { recursive: true });
      await writeFile(draft, JSON.stringify(deal));
      try {
        // A link appears whole or not at all, and never in the place of another file.
        await link(draft, this.#file(kind, deal.contract.id));
      } catch (thrown) {
        if (codeOf(thrown) !== 'EEXIST') throw thrown;
      } finally {
        await rm(draft, { force: true });
      }
    });
  }

  /** `undefined` when there is none. */
  async find(kind: Kind, id: string): Promise<Deal | undefined> {
    if (!idPattern.test(id)) return undefined;
    const text = await this.#reach(() => readUnlessGone(this.#file(kind, id)));
    return text === undefined ? undefined : parseDeal(text);
  }

  /** Returns when it is gone, also when it was gone before. */
  async end(kind: Kind, id: string): Promise<void> {
    if (idPattern.test(id)) await this.#reach(() => rm(this.#file(kind, id), { force: true }));
  }

  /** All that is there of a kind. */
  async list(kind: Kind): Promise<readonly Deal[]> {
    const names = await this.#reach(async () => {
      await mkdir(this.#path, { recursive: true });
      return readdir(this.#path);
    });
    const [ours, suffix] = [[] as Deal[], `.${kind}.json`];
    for (const name of names.filter((one) => one.endsWith(suffix))) {
      const deal = await this.find(kind, name.slice(0, -suffix.length));
      if (deal !== undefined) ours.push(deal);
    }
    return ours;
  }

  #file(kind: Kind, id: string): string {
    return join(this.#path, `${id}.${kind}.json`);
  }

  /** Rule V13: whatever the provider's client throws leaves here as a failure with a code. */
  async #reach<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw failure('VENDOR.UNREACHABLE', `the folder ${this.#path} cannot be used`, {
        retry: 'later',
        facts: { code: codeOf(cause) },
        next: 'check the setting `folder` and its permissions',
        cause,
      });
    }
  }
}

async function readUnlessGone(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

const dealSchema = z.object({
  conversation: z.custom<ConversationId>((value) => typeof value === 'string'),
  contract: z.custom<Contract>((value) => typeof value === 'object' && value !== null),
});

function parseDeal(text: string): Deal {
  try {
    return dealSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw failure('VENDOR.REPLY_MALFORMED', 'a file of the folder is no contract', { cause });
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
}
