import { randomUUID } from 'node:crypto';
import { CallError, type LiveEvents } from '@earshot/calls';
import { z } from 'zod';
import type { LiveCalls } from '../live/live-calls.ts';

/** What one instance asks of the one that holds a call. Not for watchers. */
export const COMMAND = 'command';

const Command = z.union([
  z.object({ say: z.string() }),
  z.object({ transferring: z.boolean(), ask: z.string() }),
  /** The holder has done what was asked. */
  z.object({ done: z.string() }),
]);
type Command = z.infer<typeof Command>;

export interface LiveCommandsOptions {
  readonly calls: Pick<LiveCalls, 'has' | 'say' | 'transferring'>;
  readonly events: LiveEvents;
  /** Other instances may hold calls. */
  readonly shared: boolean;
  /** How long the holder's answer is waited for. Default 2000. */
  readonly patienceMs?: number;
}

/** Has something done to a live call, whichever instance holds it. */
export class LiveCommands implements AsyncDisposable {
  readonly #options: LiveCommandsOptions;
  readonly #stop = new AbortController();
  readonly #listening: Promise<void>;
  /** What waits for an answer, by what was asked. */
  readonly #asked = new Map<string, () => void>();

  constructor(options: LiveCommandsOptions) {
    this.#options = options;
    this.#listening = this.#listen();
  }

  say(callId: string, text: string): void {
    if (!this.#options.calls.has(callId)) this.#pass(callId, { say: text });
    else if (!this.#options.calls.say(callId, text))
      throw new CallError('queue-full', 'The agent has too much to say already');
  }

  /**
   * To be told before the carrier is asked for a transfer, and again, with false, if that fails.
   * Resolves once the holder of the call knows: otherwise it would take the transfer for the call's
   * end. Rejects with `store-unavailable` when it could not be told.
   */
  async transferring(callId: string, is: boolean): Promise<void> {
    if (this.#options.calls.has(callId)) this.#options.calls.transferring(callId, is);
    else if (!is) this.#pass(callId, { transferring: false, ask: '' });
    else if (!(await this.#ask(callId))) {
      // It may be told yet.
      this.#pass(callId, { transferring: false, ask: '' });
      throw new CallError('store-unavailable', 'Whoever holds the call cannot be told now');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  async #ask(callId: string): Promise<boolean> {
    const ask = randomUUID();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), this.#options.patienceMs ?? 2_000);
    this.#asked.set(ask, () => resolve(true));
    try {
      this.#pass(callId, { transferring: true, ask });
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#asked.delete(ask);
    }
  }

  #pass(callId: string, command: Command): void {
    const { shared, events } = this.#options;
    if (!shared) throw new CallError('call-not-answered', 'The call has no audio here now');
    events.tell({ callId, serial: 0, type: COMMAND, atMs: Date.now(), data: command });
  }

  async #listen(): Promise<void> {
    const { events } = this.#options;
    for await (const { type, callId, data } of events.listen('*', this.#stop.signal)) {
      const { data: command } = Command.safeParse(type === COMMAND ? data : null);
      if (command) this.#obey(callId, command);
    }
  }

  #obey(callId: string, command: Command): void {
    const { calls } = this.#options;
    if ('done' in command) this.#asked.get(command.done)?.();
    else if (!calls.has(callId)) return;
    else if ('say' in command) calls.say(callId, command.say);
    else {
      calls.transferring(callId, command.transferring);
      if (command.ask !== '') this.#pass(callId, { done: command.ask });
    }
  }
}
