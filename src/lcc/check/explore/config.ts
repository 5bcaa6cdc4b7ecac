import { signature } from '../program.ts';
import type { ReceiveChoice } from './choice.ts';
import type { Deeds } from './deeds.ts';
import type { Player } from './player.ts';
import type { Letter } from './post.ts';

/** All agents with their queues: the number of each agent's configuration, by agent. */
export type State = readonly number[];

/** One agent with its mail. */
export interface Config {
  readonly player: Player;
  /** `undefined` before it began. */
  readonly local: number | undefined;
  readonly mail: readonly number[];
}

export interface Move {
  readonly agent: number;
  /** `slow`: time or the world takes it. */
  readonly speed: 'fast' | 'slow';
  readonly did: Deeds;
  readonly next: number;
  readonly sent: readonly number[];
  /** Whose unread mail from the agent is withdrawn, because it waits for them no longer. */
  readonly takenBack: readonly number[];
}

/** Whether a letter is one that the agent stands waiting for. */
export function answers({ role, from, def }: ReceiveChoice, letter: Letter): boolean {
  return (
    letter.toRole === role &&
    letter.fromRole === def.target.role &&
    letter.signature === signature(def.message) &&
    (from === undefined || from === letter.from)
  );
}
