/** What is kept of a live call so that another instance can take it over. */
export interface Session {
  readonly callId: string;
  /** 0 at first. Counts who holds it: each claim adds one, and only the holder of the newest may write. */
  readonly epoch: number;
  /** The instance that holds it; null: nobody yet, or it was let go. */
  readonly holder: string | null;
  /** The instance on which an agent is warm for it; null: none. */
  readonly warmAt: string | null;
  /** Transcript, agent memory, tool results: JSON of at most 256 KiB, its form is the holder's affair; null at first. */
  readonly checkpoint: unknown;
}

/**
 * Sessions of live calls, with a time to live that starts anew with each claim and save. Failures are
 * `CallError`s with `store-unavailable`.
 */
export interface SessionStore {
  /** False when there is one already. */
  create(callId: string, warmAt: string | null): Promise<boolean>;
  find(callId: string): Promise<Session | null>;
  /**
   * Makes `holder` the holder if the epoch is still the one that it saw; null when somebody else was
   * faster or the session is gone or ended. Others that listen to the live events are told by
   * `claimEvent`.
   */
  claim(callId: string, epoch: number, holder: string): Promise<Session | null>;
  /**
   * Keeps a checkpoint; false when the epoch is no longer this one or the session is gone or ended.
   * Rejects with a `RangeError` when it is too large: the one before stays.
   */
  save(callId: string, epoch: number, checkpoint: unknown): Promise<boolean>;
  /** The call is over: nobody claims or writes the session any more, and it is forgotten after a short while. */
  end(callId: string): Promise<void>;
}

/** Something that happens in a live call, told to whoever watches on any instance. JSON. */
export interface LiveEvent {
  readonly callId: string;
  /** From 1 in each call; 0: not part of its history (partial words). */
  readonly serial: number;
  readonly type: string;
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Live events between instances. Telling never fails and never waits: what cannot be told is dropped and counted. */
export interface LiveEvents {
  tell(event: LiveEvent): void;
  /**
   * Events of one call, or of all ('*'), from this very call on, in the order in which they were told;
   * ends with the signal. A slow listener loses the oldest.
   */
  listen(callId: string, signal: AbortSignal): AsyncIterable<LiveEvent>;
  readonly dropped: number;
}

/** The largest checkpoint, as JSON in UTF-8. */
export const MOST_CHECKPOINT_BYTES = 262_144;

/** A checkpoint as it is stored. Throws a `RangeError` when it is too large. */
export function checkpointText(checkpoint: unknown): string {
  const text = JSON.stringify(checkpoint) ?? 'null';
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MOST_CHECKPOINT_BYTES) return text;
  throw new RangeError(`A checkpoint of ${bytes} bytes: at most ${MOST_CHECKPOINT_BYTES} are kept`);
}

/** What listeners are told when a session has a new holder: an agent that is warm elsewhere is not needed. */
export function claimEvent({ callId, epoch, holder }: Session, atMs: number): LiveEvent {
  return { callId, serial: 0, type: 'session-claimed', atMs, data: { epoch, holder } };
}
