/** One thing a caller said, on the carrier's clock: what is known at the caller's mouth, not guessed. */
export interface SpokenTurn {
  /** 'backchannel': murmured while the other side speaks, and not meant to take the floor. */
  readonly kind: 'turn' | 'backchannel';
  /** The words as the scenario has them. */
  readonly said: string;
  /** Start of the first and end of the last voiced frame, milliseconds since the answer. */
  readonly startMs: number;
  readonly endMs: number;
}
