import type { LiveEvent, LiveEvents } from '../session-store.ts';
import { Listener } from './listener.ts';

/** What a listener may be behind before it loses the oldest: some minutes of one call's words. */
const MOST_WAITING = 1000;

/** Live events within this process. */
export class MemoryLiveEvents implements LiveEvents {
  readonly #mostWaiting: number;
  readonly #listeners = new Map<string, Set<Listener>>();
  #dropped = 0;

  constructor({ mostWaiting = MOST_WAITING }: { mostWaiting?: number } = {}) {
    this.#mostWaiting = mostWaiting;
  }

  tell(event: LiveEvent): void {
    for (const name of [event.callId, '*'])
      for (const listener of this.#listeners.get(name) ?? [])
        if (!listener.push(event)) this.#dropped += 1;
  }

  listen(callId: string, signal: AbortSignal): AsyncIterable<LiveEvent> {
    const listeners = this.#listeners.get(callId) ?? new Set();
    this.#listeners.set(callId, listeners);
    const listener = new Listener(this.#mostWaiting, signal, () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(callId) === listeners)
        this.#listeners.delete(callId);
    });
    if (!signal.aborted) listeners.add(listener);
    else if (listeners.size === 0) this.#listeners.delete(callId);
    return listener;
  }

  get dropped(): number {
    return this.#dropped;
  }
}
