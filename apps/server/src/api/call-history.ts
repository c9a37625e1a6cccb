import { setTimeout as wait } from 'node:timers/promises';
import type { CallStore, LiveEvent, StoredEvent } from '@earshot/calls';

/** One thing that happened in a call, for whoever watches it. */
export interface FollowedEvent {
  /** Null: news that is not part of the call's history. */
  readonly serial: number | null;
  readonly type: string;
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What was told and is not in the record yet is waited for so often, so long. */
const LOOKS = 4;
const LOOK_MS = 250;

/** A call's history as one watcher sees it: each event once, in order. */
export class CallHistory {
  readonly #store: CallStore;
  readonly #callId: string;
  readonly #signal: AbortSignal;
  #last: number;

  constructor(store: CallStore, callId: string, after: number, signal: AbortSignal) {
    this.#store = store;
    this.#callId = callId;
    this.#last = after;
    this.#signal = signal;
  }

  /** All that is in the record and was not seen yet. */
  async *rest(before = Number.POSITIVE_INFINITY): AsyncGenerator<FollowedEvent> {
    for (const event of await this.#store.events(this.#callId, this.#last))
      if (event.serial < before) yield this.#see(event);
  }

  /** What was told just now, and before it whatever is missing since the last. */
  async *with(event: LiveEvent): AsyncGenerator<FollowedEvent> {
    const { serial, type, atMs, data } = event;
    if (serial === 0) yield { serial: null, type, atMs, data };
    for (let look = 0; look < LOOKS && this.#last + 1 < serial; look += 1) {
      if (look > 0) await wait(LOOK_MS, null, { signal: this.#signal }).catch(() => {});
      yield* this.rest(serial);
    }
    if (serial > this.#last) yield this.#see(event);
  }

  /** What the record may take a moment longer to get, at a call's end. */
  async *last(): AsyncGenerator<FollowedEvent> {
    for (let look = 0; look < LOOKS && !this.#signal.aborted; look += 1) {
      if (look > 0) await wait(LOOK_MS, null, { signal: this.#signal }).catch(() => {});
      yield* this.rest();
    }
  }

  #see({ serial, type, atMs, data }: StoredEvent): FollowedEvent {
    this.#last = serial;
    return { serial, type, atMs, data };
  }
}
