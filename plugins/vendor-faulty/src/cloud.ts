import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Binding,
  Call,
  Contract,
  ContractId,
  ConversationId,
  Host,
  MoveId,
} from 'skypact/vendor';
import { failure, throwIfAborted } from 'skypact/vendor';

/** What the provider remembers of one contract. */
export interface Deal {
  readonly contract: Contract;
  readonly conversation: ConversationId;
  /** Where its room is held, and where its machine runs. */
  host: string;
  state: 'signed' | 'starting' | 'running';
}

/** One copy of a machine on one host; during a move there are two. */
export interface Copy {
  readonly machine: string;
  readonly contract: ContractId | 'foreign';
  readonly host: string;
  running: boolean;
}

/** A move that was prepared here. Room is held at both ends until it is released or discarded. */
export interface Passage {
  readonly contract: ContractId;
  readonly from: string;
  readonly to: string;
  state: 'prepared' | 'paused' | 'committed' | 'released';
}

const hosts = ['host-1', 'host-2', 'host-3'].map((name) => ({
  name,
  site: 'lab',
  cpus: 64,
  memoryMiB: 262_144,
}));

/**
 * A provider in memory: what outlives the vendor instances that are opened over it. It changes
 * between two awaits only, so that two instances stand for two processes.
 */
export class Cloud {
  readonly deals: Map<ContractId, Deal> = new Map();
  readonly passages: Map<MoveId, Passage> = new Map();
  readonly copies: Set<Copy> = new Set();
  /** Room that is taken for nothing; only a fault does that. */
  readonly wasted: string[] = [];
  #losing = false;
  readonly #counts = new Map<string, number>();
  /** What must not leak from an instance opened over it. */
  readonly secret = 'correct-horse-battery-staple';

  hostsNow(): readonly Host[] {
    return hosts.map((host) => {
      const used = this.#usedOn(host.name);
      const running = [...this.copies].filter((copy) => copy.host === host.name && copy.running);
      return {
        ...host,
        cpusUsed: used.reduce((sum, { cpus }) => sum + cpus, 0),
        memoryMiBUsed: used.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0),
        contracts: running.flatMap(({ contract }) => (contract === 'foreign' ? [] : [contract])),
      };
    });
  }

  /** The first host with room, none of those to stay apart from. */
  roomFor(
    { cpus, memoryMiB }: { readonly cpus: number; readonly memoryMiB: number },
    apartFrom: readonly string[],
  ): Host | undefined {
    return this.hostsNow().find(
      (host) =>
        !apartFrom.includes(host.name) &&
        host.cpus - host.cpusUsed >= cpus &&
        host.memoryMiB - host.memoryMiBUsed >= memoryMiB,
    );
  }

  /** From now on the next answer about an effect is lost: it happened, and nobody hears of it. */
  loseNextAnswer(): void {
    this.#losing = true;
  }

  loseNoAnswer(): void {
    this.#losing = false;
  }

  /** Called between an effect and its answer; fails with VENDOR.UNREACHABLE when that is lost. */
  answer(): void {
    if (!this.#losing) return;
    this.#losing = false;
    throw failure('VENDOR.UNREACHABLE', 'the connection broke off', { retry: 'later' });
  }

  /** How often it was asked for this before, and now; only faults count. */
  count(what: string): number {
    const times = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, times);
    return times;
  }

  copiesOf(contract: ContractId): readonly Copy[] {
    return [...this.copies].filter((copy) => copy.contract === contract);
  }

  bindingOf({ contract, host }: Deal): Binding {
    const machine = machineOf(contract.id);
    return {
      contract: contract.id,
      endpoint: 'ssh://root@192.0.2.1:22',
      credentialRef: 'agent',
      site: contract.proposal.site,
      host,
      machine,
    };
  }

  /** Frees all that a contract holds. */
  forget(contract: ContractId): void {
    this.deals.delete(contract);
    for (const copy of this.copiesOf(contract)) this.copies.delete(copy);
    for (const [move, passage] of this.passages) {
      if (passage.contract === contract) this.passages.delete(move);
    }
  }

  #usedOn(host: string): readonly Contract['proposal']['offered'][] {
    const offered = (contract: ContractId): readonly Contract['proposal']['offered'][] => {
      const deal = this.deals.get(contract);
      return deal === undefined ? [] : [deal.contract.proposal.offered];
    };
    const held = [...this.deals.values()].filter((deal) => deal.host === host);
    const moving = [...this.passages.values()].filter(
      ({ from, to, state }) =>
        (state === 'committed' && from === host) ||
        ((state === 'prepared' || state === 'paused') && to === host),
    );
    const wasted = this.wasted.filter((name) => name === host);
    return [
      ...held.map(({ contract }) => contract.proposal.offered),
      ...moving.flatMap(({ contract }) => offered(contract)),
      ...wasted.map(() => ({ cpus: 1, memoryMiB: 1, diskGiB: 1, image: '' })),
    ];
  }
}

/** The id of a contract's machine; one contract has one machine. */
export function machineOf(contract: ContractId): string {
  return `vm:${contract}`;
}

/** The provider takes its time; fails with VENDOR.ABORTED when the host stops waiting. */
export async function work(ms: number, call: Call): Promise<void> {
  throwIfAborted(call);
  try {
    await sleep(ms, undefined, { signal: call.signal });
  } catch {
    throwIfAborted(call);
  }
}
