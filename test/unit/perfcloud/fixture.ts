import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFailure } from '../../../src/base/failure.ts';
import { id } from '../../../src/sla/ids.ts';
import { openPerfcloud } from '../../../src/vendors/perfcloud/perfcloud.ts';
import { settings as schema } from '../../../src/vendors/perfcloud/settings.ts';
import type {
  Call,
  CallForProposals,
  Contract,
  ConversationId,
  Objective,
  Proposal,
  Vendor,
} from '../../../src/vendors/vendor.ts';

/** Hosts of one class without other tenants, so that rooms are easy to count. */
export function site(name: string, count: number, more: object = {}): object {
  return {
    name,
    hosts: [{ class: 'std', count, cpus: 8, memoryMiB: 32_768, diskGiB: 500, ...more }],
  };
}

/** A cloud on a clock that moves only when somebody sleeps, in a folder that goes with it. */
export class Lab implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'perfcloud-unit-'));
  nowMs = 1_800_000_000_000;
  readonly #open: AsyncDisposable[] = [];

  /** Opens the instance `p`; again, and it is another process over the same state. */
  async open(given: object = {}): Promise<Vendor> {
    const settings = schema.parse({
      folder: this.folder,
      sites: [site('north', 2)],
      concedes: 'none',
      ...given,
    });
    const clock = {
      nowMs: (): number => this.nowMs,
      sleep: async (delayMs: number, signal?: AbortSignal): Promise<void> => {
        signal?.throwIfAborted();
        this.nowMs += delayMs;
      },
    };
    const vendor = await openPerfcloud({ name: 'p', settings, clock }, call());
    this.#open.push(vendor);
    return vendor;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const vendor of this.#open) await vendor[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function call(
  conversation = 'talk',
  signal: AbortSignal = new AbortController().signal,
): Call {
  return { conversation: id<ConversationId>(conversation), signal, progress: () => undefined };
}

export function cfp(
  objective: Partial<Objective> = {},
  more: Partial<CallForProposals> = {},
): CallForProposals {
  return {
    objective: {
      name: 'web',
      count: 1,
      cpus: 2,
      memoryMiB: 4_096,
      diskGiB: 20,
      image: 'debian-12',
      place: { sites: [], vendors: [], not: [] },
      promises: [],
      amend: [],
      ...objective,
    },
    currency: 'USD',
    replyByMs: 0,
    round: 0,
    rounds: 1,
    ...more,
  };
}

export const anywhere: Objective['place'] = { sites: [], vendors: [], not: [] };

export async function proposals(
  vendor: Vendor,
  ask: CallForProposals = cfp(),
  by: Call = call(),
): Promise<readonly [Proposal, ...Proposal[]]> {
  const answer = await vendor.bid(ask, by);
  if ('kind' in answer) throw new Error(`refused: ${answer.detail}`);
  const [first, ...rest] = answer;
  if (first === undefined) throw new Error('no proposal');
  return [first, ...rest];
}

/** Asks, and accepts a unit of the cheapest proposal. */
export async function sign(
  vendor: Vendor,
  ask: CallForProposals = cfp(),
  by: Call = call(),
): Promise<Contract> {
  const [proposal] = await proposals(vendor, ask, by);
  return vendor.accept(proposal, 0, by);
}

/** The code of the failure that it ends in. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isFailure(thrown)) throw new Error(`no failure but ${String(thrown)}`);
  return thrown.code;
}

export async function held(vendor: Vendor): Promise<readonly string[]> {
  return (await Array.fromAsync(vendor.contracts(call()))).map((contract) => contract.id);
}
