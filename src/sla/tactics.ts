/**
 * Bargaining tactics over one number, as pure functions: a price, or the utility of an outcome.
 *
 * They serve either side: a seller's price falls from `start` to `reservation`, a buyer's rises, a
 * utility falls from 1. Sources: Faratin, Sierra, Jennings, "Negotiation decision functions for
 * autonomous agents" (1998), §4.1 and §4.3; de Jonge, "An analysis of the linear bilateral ANAC
 * domains using the MiCRO benchmark strategy" (2022).
 */

export const tacticNames = ['boulware', 'conceder', 'tit-for-tat', 'micro'] as const;
export type TacticName = (typeof tacticNames)[number];

/** Where one side of a bargain stands, in one unit throughout. */
export interface Bargain {
  /** The round in which the next offer is made, from 0. */
  readonly round: number;
  /** How many rounds there are at most, at least 1: the last is `rounds - 1`. */
  readonly rounds: number;
  /** Its best wish, which it offers first. */
  readonly start: number;
  /** The worst that it still accepts. */
  readonly reservation: number;
  /** The opponent's offers so far, oldest first. */
  readonly opponent: readonly number[];
}

/** The next offer, between `start` and `reservation`. */
export type Tactic = (bargain: Bargain) => number;

/** Faratin's β, and its inverse: the exponents 4 and 1/4 with which NegMAS plays the two. */
const boulwareBeta = 0.25;
const concederBeta = 4;

export const tactics: Readonly<Record<TacticName, Tactic>> = {
  /** Holds out until the last rounds, then gives way. */
  boulware: (bargain) => polynomial(bargain, boulwareBeta),
  /** Gives way at once, then holds. */
  conceder: (bargain) => polynomial(bargain, concederBeta),
  'tit-for-tat': relativeTitForTat,
  micro,
};

/** Time-dependent, polynomial: α(t) = t^(1/β), with nothing conceded in the first round (κ = 0). */
function polynomial(bargain: Bargain, beta: number): number {
  const time = bargain.rounds > 1 ? Math.min(1, bargain.round / (bargain.rounds - 1)) : 0;
  return concede(bargain, time ** (1 / beta));
}

/**
 * Behaviour-dependent, relative, δ = 1: each step of the opponent is answered in proportion. Where
 * one of its offers is not positive there is no proportion, and the step is answered in its size.
 */
function relativeTitForTat(bargain: Bargain): number {
  let own = bargain.start;
  let previous: number | undefined;
  for (const offer of bargain.opponent) {
    if (previous !== undefined) {
      const answered =
        previous > 0 && offer > 0 ? own * (previous / offer) : own - (offer - previous);
      own = within(bargain, answered);
    }
    previous = offer;
  }
  return own;
}

/**
 * MiCRO: a new offer, the next worse, for each new offer of the opponent; so its n-th different
 * offer is answered by the n-th step, of `rounds - 1` equal ones. Over the outcomes of a domain in
 * falling order of utility, `start` 0 and `reservation` = `rounds - 1` make the result an index.
 */
function micro(bargain: Bargain): number {
  const steps = bargain.rounds - 1;
  if (steps < 1) return bargain.start;
  return concede(bargain, Math.min(new Set(bargain.opponent).size, steps) / steps);
}

function concede({ start, reservation }: Bargain, share: number): number {
  return share >= 1 ? reservation : start + (reservation - start) * share;
}

function within({ start, reservation }: Bargain, offer: number): number {
  return Math.min(Math.max(offer, Math.min(start, reservation)), Math.max(start, reservation));
}
