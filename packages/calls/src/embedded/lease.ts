import type { Call } from '../call.ts';
import type { HostStore, Takable } from '../host-store.ts';
import { afterUnless, type Clock } from './clock.ts';

/** A process among several that host calls of one store. */
export interface SharedHost {
  /** Of this process, and never of another one. */
  readonly id: string;
  readonly store: HostStore;
}

export interface LeaseOptions extends SharedHost {
  readonly clock: Clock;
  /** Ends it. */
  readonly stopped: AbortSignal;
  /** The calls that are hosted here. */
  readonly held: () => readonly string[];
  /** Others host these now. */
  readonly lost: (callIds: readonly string[]) => void;
  /** These are ours now. */
  readonly taken: (calls: readonly Call[]) => void;
  readonly failed: (step: 'beat' | 'take' | 'leave', error: unknown) => void;
}

const BEAT_MS = 5_000;
const BEAT_AGAIN_MS = 1_000;
/** Who was not seen for this long is gone. */
const GONE_MS = 20_000;
/** For this long after a beat nobody else can have taken our calls, and there is time left to act on it. */
const SURE_MS = 15_000;
const TAKE_MS = 10_000;
const CONFIRM_MS = 3_000;
const LEAVE_MS = 2_000;

/**
 * Shows others that this process lives, and takes over the calls of those that do not. It works
 * behind the back of all calls: while the store is away, whoever hosts a call goes on hosting it, and
 * nobody counts as gone until the store has been back for as long as that takes.
 */
export class Lease {
  readonly #options: LeaseOptions;
  #beating: Promise<boolean> | null = null;
  /** When the last beat that was taken was sent. */
  #sureAtMs = Number.NEGATIVE_INFINITY;
  /** Since when no beat was missed. */
  #steadySinceMs = Number.POSITIVE_INFINITY;
  #takenAtMs = Number.NEGATIVE_INFINITY;
  #away = true;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Begins to beat, and takes what may be taken. Rejects with the store's failure. */
  async begin(): Promise<readonly Call[]> {
    await this.#beatNow();
    const calls = await this.#take('unnamed');
    this.#arrange(BEAT_MS);
    return calls;
  }

  /** False: the call that was just begun is over, or somebody else's. */
  async secure(callId: string): Promise<boolean> {
    const { store, id } = this.#options;
    return (await store.takeOne(id, 'unnamed', callId)) !== null;
  }

  /** Makes one call ours; null: it is over, unknown, or somebody else's. */
  takeOne(callId: string): Promise<Call | null> {
    const { store, id } = this.#options;
    return store.takeOne(id, this.#takable, callId);
  }

  /**
   * Asks whether our calls are still ours, unless that is sure, as after a long pause of this
   * process; those that are not are lost before it resolves. False: the store does not tell.
   */
  async confirm(): Promise<boolean> {
    for (let tries = 2; tries > 0 && !this.#isSure && !this.#away; tries--)
      await Promise.race([this.#beat(), this.#pause(CONFIRM_MS)]);
    return this.#isSure;
  }

  /** Resolves once it is sure that our calls are ours, or nobody waits any more. */
  async secured(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted && !(await this.confirm())) await this.#pause(BEAT_AGAIN_MS);
  }

  /** Leaves all calls to others. To be asked once nothing is done for them any more. */
  async leave(): Promise<void> {
    const { store, id, failed } = this.#options;
    const left = store.leave(id).catch((error: unknown) => failed('leave', error));
    await Promise.race([left, this.#pause(LEAVE_MS)]);
  }

  async #tick(): Promise<void> {
    const { clock, taken, failed } = this.#options;
    const isThere = await this.#beat();
    if (isThere && clock.now() - this.#takenAtMs >= TAKE_MS) {
      const calls = await this.#take(this.#takable).catch((error: unknown) => {
        failed('take', error);
        return [];
      });
      taken(calls);
    }
    this.#arrange(isThere ? BEAT_MS : BEAT_AGAIN_MS);
  }

  #arrange(delayMs: number): void {
    const { stopped, clock } = this.#options;
    afterUnless(stopped, clock, delayMs, () => void this.#tick());
  }

  async #take(takable: Takable): Promise<readonly Call[]> {
    const { store, id, clock, held } = this.#options;
    this.#takenAtMs = clock.now();
    return store.take(id, takable, held());
  }

  /** One at a time. */
  #beat(): Promise<boolean> {
    this.#beating ??= this.#tryBeat().finally(() => {
      this.#beating = null;
    });
    return this.#beating;
  }

  async #tryBeat(): Promise<boolean> {
    try {
      await this.#beatNow();
      return true;
    } catch (error) {
      // Told once for each outage.
      if (!this.#away) this.#options.failed('beat', error);
      this.#away = true;
      return false;
    }
  }

  async #beatNow(): Promise<void> {
    const { store, id, clock, held, lost } = this.#options;
    const sentAtMs = clock.now();
    const gone = await store.beat(id, GONE_MS, held());
    // After a pause of this process, or of everything, as of one that was away.
    if (this.#away || sentAtMs - this.#sureAtMs > GONE_MS) this.#steadySinceMs = sentAtMs;
    this.#sureAtMs = sentAtMs;
    this.#away = false;
    lost(gone);
  }

  get #isSure(): boolean {
    return this.#options.clock.now() - this.#sureAtMs < SURE_MS;
  }

  get #takable(): Takable {
    const isSteady = this.#options.clock.now() - this.#steadySinceMs >= GONE_MS;
    return isSteady && this.#isSure ? 'gone' : 'left';
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(delayMs, resolve));
  }
}
