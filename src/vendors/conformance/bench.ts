import assert from 'node:assert/strict';
import { type ConversationId, id } from '../../sla/ids.ts';
import type {
  Binding,
  Call,
  CallForProposals,
  Contract,
  ContractId,
  HeldContract,
  Host,
  Proposal,
  Vendor,
} from '../vendor.ts';
import { type AbortMoment, aborted } from './abort.ts';
import { type Outcome, settled } from './outcome.ts';
import type { MachineSeen, Subject } from './subject.ts';

/** How often a check repeats what must be repeatable. */
export const repeats = 10;

/** One transaction of a check: a call, and what was signed under it. */
export interface Deal {
  readonly call: Call;
  readonly contract: Contract;
}

/** What to accept; unit 0 and the vendor of this process unless it says otherwise. */
export interface Signing {
  readonly proposal: Proposal;
  readonly unit?: number;
  readonly call: Call;
  readonly by?: Vendor;
}

/** Everything that can be seen of the account; two of them are compared to see that nothing moved. */
export interface World {
  readonly held: readonly HeldContract[];
  readonly hosts: readonly Host[];
  readonly machines: readonly MachineSeen[];
}

/**
 * The vendor under test, and everything that the check signs with it. What was there before is left
 * alone; what the check leaves is withdrawn: a kit that leaks machines costs its users money.
 */
export class Bench implements AsyncDisposable {
  readonly subject: Subject;
  readonly name: string;
  /** What the vendor reported through `progress`. */
  readonly heard: string[] = [];
  readonly #open: (Vendor & AsyncDisposable)[] = [];
  readonly #conversations = new Set<string>();
  readonly #signed = new Set<ContractId>();
  #leaving = false;
  readonly #heldBefore = new Set<string>();
  readonly #machinesBefore = new Set<string>();

  private constructor(subject: Subject) {
    this.subject = subject;
    this.name = subject.name ?? 'under-test';
  }

  static async over(subject: Subject): Promise<Bench> {
    const bench = new Bench(subject);
    await bench.process();
    try {
      for (const held of await bench.held()) bench.#heldBefore.add(held.id);
      for (const seen of await bench.machines()) bench.#machinesBefore.add(seen.machine);
    } catch (thrown) {
      await bench.#close();
      throw thrown;
    }
    return bench;
  }

  /** The vendor as this process has it. */
  get vendor(): Vendor {
    const vendor = this.#open.at(-1);
    assert.ok(vendor, 'no instance is open');
    return vendor;
  }

  /** Opens another instance over the same account, as a second process would; it is `vendor` now. */
  async process(): Promise<Vendor> {
    const vendor = await this.subject.open(this.name);
    this.#open.push(vendor);
    return vendor;
  }

  /** Closes every instance and opens one anew. */
  async reopen(): Promise<Vendor> {
    await this.#close();
    return this.process();
  }

  /** A call in a transaction of its own. */
  call(): Call {
    const conversation = id<ConversationId>(`check-${crypto.randomUUID()}`);
    this.#conversations.add(conversation);
    const timeout = AbortSignal.timeout(this.subject.callTimeoutMs ?? 600_000);
    const { signal: stopped } = this.subject;
    // What the check leaves is withdrawn also when it was stopped.
    const signal =
      stopped === undefined || this.#leaving ? timeout : AbortSignal.any([timeout, stopped]);
    return { conversation, signal, progress: (step) => this.heard.push(step) };
  }

  /** Aborts a call at that moment; fails unless it settles in time, whatever comes of it (V9). */
  cut<T>(moment: AbortMoment, call: Call, work: (stop: Call) => Promise<T>): Promise<Outcome<T>> {
    return aborted({ moment, withinMs: this.settleWithinMs }, call, work);
  }

  /** V9's bound. */
  get settleWithinMs(): number {
    return this.subject.settleWithinMs ?? 5_000;
  }

  /** The `possible` call, its answer due in a minute. */
  possible(changes: Partial<CallForProposals['objective']> = {}): CallForProposals {
    const { possible } = this.subject;
    const objective = { ...possible.objective, ...changes };
    return { ...possible, objective, replyByMs: this.nowMs() + 60_000 };
  }

  nowMs(): number {
    return this.subject.nowMs?.() ?? Date.now();
  }

  /** Proposals for the possible call, as they come back from the host's database. */
  async proposals(
    call: Call,
    cfp: CallForProposals = this.possible(),
  ): Promise<readonly Proposal[]> {
    const answer = await this.vendor.bid(cfp, call);
    if ('kind' in answer) {
      assert.fail(`the vendor refused the possible call: ${answer.reason}, ${answer.detail}`);
    }
    assert.ok(answer.length > 0, 'the vendor answered the possible call with no proposal');
    return stored(answer);
  }

  async proposal(call: Call): Promise<Proposal> {
    const [first] = await this.proposals(call);
    assert.ok(first);
    return first;
  }

  /** The proposal, now past its validity. */
  async expired(proposal: Proposal): Promise<Proposal> {
    const { expire } = this.subject;
    if (expire === undefined) return { ...proposal, validUntilMs: this.nowMs() - 1_000 };
    await expire(proposal);
    return proposal;
  }

  /** Accepts, and remembers to withdraw what it signed. */
  async sign({ proposal, unit = 0, call, by = this.vendor }: Signing): Promise<Contract> {
    const contract = await by.accept(proposal, unit, call);
    this.#signed.add(contract.id);
    return stored(contract);
  }

  /** Signs one contract in a transaction of its own. */
  async deal(): Promise<Deal> {
    const call = this.call();
    const proposal = await this.proposal(call);
    return { call, contract: await this.sign({ proposal, call }) };
  }

  /** Signs one contract and starts its machine. */
  async machine(): Promise<Deal & { readonly binding: Binding }> {
    const deal = await this.deal();
    return { ...deal, binding: stored(await this.vendor.bind(deal.contract, deal.call)) };
  }

  /** What the provider holds and did not before the check, by id. */
  async held(): Promise<readonly HeldContract[]> {
    const all = await Array.fromAsync(this.vendor.contracts(this.call()));
    return all.filter((held) => !this.#heldBefore.has(held.id)).toSorted(by((held) => held.id));
  }

  /** Machines that exist and did not before the check, if the subject can tell. */
  async machines(): Promise<readonly MachineSeen[]> {
    const all = (await this.subject.machines?.()) ?? [];
    return all
      .filter(({ machine }) => !this.#machinesBefore.has(machine))
      .toSorted(by(({ machine, host = '' }) => `${machine} ${host}`));
  }

  async hosts(): Promise<readonly Host[]> {
    const { hosts } = this.vendor;
    if (hosts === undefined) return [];
    return (await Array.fromAsync(hosts.list(this.call()))).toSorted(by((host) => host.name));
  }

  async world(): Promise<World> {
    const [held, hosts, machines] = await Promise.all([this.held(), this.hosts(), this.machines()]);
    return stored({ held, hosts, machines });
  }

  /** Repeats an assertion while the provider's lists may lag, or `withinMs` at least. */
  async eventually(assertion: () => Promise<void>, withinMs = 0): Promise<void> {
    const untilMs = Date.now() + Math.max(withinMs, this.subject.lagMs ?? 0);
    for (;;) {
      try {
        return await assertion();
      } catch (thrown) {
        if (Date.now() >= untilMs) throw thrown;
        await new Promise((resume) => setTimeout(resume, 50));
      }
    }
  }

  /** Fails unless the vendor lists exactly these contracts. */
  async lists(contracts: readonly Contract[]): Promise<void> {
    await this.eventually(async () => {
      const expected = contracts.map((contract) => contract.id).toSorted();
      assert.deepEqual(
        (await this.held()).map((held) => held.id),
        expected,
        'contracts held',
      );
    });
  }

  /** Fails unless exactly these contracts, and no more machines than that, are there. */
  async holds(contracts: readonly Contract[], withinMs = 0): Promise<void> {
    await this.eventually(async () => {
      await this.lists(contracts);
      const machines = await this.machines();
      const seen = machines.map(({ machine }) => machine).join(', ');
      assert.ok(machines.length <= contracts.length, `machines at the provider: ${seen}`);
    }, withinMs);
  }

  /** Withdraws what the check signed and closes every instance; fails when something stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving = true;
    if (this.#open.length === 0) await this.process();
    const troubles: unknown[] = [];
    const attempt = async (work: () => Promise<unknown>): Promise<void> => {
      const outcome = await settled(work());
      if ('thrown' in outcome) troubles.push(outcome.thrown);
    };
    // What was signed but is not listed breaks V8, and must be let go all the same.
    for (const contract of this.#signed) {
      await attempt(() => this.vendor.withdraw(contract, this.call()));
    }
    await attempt(async () => {
      for (const held of await this.#ours()) await this.vendor.withdraw(held.id, this.call());
    });
    await attempt(() =>
      this.eventually(async () => assert.deepEqual(await this.#ours(), [], 'left behind')),
    );
    await attempt(() => this.#close());
    if (troubles.length > 0) throw troubles[0];
  }

  async #ours(): Promise<readonly HeldContract[]> {
    return (await this.held()).filter(
      (held) => this.#conversations.has(held.conversation) || this.#signed.has(held.id),
    );
  }

  async #close(): Promise<void> {
    for (const vendor of this.#open.splice(0)) await vendor[Symbol.asyncDispose]();
  }
}

/** A value as the host's database gives it back: equal, but nothing that the vendor made itself. */
export function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

function by<T>(key: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b)));
}
