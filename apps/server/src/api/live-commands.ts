import { randomUUID } from 'node:crypto';
import { CallError, type LiveEvents } from '@earshot/calls';
import { z } from 'zod';
import { SAY_RESULTS, type SayResult } from '../live/live-call.ts';
import type { LiveCalls } from '../live/live-calls.ts';
import { remember } from '../remember.ts';

/** What one instance asks of the one that holds a call. Not for watchers. */
export const COMMAND = 'command';

const Order = z.union([z.object({ say: z.string() }), z.object({ transferring: z.boolean() })]);
type Order = z.infer<typeof Order>;

const Command = z.union([
  /** The answer is told under the same name; null: none is wanted. */
  z.object({ order: Order, ask: z.string().nullable() }),
  /** The holder has done what was asked, or could not. */
  z.object({ answered: z.string(), result: z.enum(SAY_RESULTS) }),
]);
type Command = z.infer<typeof Command>;

/** What was told while nobody could hear it is not said any more: whoever asked was refused. */
const STALE_MS = 10_000;
/** An event may come twice. */
const MOST_KNOWN_ASKS = 1_000;

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
  /** Whoever waits for an answer, by what was asked. */
  readonly #asked = new Map<string, (result: SayResult) => void>();
  /** What has been done here already. */
  readonly #obeyed = new Map<string, true>();

  constructor(options: LiveCommandsOptions) {
    this.#options = options;
    this.#listening = this.#listen();
  }

  /**
   * Resolves once the line is taken: it is said at the next chance. Rejects with `queue-full`, with
   * `call-not-answered` when nobody speaks with the caller now, and with `store-unavailable` when
   * whoever does cannot be asked.
   */
  async say(callId: string, text: string): Promise<void> {
    const { calls } = this.#options;
    const isHere = calls.has(callId);
    const result = isHere ? calls.say(callId, text) : await this.#ask(callId, { say: text });
    if (result === 'too-many')
      throw new CallError('queue-full', 'The agent has too much to say already');
    if (result === 'nobody-speaks')
      throw new CallError('call-not-answered', 'Nobody speaks with the caller at this moment');
    if (result === null) throw unheard();
  }

  /**
   * To be told before the carrier is asked for a transfer, and again, with false, if that fails.
   * Resolves once the holder of the call knows: otherwise it would take the transfer for the call's
   * end. Rejects with `store-unavailable` when it could not be told.
   */
  async transferring(callId: string, is: boolean): Promise<void> {
    const { calls } = this.#options;
    if (calls.has(callId)) calls.transferring(callId, is);
    else if (!is) this.#pass(callId, { order: { transferring: false }, ask: null });
    else if ((await this.#ask(callId, { transferring: true })) === null) {
      // It may be told yet.
      this.#pass(callId, { order: { transferring: false }, ask: null });
      throw unheard();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  /** Null: no answer within the time for it. */
  async #ask(callId: string, order: Order): Promise<SayResult | null> {
    const ask = randomUUID();
    const { promise, resolve } = Promise.withResolvers<SayResult | null>();
    const timer = setTimeout(() => resolve(null), this.#options.patienceMs ?? 2_000);
    this.#asked.set(ask, resolve);
    try {
      this.#pass(callId, { order, ask });
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
    for await (const { type, callId, data, atMs } of events.listen('*', this.#stop.signal)) {
      const { data: command } = Command.safeParse(type === COMMAND ? data : null);
      if (!command) continue;
      if ('answered' in command) this.#asked.get(command.answered)?.(command.result);
      else if (this.#options.calls.has(callId)) this.#obey(callId, command, Date.now() - atMs);
    }
  }

  #obey(callId: string, { order, ask }: Extract<Command, { ask: unknown }>, ageMs: number): void {
    const { calls } = this.#options;
    if (ask !== null && !this.#isNew(ask)) return;
    if ('say' in order && ageMs > STALE_MS) return;
    const result = 'say' in order ? calls.say(callId, order.say) : 'taken';
    if ('transferring' in order) calls.transferring(callId, order.transferring);
    if (ask !== null) this.#pass(callId, { answered: ask, result });
  }

  #isNew(ask: string): boolean {
    if (this.#obeyed.has(ask)) return false;
    remember(this.#obeyed, ask, true, MOST_KNOWN_ASKS);
    return true;
  }
}

function unheard(): CallError {
  return new CallError('store-unavailable', 'Whoever holds the call cannot be told now');
}
