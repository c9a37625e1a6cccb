/** Who sits at the other end: asked once every 20 ms, on the carrier's clock. Pure: no sockets, no clock of its own. */
export interface Caller {
  /**
   * `heard`: 160 samples (8 kHz) that the agent's side plays in this 20 ms (silence when nothing
   * plays). `atMs`: since the call was answered.
   */
  tick(heard: Int16Array, atMs: number): CallerTick;
  note?(event: CallerNote): void;
}

export interface CallerTick {
  /** 160 samples to say, or null for line silence. */
  readonly samples: Int16Array | null;
  readonly digit?: string;
  readonly hangUp?: boolean;
  /**
   * 'drop': this frame is lost in the network (not sent, chunk number jumps); 'late': held back and
   * sent in a burst later; 'half-open': nothing more is ever sent and no close.
   */
  readonly network?: 'drop' | 'late' | 'half-open';
}

/** What the carrier knows and the ear does not. */
export type CallerNote =
  | { readonly type: 'clear-received'; readonly atMs: number }
  | { readonly type: 'stream-started'; readonly atMs: number }
  | { readonly type: 'stream-ended'; readonly atMs: number }
  | { readonly type: 'call-ended'; readonly atMs: number };
