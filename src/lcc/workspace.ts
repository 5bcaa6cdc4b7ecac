import type { Program } from './program.ts';
import type { AgentState, Frame, Mail, Thread } from './state.ts';
import type { Value } from './value.ts';

/**
 * An agent's state while it is being changed. Arrays are copied when it is opened; threads and
 * frames when they are first touched.
 */
export class Workspace {
  readonly program: Program;
  readonly id: string;
  done: boolean;
  threads: Thread[];
  halfJoined: number[];
  inbox: Mail[];
  variables: (Value | undefined)[];
  playing: number[];
  nextAsk: number;
  nextMail: number;
  nextPar: number;
  wakeAtMs: number;
  /** What carries this number belongs to this workspace alone. */
  epoch: number;

  constructor(state: AgentState) {
    this.program = state.program;
    this.id = state.id;
    this.done = state.done;
    this.threads = [...state.threads];
    this.halfJoined = [...state.halfJoined];
    this.inbox = [...state.inbox];
    this.variables = [...state.variables];
    this.playing = [...state.playing];
    this.nextAsk = state.nextAsk;
    this.nextMail = state.nextMail;
    this.nextPar = state.nextPar;
    this.wakeAtMs = state.wakeAtMs;
    this.epoch = nextEpoch();
  }

  /** The state as it is now; later changes here do not reach it. */
  snapshot(): AgentState {
    this.epoch = nextEpoch();
    return {
      program: this.program,
      id: this.id,
      done: this.done,
      threads: [...this.threads],
      halfJoined: [...this.halfJoined],
      inbox: [...this.inbox],
      variables: [...this.variables],
      playing: [...this.playing],
      nextAsk: this.nextAsk,
      nextMail: this.nextMail,
      nextPar: this.nextPar,
      wakeAtMs: this.wakeAtMs,
    };
  }

  /** The thread, fit to be changed in place, and its frame too. */
  own(thread: Thread): Thread {
    let mine = thread;
    if (mine.epoch !== this.epoch) {
      mine = { ...thread, epoch: this.epoch };
      this.threads[this.threads.indexOf(thread)] = mine;
    }
    if (mine.frame.epoch !== this.epoch) mine.frame = copyFrame(mine.frame, this.epoch);
    return mine;
  }

  end(thread: Thread): void {
    this.threads.splice(this.threads.indexOf(thread), 1);
  }
}

export function copyFrame(frame: Frame, epoch: number): Frame {
  return { ...frame, slots: [...frame.slots], epoch };
}

let epochs = 0;

/** Never seen in a result: it only tells structures of one step from those of another. */
function nextEpoch(): number {
  epochs += 1;
  return epochs;
}
