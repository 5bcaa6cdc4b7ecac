/** What the EC2 suites share: a driver over moto, calls and objectives. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Failure, isFailure } from '../../src/base/failure.ts';
import { type ConversationId, id } from '../../src/sla/ids.ts';
import { ec2Entry } from '../../src/vendors/ec2/entry.ts';
import type {
  Call,
  CallForProposals,
  Contract,
  Objective,
  Proposal,
  Vendor,
} from '../../src/vendors/vendor.ts';
import { type Interference, type LabProxy, startProxy } from './http-proxy.ts';
import { image, type Moto, region, startMoto } from './moto.ts';

/** Short waits: moto does at once what takes Amazon a minute. */
export const timeouts = {
  requestMs: 20_000,
  bindMs: 20_000,
  withdrawMs: 20_000,
  graceMs: 200,
  settleMs: 1_200,
  pollMs: 50,
};

export function settingsFor(
  endpoint: string,
  folder: string,
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { region, endpoint, folder, images: { 'debian-12': image }, timeouts, ...changes };
}

export function openEc2(
  settings: Readonly<Record<string, unknown>>,
  name = 'aws',
): Promise<Vendor & AsyncDisposable> {
  return ec2Entry.open(name, settings, callOf());
}

/** A call in a transaction of its own, unless it names one. */
export function callOf(changes: Partial<Call> = {}): Call {
  return {
    conversation: id<ConversationId>(`lab-${crypto.randomUUID()}`),
    signal: AbortSignal.timeout(60_000),
    progress: () => undefined,
    ...changes,
  };
}

export function cfpOf(changes: Partial<Objective> = {}): CallForProposals {
  const objective: Objective = {
    name: 'web',
    count: 1,
    cpus: 2,
    memoryMiB: 4096,
    diskGiB: 20,
    image: 'debian-12',
    place: { sites: [], vendors: [], not: [] },
    promises: [],
    amend: [],
    ...changes,
  };
  return { objective, currency: 'USD', replyByMs: Date.now() + 60_000, round: 0, rounds: 1 };
}

export async function proposalsOf(
  vendor: Vendor,
  call: Call,
  cfp: CallForProposals = cfpOf(),
): Promise<readonly Proposal[]> {
  const answer = await vendor.bid(cfp, call);
  if ('kind' in answer) throw new Error(`refused: ${answer.reason}: ${answer.detail}`);
  return answer;
}

export async function signedBy(
  vendor: Vendor,
  call: Call,
  cfp: CallForProposals = cfpOf(),
): Promise<Contract> {
  const [proposal] = await proposalsOf(vendor, call, cfp);
  if (proposal === undefined) throw new Error('no proposal');
  return vendor.accept(proposal, 0, call);
}

/** A folder for catalogues, gone at the end. */
export async function scratchFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'skypact-ec2-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** An error in EC2's own words. */
export function ec2Error(code: string, status = 400): Interference {
  const error = `<Error><Code>${code}</Code><Message>said in the lab</Message></Error>`;
  const body = `<Response><Errors>${error}</Errors><RequestID>lab</RequestID></Response>`;
  return { kind: 'answer', status, body };
}

/** The failure that a call ends with; fails when it does not. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('it succeeded');
}

/** Moto behind a proxy, and a folder for catalogues; everything is new for each test file. */
export interface Lab extends AsyncDisposable {
  readonly moto: Moto;
  readonly proxy: LabProxy;
  readonly folder: string;
  /** Opens a driver through the proxy. */
  open(
    changes?: Readonly<Record<string, unknown>>,
    name?: string,
  ): Promise<Vendor & AsyncDisposable>;
  /** Moto as at the start, no interference, nothing counted. The kept catalogue stays. */
  renew(): Promise<void>;
}

export async function startLab(): Promise<Lab> {
  const [moto, scratch] = await Promise.all([startMoto(), scratchFolder()]);
  const proxy = await startProxy(moto.endpoint);
  return {
    moto,
    proxy,
    folder: scratch.path,
    open: (changes, name) => openEc2(settingsFor(proxy.endpoint, scratch.path, changes), name),
    renew: async () => {
      await moto.reset();
      proxy.hooks = {};
      proxy.forget();
    },
    [Symbol.asyncDispose]: async () => {
      await proxy.stop();
      await moto.stop();
      await scratch[Symbol.asyncDispose]();
    },
  };
}
