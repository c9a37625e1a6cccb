import type { Call } from './call.ts';

/**
 * Whose open calls a host may take over: `left`: of hosts that have left; `gone`: also of hosts that
 * were not seen for longer than they said; `unnamed`: of hosts that have left, and those that were
 * begun without a host, of which nobody can tell whether it lives.
 */
export type Takable = 'left' | 'gone' | 'unnamed';

/**
 * Which process hosts which call's life, so that of several on one store each call has one host. Who
 * begins a call hosts it: see `CallStore.create`. Time is the store's own. Failures are `CallError`s
 * with `store-unavailable`.
 */
export interface HostStore {
  /**
   * The host lives, and counts as gone after `leaseMs` without another beat. Resolves with those of
   * its calls that somebody else hosts now.
   */
  beat(host: string, leaseMs: number, callIds: readonly string[]): Promise<readonly string[]>;
  /**
   * Makes it the host of all open calls that may be taken, and resolves with them and with those that
   * were its own already, oldest first; `except` for these. Each goes to one, however many take at once.
   */
  take(host: string, takable: Takable, except: readonly string[]): Promise<readonly Call[]>;
  /** The same of one call; null: it is over, unknown, or somebody else's. */
  takeOne(host: string, takable: Takable, callId: string): Promise<Call | null>;
  /** The host ends: its open calls are anybody's. */
  leave(host: string): Promise<void>;
}
