import { invariant } from '../base/failure.ts';
import { type TacticName, tactics } from '../sla/tactics.ts';

/**
 * Alternating offers over the outcomes of a domain (Rubinstein 1982; "stacked" as in NegMAS): in
 * each round first one party answers the other's last offer or makes its own, then the other does.
 */

/** What one party wants of the outcomes, which are the integers from 0. */
export interface Preference {
  /** By outcome; larger is better. */
  readonly utilities: Float64Array;
  /** Outcomes that are worth at least the reservation, best first. */
  readonly ranking: Int32Array;
  /** What no agreement is worth; nothing below it is offered or accepted. */
  readonly reservation: number;
  /** What is left of a utility when all rounds have passed; 1 where time costs nothing. */
  readonly discount: number;
}

/** A party: what it wants, and how it goes about it. */
export interface Party {
  readonly preference: Preference;
  readonly tactic: TacticName;
}

export interface Bargained {
  /** Absent when the rounds passed without agreement. */
  readonly outcome?: number;
  /** Rounds that passed before the agreement, or all. */
  readonly round: number;
  /** Of the first and the second party, discounted; their reservations without agreement. */
  readonly utilities: readonly [first: number, second: number];
}

export function preferenceOf(
  utilities: Float64Array,
  terms: { readonly reservation?: number; readonly discount?: number } = {},
): Preference {
  const { reservation = 0, discount = 1 } = terms;
  const acceptable: number[] = [];
  utilities.forEach((utility, outcome) => {
    if (utility >= reservation) acceptable.push(outcome);
  });
  acceptable.sort((a, b) => (utilities[b] ?? 0) - (utilities[a] ?? 0) || a - b);
  return { utilities, ranking: Int32Array.from(acceptable), reservation, discount };
}

/** Bargains to the end. Both parties know the same outcomes and the same number of rounds. */
export function bargain(first: Party, second: Party, rounds: number): Bargained {
  const size = first.preference.utilities.length;
  invariant(second.preference.utilities.length === size, 'both parties value the same outcomes');
  const sides = [new Bargainer(first, rounds), new Bargainer(second, rounds)] as const;
  let offer: number | undefined;
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      if (offer !== undefined && side.accepts(offer, round)) {
        return ended([first, second], { outcome: offer, round, rounds });
      }
      offer = side.offer(round);
      if (offer === undefined) return ended([first, second], { round, rounds });
    }
  }
  return ended([first, second], { round: rounds, rounds });
}

/** One party in one bargain. */
export class Bargainer {
  readonly #party: Party;
  readonly #rounds: number;
  /** Utilities of the opponent's offers, oldest first. */
  readonly #heard: number[] = [];
  readonly #different = new Set<number>();
  /** Different offers made so far; they are the best of the ranking. */
  #made = 0;

  constructor(party: Party, rounds: number) {
    this.#party = party;
    this.#rounds = rounds;
  }

  /** Hears an offer; true when it is no worse than what the party would itself offer now. */
  accepts(outcome: number, round: number): boolean {
    const utility = this.#party.preference.utilities[outcome] ?? -Infinity;
    this.#heard.push(utility);
    this.#different.add(outcome);
    return utility >= this.#party.preference.reservation && utility >= this.#level(round);
  }

  /** Its offer in a round: the worst for itself that reaches its level. Undefined: it has none. */
  offer(round: number): number | undefined {
    const { ranking, utilities } = this.#party.preference;
    if (this.#party.tactic === 'micro') {
      const rank = this.#microRank();
      this.#made = Math.max(this.#made, rank + 1);
      return ranking[rank];
    }
    const level = this.#level(round);
    let low = 0;
    let high = ranking.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((utilities[ranking[middle] ?? 0] ?? 0) >= level) low = middle;
      else high = middle - 1;
    }
    return ranking[low];
  }

  /** The least utility that it offers or accepts in a round. */
  #level(round: number): number {
    const { ranking, utilities } = this.#party.preference;
    if (ranking.length === 0) return Infinity;
    if (this.#party.tactic === 'micro') return utilities[ranking[this.#microRank()] ?? 0] ?? 0;
    return tactics[this.#party.tactic]({
      // Time stands at (round + 1) / (rounds + 1), as in NegMAS: past the start, short of the end.
      round: round + 1,
      rounds: this.#rounds + 2,
      start: utilities[ranking[0] ?? 0] ?? 0,
      reservation: utilities[ranking[ranking.length - 1] ?? 0] ?? 0,
      opponent: this.#heard,
    });
  }

  /** MiCRO makes a new offer, the next worse, only for each different offer of the opponent. */
  #microRank(): number {
    const owed = Math.min(this.#different.size, this.#made);
    return Math.min(owed, this.#party.preference.ranking.length - 1);
  }
}

function ended(
  [first, second]: readonly [Party, Party],
  end: { readonly outcome?: number; readonly round: number; readonly rounds: number },
): Bargained {
  const { outcome, round, rounds } = end;
  const worth = ({ preference }: Party): number => {
    const left = preference.discount ** (round / rounds);
    if (outcome === undefined) return preference.reservation * left;
    return (preference.utilities[outcome] ?? 0) * left;
  };
  const utilities = [worth(first), worth(second)] as const;
  return outcome === undefined ? { round, utilities } : { outcome, round, utilities };
}
