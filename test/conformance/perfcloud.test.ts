import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, test } from 'vitest';
import { id } from '../../src/sla/ids.ts';
import {
  type Fault as KitFault,
  type MachineSeen,
  vendorConformance,
} from '../../src/vendors/conformance/kit.ts';
import type { Fault } from '../../src/vendors/perfcloud/fault-settings.ts';
import { openPerfcloud } from '../../src/vendors/perfcloud/perfcloud.ts';
import { machineOf } from '../../src/vendors/perfcloud/seal.ts';
import { settings as schema } from '../../src/vendors/perfcloud/settings.ts';
import type { Call, CallForProposals, ConversationId, Vendor } from '../../src/vendors/vendor.ts';

const folder = mkdtempSync(join(tmpdir(), 'perfcloud-kit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const possible: CallForProposals = {
  objective: {
    name: 'web',
    count: 1,
    cpus: 2,
    memoryMiB: 4_096,
    diskGiB: 20,
    networkMbps: 1_000,
    image: 'debian-12',
    place: { sites: [], vendors: [], not: [] },
    promises: [],
    amend: [],
  },
  currency: 'USD',
  replyByMs: 0,
  round: 0,
  rounds: 1,
};

/** What goes wrong in every instance that is open; the kit's faults come and go here. */
const faults: Fault[] = [];
const settings = { ...schema.parse({ folder, bindMs: 20 }), faults };
const clock = {
  nowMs: (): number => Date.now(),
  sleep: (delayMs: number, signal?: AbortSignal): Promise<void> =>
    sleep(delayMs, undefined, signal === undefined ? {} : { signal }),
};

function open(name: string): Promise<Vendor & AsyncDisposable> {
  return openPerfcloud({ name, settings, clock }, call());
}

function whileArmed(kind: 'loses-answer' | 'unreachable'): KitFault {
  return {
    name: kind,
    arm: async () => {
      faults.push({ kind, on: 'accept', after: 0 }, { kind, on: 'bind', after: 0 });
    },
    disarm: async () => {
      faults.length = 0;
    },
  };
}

function call(): Call {
  const signal = AbortSignal.timeout(10_000);
  return { conversation: id<ConversationId>('the-kit'), signal, progress: () => undefined };
}

/** What every instance of the folder has, read past the vendor. */
async function machines(): Promise<readonly MachineSeen[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sqlite'));
  return files.flatMap((file) => {
    using database = new DatabaseSync(join(folder, file));
    const started = "SELECT id, host, paused FROM contract WHERE state <> 'signed'";
    return database
      .prepare(started)
      .all()
      .map(({ id: contract, host, paused }) => ({
        machine: machineOf(id(String(contract))),
        host: String(host),
        running: paused === 0,
      }));
  });
}

/** A machine of another instance, which shares the folder and nothing else. */
async function foreign(): Promise<AsyncDisposable> {
  const vendor = await open('somebody-else');
  const answer = await vendor.bid(possible, call());
  const [proposal] = 'kind' in answer ? [] : answer;
  if (proposal === undefined) throw new Error('somebody else was refused');
  const contract = await vendor.accept(proposal, 0, call());
  await vendor.bind(contract, call());
  return {
    [Symbol.asyncDispose]: async () => {
      await vendor.withdraw(contract.id, call());
      await vendor[Symbol.asyncDispose]();
    },
  };
}

/** What makes proposals ours: it must never leave the state file. */
async function stateSecrets(): Promise<readonly string[]> {
  await using _made = await open('under-test');
  using database = new DatabaseSync(join(folder, 'perfcloud-under-test.sqlite'));
  return database
    .prepare("SELECT value FROM meta WHERE key = 'secret'")
    .all()
    .map(({ value }) => String(value));
}

vendorConformance({
  test,
  roles: ['moveSource', 'moveTarget', 'hosts'],
  possible,
  impossible: { ...possible, objective: { ...possible.objective, cpus: 1_000 } },
  machines,
  foreign,
  faults: [whileArmed('loses-answer'), whileArmed('unreachable')],
  secrets: await stateSecrets(),
  open,
});
