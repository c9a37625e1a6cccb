import type { Call, CallStore, LiveEvents } from '@earshot/calls';
import type { Logger } from 'pino';
import type { CallPlans } from '../call-plans.ts';

export interface EndedCallsOptions {
  readonly events: Pick<LiveEvents, 'listen'>;
  readonly store: Pick<CallStore, 'find'>;
  /** Of all that end, those that were ordered or taken here. */
  readonly plans: Pick<CallPlans, 'has'>;
  readonly ended: (call: Call) => void;
  readonly log: Logger;
}

/** Notices that calls have ended whose lives are hosted elsewhere. */
export class EndedCalls implements AsyncDisposable {
  readonly #options: EndedCallsOptions;
  readonly #stop = new AbortController();
  readonly #listening: Promise<void>;

  constructor(options: EndedCallsOptions) {
    this.#options = options;
    this.#listening = this.#listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  async #listen(): Promise<void> {
    const { events, store, plans, ended, log } = this.#options;
    for await (const { type, callId, data } of events.listen('*', this.#stop.signal)) {
      if (type !== 'phase' || data.phase !== 'ended' || !plans.has(callId)) continue;
      try {
        const call = await store.find(callId);
        if (call?.phase === 'ended') ended(call);
      } catch (err) {
        log.warn({ err, callId }, 'end of a call not counted');
      }
    }
  }
}
