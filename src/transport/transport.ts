import type { Message } from '../lcc/step.ts';

/**
 * How a message that a step sent reaches its receiver. One conversation's agents share a transport;
 * it keeps the order between any two agents (FIPA SC00035 asks for that).
 */
export interface Transport {
  /** Hands over a message. */
  readonly send: (message: Message) => void;
  /** What has arrived since the last call, in order. */
  readonly receive: () => readonly Message[];
}
