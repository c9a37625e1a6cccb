/** A signed message to a user's server that is still to be delivered. */
export interface Delivery {
  readonly id: string;
  readonly url: string;
  /** For example `call.ended`. */
  readonly event: string;
  /** JSON text, exactly as it is signed and sent. */
  readonly body: string;
  /** Tries in vain so far. */
  readonly attempts: number;
  readonly nextAttemptAtMs: number;
  readonly createdAtMs: number;
}

/** Deliveries that outlive a restart. Failures are `CallError`s with `store-unavailable`. */
export interface Outbox {
  /** The same id is taken once, also when it has been delivered since. */
  add(delivery: Delivery): Promise<void>;
  /**
   * Takes up to `limit` due deliveries for this long, those due first at the front, so that no two
   * instances send the same at once.
   */
  claim(nowMs: number, leaseMs: number, limit: number): Promise<readonly Delivery[]>;
  delivered(id: string, atMs: number): Promise<void>;
  /** Tried in vain: one attempt more, and free for others from then on; null: given up. */
  postpone(id: string, nextAttemptAtMs: number | null): Promise<void>;
}
