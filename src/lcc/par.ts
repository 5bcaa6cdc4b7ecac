import type { Bindings } from './bindings.ts';
import { nowhere, type Thread } from './state.ts';
import { copyFrame, type Workspace } from './workspace.ts';

/**
 * The other side of a `par`, in a frame of its own. What is unbound becomes a variable that both
 * frames hold, so each side sees what the other one binds. The thread must be owned and focused.
 */
export function beginPar(thread: Thread, work: Workspace, bindings: Bindings): Thread {
  const { frame } = thread;
  for (let slot = 0; slot < frame.slots.length; slot += 1) {
    if (frame.slots[slot] === undefined) bindings.lift(slot);
  }
  bindings.keep(0);
  frame.par = { id: work.nextPar, outer: frame.par };
  work.nextPar += 1;
  const other: Thread = {
    frame: copyFrame(frame, work.epoch),
    at: nowhere,
    blockedAt: 0,
    deadlines: [],
    questions: [],
    epoch: work.epoch,
  };
  work.threads.push(other);
  return other;
}

/** A side is closed: the thread ends, or goes on when both are. */
export function endPar(thread: Thread, work: Workspace): 'one' | 'both' {
  const { par } = thread.frame;
  if (par === undefined) return 'both';
  const other = work.halfJoined.indexOf(par.id);
  if (other < 0) {
    work.halfJoined.push(par.id);
    work.end(thread);
    return 'one';
  }
  work.halfJoined.splice(other, 1);
  thread.frame.par = par.outer;
  return 'both';
}
