/**
 * A provider in memory that fails as it is told to: several vendor instances share what it holds, and
 * so do several processes. What it holds is what the world would have to pay for.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { systemClock } from '../../src/agency/clock.ts';
import type { Clock } from '../../src/base/clock.ts';
import { failure } from '../../src/base/failure.ts';
import { type ContractId, type ConversationId, id, type ProposalId } from '../../src/sla/ids.ts';
import { type Registry, registryOf } from '../../src/vendors/registry.ts';
import type { Call, CallForProposals, Proposal, Vendor } from '../../src/vendors/vendor.ts';
import { type Home, homeWith, officeAt } from '../support/office.ts';

/** What becomes of one call: `lost` does it, and loses the answer; `denied` is not tried again. */
export type Fate = 'ok' | 'gone' | 'unreachable' | 'lost' | 'moved' | 'denied';

export interface HeldMachine {
  readonly vendor: string;
  readonly conversation: ConversationId;
  readonly objective: string;
  state: 'signed' | 'running';
}

type Method = 'bid' | 'accept' | 'bind' | 'withdraw';

export class Provider {
  readonly held: Map<ContractId, HeldMachine> = new Map();
  /** For each method, what becomes of its next calls; `ok` when none is left. */
  fates: Record<Method, Fate[]> = { bid: [], accept: [], bind: [], withdraw: [] };
  /** Awaited before every call. */
  onCall: (method: Method, call: Call) => unknown = () => undefined;
  /** Vendors that cannot be asked at all. */
  readonly down: Set<string> = new Set();
  readonly #buried = new Set<ContractId>();
  #bids = 0;

  registry(): Registry {
    const entry = {
      api: 1,
      name: 'memory',
      summary: 'machines in memory',
      settings: {
        '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) },
      },
      open: async (name: string) => this.#vendor(name),
    };
    return registryOf(
      { successes: [{ plugin: { name: 'test' }, result: [entry] }], failures: [] },
      'test',
    );
  }

  #vendor(name: string): Vendor & AsyncDisposable {
    const held = this.held;
    return {
      api: 1,
      name,
      describe: async () => ({
        driver: 'memory',
        version: '1',
        sites: [{ name: 'here', latencyMs: {} }],
        images: ['debian-12'],
        currency: 'USD',
        largest: { cpus: 64, memoryMiB: 262_144, diskGiB: 10_000 },
        places: [],
        reserves: true,
      }),
      bid: async (cfp, call) => {
        this.#reach(name, await this.#fate('bid', call));
        return this.#bid(name, cfp);
      },
      accept: async (proposal, unit, call) => {
        const contract = id<ContractId>(`${proposal.id}#${unit}`);
        const fate = await this.#fate('accept', call);
        this.#reach(name, fate);
        if (!held.has(contract)) {
          if (this.#buried.has(contract)) throw failure('VENDOR.CONTRACT_UNKNOWN', 'it has ended');
          if (fate === 'gone') throw failure('VENDOR.CAPACITY_GONE', 'no room');
          if (fate === 'moved') throw failure('VENDOR.PRICE_MOVED', 'it costs more now');
          const { objective } = proposal;
          held.set(contract, {
            vendor: name,
            conversation: call.conversation,
            objective,
            state: 'signed',
          });
        }
        this.#lose(fate);
        return { id: contract, proposal, unit };
      },
      bind: async (contract, call) => {
        const fate = await this.#fate('bind', call);
        this.#reach(name, fate);
        const machine = held.get(contract.id);
        if (machine === undefined) throw failure('VENDOR.CONTRACT_UNKNOWN', 'there is none');
        if (fate === 'gone') throw failure('VENDOR.CAPACITY_GONE', 'no room to start');
        machine.state = 'running';
        this.#lose(fate);
        return {
          contract: contract.id,
          endpoint: 'ssh://root@192.0.2.1:22',
          credentialRef: 'agent',
          site: 'here',
          machine: `m-${contract.id}`,
        };
      },
      withdraw: async (contract, call) => {
        const fate = await this.#fate('withdraw', call);
        this.#reach(name, fate);
        held.delete(contract);
        this.#buried.add(contract);
        this.#lose(fate);
      },
      async *contracts() {
        for (const [contract, { vendor, conversation, objective, state }] of held) {
          if (vendor === name) yield { id: contract, conversation, objective, state };
        }
      },
      async *measure() {},
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  #bid(vendor: string, { objective, currency }: CallForProposals): readonly Proposal[] {
    return ['small', 'large', 'huge'].map((shape, index) => {
      this.#bids += 1;
      return {
        kind: 'proposal',
        id: id<ProposalId>(`${vendor}-${objective.name}-${shape}-${this.#bids}`),
        vendor,
        objective: objective.name,
        site: 'here',
        shape,
        pricePerHour: { micros: 1_000 * (index + 1) + vendor.length, currency },
        offered: {
          cpus: objective.cpus,
          memoryMiB: objective.memoryMiB,
          diskGiB: objective.diskGiB,
          image: objective.image,
        },
        units: objective.count,
        uses: [],
        promises: [],
        predicted: { cpuSpeed: 1, bindMs: 1_000 },
        validUntilMs: Date.now() + 3_600_000,
      };
    });
  }

  async #fate(method: Method, call: Call): Promise<Fate> {
    await this.onCall(method, call);
    call.signal.throwIfAborted();
    return this.fates[method].shift() ?? 'ok';
  }

  #reach(vendor: string, fate: Fate): void {
    if (fate === 'denied') throw failure('VENDOR.UNAUTHORIZED', 'who are you?');
    if (fate !== 'unreachable' && !this.down.has(vendor)) return;
    throw failure('VENDOR.UNREACHABLE', `${vendor} does not answer`, { retry: 'later' });
  }

  #lose(fate: Fate): void {
    if (fate === 'lost')
      throw failure('VENDOR.UNREACHABLE', 'the answer was lost', { retry: 'later' });
  }
}

/** A home whose vendors are all of this provider. */
export async function homeAt(provider: Provider, ...vendors: readonly string[]): Promise<Home> {
  const home = await homeWith({});
  const configured = Object.fromEntries(vendors.map((name) => [name, { driver: 'memory' }]));
  const config = stringify({ vendors: { perfcloud: null, ...configured } });
  await writeFile(join(home.folder, 'config.yaml'), config);
  return {
    ...home,
    office: (more = {}) =>
      officeAt(home.folder, { registry: async () => provider.registry(), clock: hasty, ...more }),
  };
}

/** Pauses between tries take no time; a wait for an answer is as long as ever. */
const hasty: Clock = {
  ...systemClock,
  sleep: (delayMs, signal) => systemClock.sleep(delayMs <= 2_000 ? 0 : delayMs, signal),
};

/** The same that much later. */
export function later(byMs: number): Clock {
  return { ...hasty, nowMs: () => systemClock.nowMs() + byMs };
}

/** The same, until it jumps: then that much has passed at once, as for a machine that was asleep. */
export class JumpingClock implements Clock {
  #skewMs = 0;
  #jumped = Promise.withResolvers<void>();

  nowMs = (): number => hasty.nowMs() + this.#skewMs;

  sleep = async (delayMs: number, signal?: AbortSignal): Promise<void> => {
    const untilMs = this.nowMs() + delayMs;
    const over = new AbortController();
    const stop = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    const slept = hasty.sleep(delayMs, stop);
    slept.catch(() => undefined);
    try {
      let isUp = false;
      while (!isUp) {
        const jumped = this.#jumped.promise.then(() => this.nowMs() >= untilMs);
        isUp = await Promise.race([slept.then(() => true), jumped]);
      }
    } finally {
      over.abort();
    }
  };

  jump(byMs: number): void {
    this.#skewMs += byMs;
    const { resolve } = this.#jumped;
    this.#jumped = Promise.withResolvers<void>();
    resolve();
  }
}
