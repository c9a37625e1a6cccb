import { CallError, type LiveEvents } from '@earshot/calls';
import { z } from 'zod';
import type { LiveCalls } from '../live/live-calls.ts';

/** What one instance asks of the one that holds a call. Not for watchers. */
export const COMMAND = 'command';

const Command = z.union([z.object({ say: z.string() }), z.object({ transferring: z.boolean() })]);
type Command = z.infer<typeof Command>;

export interface LiveCommandsOptions {
  readonly calls: Pick<LiveCalls, 'has' | 'say' | 'transferring'>;
  readonly events: LiveEvents;
  /** Other instances may hold calls. */
  readonly shared: boolean;
}

/** Has something done to a live call, whichever instance holds it. */
export class LiveCommands implements AsyncDisposable {
  readonly #options: LiveCommandsOptions;
  readonly #stop = new AbortController();
  readonly #listening: Promise<void>;

  constructor(options: LiveCommandsOptions) {
    this.#options = options;
    this.#listening = this.#listen();
  }

  say(callId: string, text: string): void {
    if (!this.#options.calls.has(callId)) this.#pass(callId, { say: text });
    else if (!this.#options.calls.say(callId, text))
      throw new CallError('queue-full', 'The agent has too much to say already');
  }

  /** To be told before the carrier is asked for a transfer, and again, with false, if that fails. */
  transferring(callId: string, is: boolean): void {
    if (this.#options.calls.has(callId)) this.#options.calls.transferring(callId, is);
    else this.#pass(callId, { transferring: is });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  #pass(callId: string, command: Command): void {
    const { shared, events } = this.#options;
    if (!shared) throw new CallError('call-not-answered', 'The call has no audio here now');
    events.tell({ callId, serial: 0, type: COMMAND, atMs: Date.now(), data: command });
  }

  async #listen(): Promise<void> {
    const { calls, events } = this.#options;
    for await (const { type, callId, data } of events.listen('*', this.#stop.signal)) {
      if (type !== COMMAND || !calls.has(callId)) continue;
      const { data: command } = Command.safeParse(data);
      if (command && 'say' in command) calls.say(callId, command.say);
      else if (command) calls.transferring(callId, command.transferring);
    }
  }
}
