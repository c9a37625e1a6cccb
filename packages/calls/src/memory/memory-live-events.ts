import type { LiveEvent, LiveEvents } from '../session-store.ts';
import { Listener } from './listener.ts';

/** What a listener may be behind before it loses the oldest: some minutes of one call's words. */
const MOST_WAITING = 1000;

interface Options {
  readonly mostWaiting?: number;
  /** Told when somebody begins to listen to a call, or to all ('*'), and when nobody does any more. */
  readonly onListening?: (callId: string, isListenedTo: boolean) => void;
}

/** Live events within this process. */
export class MemoryLiveEvents implements LiveEvents {
  readonly #mostWaiting: number;
  readonly #onListening: (callId: string, isListenedTo: boolean) => void;
  readonly #listeners = new Map<string, Set<Listener>>();
  #dropped = 0;

  constructor({ mostWaiting = MOST_WAITING, onListening = () => {} }: Options = {}) {
    this.#mostWaiting = mostWaiting;
    this.#onListening = onListening;
  }

  tell(event: LiveEvent): void {
    for (const name of [event.callId, '*'])
      for (const listener of this.#listeners.get(name) ?? [])
        if (!listener.push(event)) this.#dropped += 1;
  }

  listen(callId: string, signal: AbortSignal): AsyncIterable<LiveEvent> {
    const listener = new Listener(this.#mostWaiting, signal, () => this.#remove(callId, listener));
    if (signal.aborted) return listener;
    const listeners = this.#listeners.get(callId);
    if (listeners) listeners.add(listener);
    else {
      this.#listeners.set(callId, new Set([listener]));
      this.#onListening(callId, true);
    }
    return listener;
  }

  get dropped(): number {
    return this.#dropped;
  }

  #remove(callId: string, listener: Listener): void {
    const listeners = this.#listeners.get(callId);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(callId);
    this.#onListening(callId, false);
  }
}
