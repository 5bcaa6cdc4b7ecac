/**
 * SC00037 not-understood, which SC00026 and its kin allow at any point of a protocol. A model that
 * cares awaits it where it waits: `not_understood(What) <= a(mediator, M)` is taken when M says that
 * it did not understand, and as well when M's own message is none that this agent's model knows.
 * Which roles the two played when it was said does not matter; who they are does.
 *
 * docs/adr/not-understood.md argues this.
 */
import { waitingFor } from '../../lcc/inspect.ts';
import type { AgentState } from '../../lcc/state.ts';
import type { Message } from '../../lcc/step.ts';
import { struct } from '../../lcc/term.ts';

export function isNotUnderstood({ name, args }: Message): boolean {
  return name === 'not_understood' && args.length === 1;
}

/** The answer to whoever sent what the receiver's model does not know. */
export function answerTo({ from, to, name }: Message): Message {
  return { from: to, to: from, name: 'not_understood', args: [struct('unknown', name)] };
}

/**
 * The same for the receiver itself, when it awaits that from this sender; otherwise `undefined`, and
 * the sender is told.
 */
export function toldItself(receiver: AgentState, message: Message): Message | undefined {
  return asAwaited(receiver, { ...answerTo(message), from: message.from, to: message.to });
}

/** A `not_understood` as the receiver awaits it now; `undefined` when it does not. */
export function asAwaited(receiver: AgentState, message: Message): Message | undefined {
  for (const wait of waitingFor(receiver)) {
    if (wait.kind !== 'message' || wait.name !== message.name || wait.arity !== 1) continue;
    if (wait.from !== undefined && wait.from !== message.from.id) continue;
    const from = { role: wait.fromRole, id: message.from.id };
    return { ...message, from, to: { role: wait.role, id: message.to.id } };
  }
  return undefined;
}
