import type { Redis } from 'ioredis';
import { Condition } from './condition.ts';

/** Names in one command. */
const MOST_AT_ONCE = 100;

/** How long until it is tried again on a connection that is there and does not work. */
const RETRY_MS = 500;

/** A connection on which nothing comes is asked so often whether it lives; a dead one is replaced. */
const PING_MS = 5000;

/** The channels that are wanted, kept subscribed over all connections. '*' is their pattern. */
export class Subscriptions implements Disposable {
  readonly #client: Redis;
  readonly #prefix: string;
  readonly #wanted = new Set<string>();
  readonly #subscribed = new Set<string>();
  readonly #complete = new Condition(() => this.#missing.length === 0);
  readonly #pings: NodeJS.Timeout;
  #busy = false;
  #retry: NodeJS.Timeout | null = null;

  /** The client is for nothing else. */
  constructor(client: Redis, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
    client.on('close', () => this.#subscribed.clear());
    client.on('ready', () => this.#arrange());
    this.#pings = setInterval(() => this.#ping(), PING_MS).unref();
  }

  channelOf(name: string): string {
    return `${this.#prefix}${name}`;
  }

  want(name: string, isWanted: boolean): void {
    if (isWanted) this.#wanted.add(name);
    else this.#wanted.delete(name);
    this.#arrange();
  }

  /** Resolves once all that is wanted is subscribed; rejects with the signal's reason. */
  complete(signal: AbortSignal): Promise<void> {
    return this.#complete.wait(signal);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pings);
    if (this.#retry) clearTimeout(this.#retry);
    this.#wanted.clear();
  }

  get #missing(): string[] {
    return [...this.#wanted].filter((name) => !this.#subscribed.has(name));
  }

  get #needless(): string[] {
    return [...this.#subscribed].filter((name) => !this.#wanted.has(name));
  }

  #arrange(): void {
    if (this.#busy || this.#retry || this.#client.status !== 'ready') return;
    const missing = this.#missing.slice(0, MOST_AT_ONCE);
    const names = missing.length > 0 ? missing : this.#needless.slice(0, MOST_AT_ONCE);
    if (names.length === 0) return;
    this.#busy = true;
    this.#change(names, missing.length > 0).then(
      () => this.#again(),
      () => this.#tryLater(),
    );
  }

  async #change(names: readonly string[], isWanted: boolean): Promise<void> {
    const channels = names.filter((name) => name !== '*').map((name) => this.channelOf(name));
    const { stream } = this.#client;
    if (channels.length > 0)
      await (isWanted
        ? this.#client.subscribe(...channels)
        : this.#client.unsubscribe(...channels));
    if (names.includes('*'))
      await (isWanted
        ? this.#client.psubscribe(this.#pattern)
        : this.#client.punsubscribe(this.#pattern));
    if (stream !== this.#client.stream) return;
    for (const name of names) {
      if (isWanted) this.#subscribed.add(name);
      else this.#subscribed.delete(name);
    }
  }

  get #pattern(): string {
    return `${this.#prefix.replace(/[*?[\]\\]/g, '\\$&')}*`;
  }

  #again(): void {
    this.#busy = false;
    this.#complete.changed();
    this.#arrange();
  }

  #tryLater(): void {
    this.#busy = false;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#arrange();
    }, RETRY_MS).unref();
  }

  // An answer that does not come makes the client give up the connection.
  #ping(): void {
    if (this.#client.status === 'ready') this.#client.ping().catch(() => {});
  }
}
