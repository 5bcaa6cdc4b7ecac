/**
 * What commands call: each operation begins or continues a conversation and returns where the SLA
 * stands. Everything goes through the store, so any process can go on where another stopped.
 */
import { failure, isFailure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { Answer } from '../lcc/constraint.ts';
import { type MachineOrder, pack, type Request } from '../negotiation/values.ts';
import { type Extent, machineOrders } from '../negotiation/withdraw.ts';
import { type ConversationId, id, type SlaId } from '../sla/ids.ts';
import type { Sla } from '../sla/sla.ts';
import type { Template } from '../sla/template.ts';
import type { ConversationSummary, Store } from '../store/store.ts';
import { castOf, type ModelText, negotiationModel } from './models.ts';
import { type NegotiateOptions, requestFor } from './requests.ts';
import { type LoopPorts, runConversation } from './run/loop.ts';

export interface AgencyPorts extends LoopPorts {
  readonly modelText: (name: string) => Promise<ModelText>;
  /** Globally unique; FIPA's conversation-id is made of it. */
  readonly newId: () => string;
}

export class Agency {
  readonly #ports: AgencyPorts;

  constructor(ports: AgencyPorts) {
    this.#ports = ports;
  }

  /** Calls for proposals and composes; goes on to machines when the request says so. */
  async negotiate(
    template: Template,
    options: NegotiateOptions,
    signal: AbortSignal,
  ): Promise<Sla> {
    const request = requestFor(template, options, {
      sla: id<SlaId>(this.#ports.newId().replaceAll('-', '').slice(0, 12)),
      transaction: id<ConversationId>(this.#ports.newId()),
      nowMs: this.#ports.clock.nowMs(),
    });
    return await this.#call(request, options.model, signal);
  }

  /** Negotiates what changed; the new SLA is ready before the old part is withdrawn. */
  async renegotiate(
    sla: Sla,
    { template, options }: { readonly template: Template; readonly options: NegotiateOptions },
    signal: AbortSignal,
  ): Promise<Sla> {
    if (isProposed(sla)) {
      const { clock } = this.#ports;
      if (sla.machines.length > 0)
        throw notNow(sla, 'changed: machines of it run; accept or refuse it');
      const same = { sla: sla.id, transaction: sla.transaction, nowMs: clock.nowMs() };
      const changed = requestFor(template, options, same);
      return await this.#decide(
        sla,
        { ask: 'userRenegotiates', answer: { yes: [pack(changed)] } },
        signal,
      );
    }
    if (sla.state !== 'ready' && sla.state !== 'partial' && sla.state !== 'violated') {
      throw notNow(sla, 'renegotiated');
    }
    const request = requestFor(template, options, {
      sla: id<SlaId>(this.#ports.newId().replaceAll('-', '').slice(0, 12)),
      transaction: sla.transaction,
      nowMs: this.#ports.clock.nowMs(),
      replaces: sla,
    });
    return await this.#call(request, options.model, signal);
  }

  /** The user signs; returns when the machines run, or why they do not. */
  async accept(sla: Sla, signal: AbortSignal): Promise<Sla> {
    if (!isProposed(sla)) throw notNow(sla, 'accepted');
    return await this.#decide(sla, { ask: 'userAccepts', answer: { yes: [] } }, signal);
  }

  async refuse(sla: Sla, reason: string, signal: AbortSignal): Promise<Sla> {
    if (!isProposed(sla)) throw notNow(sla, 'refused');
    return await this.#decide(sla, { ask: 'userRefuses', answer: { yes: [reason] } }, signal);
  }

  /** Ends all machines of an SLA, or some of them. Repeating it ends what is left. */
  async withdraw(sla: Sla, extent: Extent, signal: AbortSignal): Promise<Sla> {
    if (isProposed(sla)) return await this.refuse(sla, 'withdrawn by the user', signal);
    const machines = machineOrders(sla, extent);
    if (machines.length === 0) return sla;
    const { store, clock, newId, modelText } = this.#ports;
    const conversation = id<ConversationId>(newId());
    const model = await modelText('withdrawal');
    const request = { sla: sla.id, transaction: sla.transaction, machines };
    await store.begin(
      {
        id: conversation,
        purpose: 'withdraw',
        sla: sla.id,
        modelName: model.name,
        modelText: model.text,
        agents: castOf(model),
        createdMs: clock.nowMs(),
      },
      [keepRequest(conversation, request), { kind: 'sla', sla: withdrawing(sla, machines) }],
    );
    await runConversation(this.#ports, conversation, signal);
    return await this.#sla(sla.id);
  }

  /**
   * Continues what an earlier process left in the middle, and what has come due since. A
   * conversation that cannot go on, such as one whose model this version does not understand, is
   * told and left as it is: it must not keep the others from going on.
   */
  async resume(
    signal: AbortSignal,
    stuck: (conversation: Stuck) => void = () => undefined,
  ): Promise<readonly SlaId[]> {
    const { store, clock } = this.#ports;
    const resumed: SlaId[] = [];
    for (const summary of await store.unfinished()) {
      const due = (summary.wakeMs ?? Number.POSITIVE_INFINITY) <= clock.nowMs();
      if (!summary.interrupted && !due) continue;
      if (await this.#isBusy(summary)) continue;
      try {
        await runConversation(this.#ports, summary.id, signal);
        resumed.push(summary.sla);
      } catch (thrown) {
        if (signal.aborted || !isItsOwn(thrown)) throw thrown;
        stuck({ conversation: summary.id, sla: summary.sla, purpose: summary.purpose, thrown });
      }
    }
    return resumed;
  }

  /**
   * Ends a conversation where it stands: nobody continues it any more, and what it has signed is
   * no longer kept from `doctor`. False when another process works on it.
   */
  async abandon(conversation: ConversationId): Promise<boolean> {
    const { store, clock, holder } = this.#ports;
    const nowMs = clock.nowMs();
    const lease = await store.acquire(conversation, holder, nowMs + limits.leaseMs, nowMs);
    if (lease === undefined) return false;
    const nothing = {
      agents: [],
      asked: [],
      closed: [],
      sent: [],
      queued: [],
      taken: [],
      facts: [],
    };
    await store.save([{ lease, ...nothing, ended: true }]);
    await store.release(lease);
    return true;
  }

  /** Another process that is alive works on it. */
  async #isBusy({ id: conversation, leasedUntilMs }: ConversationSummary): Promise<boolean> {
    const { store, clock, holder: self, isGone } = this.#ports;
    const lease = await store.holder(conversation);
    if (lease === undefined || lease.holder === self || isGone(lease.holder)) return false;
    return (leasedUntilMs ?? 0) > clock.nowMs();
  }

  async #call(request: Request, modelName: string, signal: AbortSignal): Promise<Sla> {
    const { store, clock, newId, modelText } = this.#ports;
    const conversation =
      request.replaces === undefined ? request.transaction : id<ConversationId>(newId());
    const model = negotiationModel(await modelText(modelName));
    await store.begin(
      {
        id: conversation,
        purpose: request.replaces === undefined ? 'negotiate' : 'renegotiate',
        sla: request.sla,
        modelName: model.name,
        modelText: model.text,
        agents: castOf(model),
        createdMs: clock.nowMs(),
      },
      [keepRequest(conversation, request)],
    );
    await runConversation(this.#ports, conversation, signal);
    return await this.#sla(request.sla);
  }

  async #decide(
    sla: Sla,
    { ask, answer }: { readonly ask: string; readonly answer: Answer },
    signal: AbortSignal,
  ): Promise<Sla> {
    const { store } = this.#ports;
    await runConversation(this.#ports, sla.conversation, signal);
    const open = await openAsk(store, sla.conversation, ask);
    if (open === undefined) return decidedBefore(await this.#sla(sla.id), ask);
    await store.answer(sla.conversation, open.agent, open.ask, answer);
    await runConversation(this.#ports, sla.conversation, signal);
    return await this.#sla(sla.id);
  }

  async #sla(sla: SlaId): Promise<Sla> {
    const found = (await this.#ports.store.findSla(sla)).find((each) => each.id === sla);
    if (found !== undefined) return found;
    throw failure('SLA.NOT_COMPOSED', `the negotiation ${sla} ended without a proposal`, {
      next: `skypact sla trace ${sla}`,
    });
  }
}

function isProposed(sla: Pick<Sla, 'state'>): boolean {
  return sla.state === 'proposed' || sla.state === 'failed-proposal';
}

/** A process that was killed may have saved the same decision: then it has come about by now. */
function decidedBefore(sla: Sla, ask: string): Sla {
  const same =
    ask === 'userAccepts' ? !isProposed(sla) : ask === 'userRefuses' && sla.state === 'refused';
  if (same) return sla;
  throw notNow(sla, 'decided');
}

function keepRequest(conversation: ConversationId, request: object) {
  return { kind: 'keep', conversation, key: 'request', text: JSON.stringify(request) } as const;
}

/** A conversation that cannot go on, and what was thrown by it: a failure, or a bug. */
export interface Stuck {
  readonly conversation: ConversationId;
  readonly sla: SlaId;
  readonly purpose: string;
  readonly thrown: unknown;
}

/** Whether only that conversation suffers from it: without a store every other fails as well. */
function isItsOwn(thrown: unknown): boolean {
  return !isFailure(thrown) || !/^(STORE|CLI|CRASH)\./.test(thrown.code);
}

async function openAsk(store: Store, conversation: ConversationId, name: string) {
  const stored = await store.load(conversation);
  return stored?.asks.find((ask) => ask.name === name && ask.answer === undefined);
}

function withdrawing(sla: Sla, orders: readonly MachineOrder[]): Sla {
  const going = new Set(orders.map(({ contract }) => contract?.id));
  const machines = sla.machines.map((machine) =>
    going.has(machine.contract) ? { ...machine, state: 'withdrawing' as const } : machine,
  );
  const isWhole = machines.every(({ state }) => state === 'withdrawing' || state === 'ended');
  return { ...sla, machines, state: isWhole ? 'withdrawing' : sla.state };
}

function notNow(sla: Sla, deed: string): Error {
  return failure(
    'SLA.WRONG_STATE',
    `SLA ${sla.name} (${sla.id}) is ${sla.state}; it cannot be ${deed}`,
    {
      facts: { sla: sla.id, state: sla.state },
      next: `skypact sla show ${sla.id}`,
    },
  );
}
