import type { Call } from '../call.ts';
import type { HostStore, Takable } from '../host-store.ts';
import type { MemoryCallStore } from './memory-call-store.ts';

/** Who hosts the calls of a `MemoryCallStore`. */
export class MemoryHostStore implements HostStore {
  readonly #calls: MemoryCallStore;
  readonly #now: () => number;
  readonly #seenUntilMs = new Map<string, number>();

  constructor(calls: MemoryCallStore, now: () => number = Date.now) {
    this.#calls = calls;
    this.#now = now;
  }

  async beat(host: string, leaseMs: number, callIds: readonly string[]) {
    this.#seenUntilMs.set(host, this.#now() + leaseMs);
    return callIds.filter((id) => ![null, host].includes(this.#calls.hostOf(id)));
  }

  async take(host: string, takable: Takable, except: readonly string[]) {
    const others = new Set(except);
    const open = this.#calls.openNow().filter(({ id }) => !others.has(id));
    return open.filter(({ id }) => this.#taken(host, takable, id));
  }

  async takeOne(host: string, takable: Takable, callId: string): Promise<Call | null> {
    const call = this.#calls.openNow().find(({ id }) => id === callId);
    return call && this.#taken(host, takable, callId) ? call : null;
  }

  async leave(host: string): Promise<void> {
    this.#seenUntilMs.delete(host);
  }

  #taken(host: string, takable: Takable, callId: string): boolean {
    const mayTake = this.#mayTake(host, takable, this.#calls.hostOf(callId));
    if (mayTake) this.#calls.setHost(callId, host);
    return mayTake;
  }

  #mayTake(host: string, takable: Takable, known: string | null): boolean {
    if (known === null) return takable === 'unnamed';
    const untilMs = this.#seenUntilMs.get(known);
    if (known === host || untilMs === undefined) return true;
    return takable === 'gone' && untilMs <= this.#now();
  }
}
