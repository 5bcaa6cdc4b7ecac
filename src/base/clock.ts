/** Time as an input. The core never reads a clock; whoever runs it hands one in. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** Settles after `delayMs`, or rejects with the signal's reason when that fires first. */
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
}
