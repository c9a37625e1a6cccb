import { randomUUID } from 'node:crypto';
import { type LiveEvent, type LiveEvents, MemoryLiveEvents } from '@earshot/calls';
import type { Redis } from 'ioredis';
import { envelopeFrom } from './envelope.ts';
import { Publisher } from './publisher.ts';
import { Subscriptions } from './subscriptions.ts';

export interface RedisLiveEventsOptions {
  readonly client: Redis;
  /** A connection of its own for what is listened to. */
  readonly subscriber: Redis;
  /** What all channels begin with. */
  readonly prefix: string;
}

/** Instances of which it is remembered what they told last; the oldest are forgotten. */
const MOST_INSTANCES = 1000;

/**
 * Live events between instances by Redis's pub/sub, each call a channel `<prefix>live:<call id>`.
 * Listeners of this instance hear it without Redis; the others hear afterwards what was told while
 * Redis was away.
 */
export class RedisLiveEvents implements LiveEvents, Disposable {
  readonly #own = randomUUID();
  readonly #local: MemoryLiveEvents;
  readonly #subscriber: Redis;
  readonly #publisher: Publisher;
  readonly #subscriptions: Subscriptions;
  /** An event may come twice: by its channel and by the pattern, or sent again. */
  readonly #newest = new Map<string, number>();
  #told = 0;
  #unfit = 0;

  constructor({ client, subscriber, prefix }: RedisLiveEventsOptions) {
    this.#subscriber = subscriber;
    this.#publisher = new Publisher(client);
    const subscriptions = new Subscriptions(subscriber, `${prefix}live:`);
    this.#subscriptions = subscriptions;
    this.#local = new MemoryLiveEvents({
      onListening: (callId, isListenedTo) => subscriptions.want(callId, isListenedTo),
    });
    subscriber.on('message', (_channel, text) => this.#hear(text));
    subscriber.on('pmessage', (_pattern, _channel, text) => this.#hear(text));
  }

  get dropped(): number {
    return this.#local.dropped + this.#publisher.dropped + this.#unfit;
  }

  tell(event: LiveEvent): void {
    const text = this.#enclose(event);
    if (text === null) {
      this.#unfit += 1;
      return;
    }
    this.#local.tell(event);
    this.#publisher.push({ channel: this.#subscriptions.channelOf(event.callId), text });
  }

  listen(callId: string, signal: AbortSignal): AsyncIterable<LiveEvent> {
    return this.#local.listen(callId, signal);
  }

  /**
   * Resolves once all that was told here has gone out, all that is listened to here comes in, and what
   * had gone out before has come in. Rejects with the signal's reason, or when Redis goes away.
   */
  async settled(signal: AbortSignal): Promise<void> {
    await this.#publisher.sent(signal);
    await this.#subscriptions.complete(signal);
    await this.#subscriber.ping();
  }

  [Symbol.dispose](): void {
    this.#publisher[Symbol.dispose]();
    this.#subscriptions[Symbol.dispose]();
  }

  /** Null for what is no JSON. */
  #enclose(event: LiveEvent): string | null {
    try {
      return JSON.stringify({ from: this.#own, number: ++this.#told, event });
    } catch {
      return null;
    }
  }

  #hear(text: string): void {
    const envelope = envelopeFrom(text);
    if (envelope === null || envelope.from === this.#own) return;
    const { from, number, event } = envelope;
    const newest = this.#newest.get(from) ?? 0;
    if (number <= newest) return;
    this.#newest.delete(from);
    this.#newest.set(from, number);
    const [oldest] = this.#newest.keys();
    if (this.#newest.size > MOST_INSTANCES && oldest) this.#newest.delete(oldest);
    this.#local.tell(event);
  }
}
