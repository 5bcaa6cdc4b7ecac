/** What the steps of a session have changed and a save has not yet written. */
import type { AgentState } from '../../lcc/state.ts';
import { encodeState } from '../../lcc/state-encode.ts';
import { roleOfAgent } from '../../negotiation/agents.ts';
import type {
  Fact,
  Lease,
  Save,
  StoredAgent,
  StoredAsk,
  StoredMail,
  TracedMessage,
} from '../../store/store.ts';

/** An agent in memory; it has no state before it was begun. */
export interface Agent {
  readonly id: string;
  state: AgentState | undefined;
  wakeMs: number | undefined;
}

/** What is to be saved, and what is to be done once that is done. */
export interface Changes {
  readonly save: Save;
  readonly asked: readonly StoredAsk[];
  readonly dropped: readonly AskKey[];
  readonly sent: readonly TracedMessage[];
}

interface AskKey {
  readonly agent: string;
  readonly ask: number;
}

interface Standing {
  readonly lease: Lease;
  readonly end: 'open' | 'ended';
  /** Mail that no agent has taken. */
  readonly waiting: readonly StoredMail[];
  readonly isOpen: (ask: StoredAsk) => boolean;
}

export class Pending {
  readonly changed: Set<Agent> = new Set();
  readonly asked: StoredAsk[] = [];
  readonly closed: AskKey[] = [];
  readonly dropped: AskKey[] = [];
  readonly sent: TracedMessage[] = [];
  readonly taken: number[] = [];
  readonly facts: Fact[] = [];

  get isEmpty(): boolean {
    return this.changed.size === 0 && this.closed.length === 0 && this.taken.length === 0;
  }

  /** Mail that was sent and taken since the last save is only traced. */
  changes({ lease, end, waiting, isOpen }: Standing): Changes {
    const { closed, dropped, sent, facts } = this;
    const asked = this.asked.filter(isOpen);
    const sentNow = new Set(sent.map(({ number }) => number));
    return {
      save: {
        lease,
        agents: [...this.changed].flatMap(storedAgent),
        asked,
        closed,
        sent,
        queued: waiting.filter(({ number }) => sentNow.has(number)),
        taken: this.taken.filter((number) => !sentNow.has(number)),
        facts,
        ended: end === 'ended',
      },
      asked,
      dropped,
      sent,
    };
  }
}

function storedAgent({ id, state, wakeMs }: Agent): readonly StoredAgent[] {
  if (state === undefined) return [];
  const wake = wakeMs === undefined ? {} : { wakeMs };
  return [{ id, role: roleOfAgent(id), state: encodeState(state), done: state.done, ...wake }];
}
