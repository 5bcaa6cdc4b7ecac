/**
 * The only loop: load, step, save, then act. A crash at any point is followed by the same end,
 * since what is open in the store is asked again and every effect can be repeated.
 */

import type { Clock } from '../../base/clock.ts';
import { failure, isFailure } from '../../base/failure.ts';
import type { Program } from '../../lcc/program.ts';
import type { ConversationId, SlaId } from '../../sla/ids.ts';
import type {
  Save,
  Store,
  StoredAsk,
  StoredConversation,
  TracedMessage,
} from '../../store/store.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Handled, Handler, Handlers } from './handlers.ts';
import { type KeptLease, keepLease, type LeasePorts } from './lease-keeper.ts';
import { Session } from './session.ts';

export interface LoopPorts extends LeasePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly handlers: Handlers;
  readonly commit: (save: Save) => Promise<void>;
  readonly transport: () => Transport;
  readonly programOf: (conversation: StoredConversation) => Program;
  readonly report: (event: RunEvent) => void;
}

/** What a watcher sees, always after it was saved. */
export type RunEvent =
  | { readonly kind: 'message'; readonly sla: SlaId; readonly message: TracedMessage }
  | {
      readonly kind: 'progress';
      readonly sla: SlaId;
      readonly agent: string;
      readonly step: string;
    };

/** `waiting`: only answers from outside can move it on. */
export type RunEnd = 'ended' | 'waiting';

/** Runs a conversation until it ends or waits for the user. */
export async function runConversation(
  ports: LoopPorts,
  id: ConversationId,
  signal: AbortSignal,
): Promise<RunEnd> {
  const kept = await keepLease(ports, id, signal);
  try {
    const stored = await ports.store.load(id);
    if (stored === undefined) {
      throw failure('RUN.CONVERSATION_UNKNOWN', `there is no conversation ${id}`);
    }
    const end = stored.ended ? 'ended' : await new Loop(ports, { stored, kept, signal }).run();
    await kept.release();
    return end;
  } finally {
    // A run that was broken off keeps its lease: that is how the next process finds it.
    await kept.close();
  }
}

interface Running {
  stays: Handler['stays'];
  readonly abort: AbortController;
  readonly settled: Promise<void>;
}

interface Given {
  readonly stored: StoredConversation;
  readonly kept: KeptLease;
  readonly signal: AbortSignal;
}

class Loop {
  readonly #ports: LoopPorts;
  readonly #given: Given;
  readonly #session: Session;
  readonly #running = new Map<string, Running>();
  readonly #stop: AbortSignal;
  #answers: { readonly ask: StoredAsk; readonly handled: Handled }[] = [];
  #broken: { readonly thrown: unknown } | undefined;
  #bell = Promise.withResolvers<void>();

  constructor(ports: LoopPorts, given: Given) {
    this.#ports = ports;
    this.#given = given;
    this.#stop = AbortSignal.any([given.signal, given.kept.signal]);
    this.#session = new Session(given.stored, ports.programOf(given.stored), ports.transport());
  }

  async run(): Promise<RunEnd> {
    const stopped = () => this.#bell.resolve();
    this.#stop.addEventListener('abort', stopped);
    try {
      const before = new Set(this.#session.open);
      this.#session.begin(this.#ports.clock.nowMs());
      // What was asked just now is not saved yet: saving carries it out.
      for (const ask of this.#session.open) if (before.has(ask)) this.#perform(ask);
      return await this.#turn();
    } finally {
      this.#stop.removeEventListener('abort', stopped);
      for (const { abort } of this.#running.values()) abort.abort(this.#stop.reason);
      await Promise.all([...this.#running.values()].map(({ settled }) => settled));
    }
  }

  async #turn(): Promise<RunEnd> {
    for (;;) {
      this.#stop.throwIfAborted();
      if (this.#broken !== undefined) throw this.#broken.thrown;
      this.#bell = Promise.withResolvers<void>();
      this.#takeAnswers();
      const over = this.#isOver();
      await this.#save(over ? 'ended' : 'open');
      if (over) return 'ended';
      if (this.#session.hasMail || this.#answers.length > 0) continue;
      if (!this.#isRunning('foreground')) {
        if (this.#session.isBehind) {
          this.#session.catchUp();
          continue;
        }
        if (this.#isRunning('outside')) return 'waiting';
        if (this.#session.wakeMs === undefined && this.#running.size === 0) return 'waiting';
      }
      await this.#rest();
    }
  }

  #takeAnswers(): void {
    const nowMs = this.#ports.clock.nowMs();
    const answers = this.#answers;
    this.#answers = [];
    for (const { ask, handled } of answers) {
      this.#session.answer(ask, { answer: handled.answer, facts: handled.facts ?? [] }, nowMs);
    }
    this.#session.wake(nowMs);
    this.#session.pump(nowMs);
  }

  async #save(end: 'open' | 'ended'): Promise<void> {
    const { stored, kept } = this.#given;
    const changes = this.#session.changes(kept.lease, end);
    if (changes === undefined) return;
    await this.#ports.commit(changes.save);
    for (const message of changes.sent) {
      this.#ports.report({ kind: 'message', sla: stored.sla, message });
    }
    for (const { agent, ask } of changes.dropped) this.#drop(`${agent} ${ask}`);
    // Stopped meanwhile: whoever goes on carries it out.
    if (changes.asked.length > 0) this.#stop.throwIfAborted();
    for (const ask of changes.asked) this.#perform(ask);
  }

  /** The answer is no longer wanted; what was left to others is not waited for any more. */
  #drop(key: string): void {
    const running = this.#running.get(key);
    running?.abort.abort();
    if (running?.stays === 'outside') this.#running.delete(key);
  }

  /** Carries a saved question out; its answer rings the bell. */
  #perform(ask: StoredAsk): void {
    const { handlers, report } = this.#ports;
    const { stored, kept } = this.#given;
    const { id, sla } = stored;
    const handler = handlers.get(`${ask.name}/${ask.arity}`);
    if (handler === undefined) {
      throw failure('RUN.CONSTRAINT_UNANSWERED', `nobody answers ${ask.name}/${ask.arity}`);
    }
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#stop]);
    const key = `${ask.agent} ${ask.ask}`;
    const progress = (text: string) =>
      report({ kind: 'progress', sla, agent: ask.agent, step: text });
    const settled = handler
      .handle(
        { conversation: id, sla, ...ask },
        { signal, progress, confirm: () => kept.confirm() },
      )
      .then(
        (handled) => {
          if (handled === undefined && !signal.aborted) {
            running.stays = 'outside';
            return;
          }
          this.#running.delete(key);
          if (handled !== undefined && !signal.aborted) this.#answers.push({ ask, handled });
        },
        (thrown: unknown) => {
          this.#running.delete(key);
          if (!signal.aborted) this.#broken ??= { thrown };
        },
      )
      .then(() => this.#bell.resolve());
    // Until it said that it leaves the answer to others, it may answer itself: worth waiting for.
    const stays = handler.stays === 'outside' ? 'foreground' : handler.stays;
    const running: Running = { stays, abort, settled };
    this.#running.set(key, running);
  }

  /** The initiator is done, and so is whatever the others still had to do. */
  #isOver(): boolean {
    const { handlers } = this.#ports;
    const busy = this.#session.open.some(
      ({ name, arity }) => handlers.get(`${name}/${arity}`)?.stays === 'foreground',
    );
    return this.#session.initiatorDone && !this.#session.hasMail && !busy;
  }

  #isRunning(stays: Handler['stays']): boolean {
    return [...this.#running.values()].some((each) => each.stays === stays);
  }

  /** Until an answer comes, an agent wants to be woken, or the run is stopped. */
  async #rest(): Promise<void> {
    const { clock } = this.#ports;
    const woken = new AbortController();
    const wakeMs = this.#session.isBehind ? undefined : this.#session.wakeMs;
    const sleep =
      wakeMs === undefined
        ? undefined
        : clock
            .sleep(Math.max(0, wakeMs - clock.nowMs()), woken.signal)
            .catch((thrown: unknown) => {
              if (!woken.signal.aborted || isFailure(thrown)) throw thrown;
            });
    await Promise.race([this.#bell.promise, ...(sleep === undefined ? [] : [sleep])]);
    woken.abort();
    await sleep;
  }
}
