/** A sum of money. Integers only: floating money drifts when bids are summed. */
export interface Money {
  /** Millionths of one unit of `currency`; a safe integer (docs/adr/0003). */
  readonly micros: number;
  /** ISO 4217, three capital letters. */
  readonly currency: string;
}
