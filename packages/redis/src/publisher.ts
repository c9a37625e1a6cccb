import type { Redis } from 'ioredis';
import { Condition } from './condition.ts';

export interface Publication {
  readonly channel: string;
  readonly text: string;
}

/** What waits while Redis is away: the newest so many, and so much of them. Half a minute of fifty talking calls. */
const MOST_WAITING = 10_000;
const MOST_CHARACTERS = 8 * 1024 * 1024;

/** Sent before the answers of those before them are there. */
const MOST_AT_ONCE = 100;

/** How long until it is tried again on a connection that is there and does not work. */
const RETRY_MS = 500;

/** After an outage the other instances need a while to listen again: what is published before is lost to them. */
const RETURN_MS = 2500;

/** A Redis that dies has confirmed what its listeners did not get yet: so much is sent once more. */
const RECENT_MS = 1000;
const MOST_RECENT = 100;

/**
 * Publishes in order, at least once, without anybody waiting. What was sent and not confirmed, or
 * confirmed just before the connection was lost, is sent again; of more than may wait the oldest is
 * dropped and counted.
 */
export class Publisher implements Disposable {
  readonly #client: Redis;
  readonly #idle = new Condition(() => this.#sending.length + this.#waiting.length === 0);
  #waiting: Publication[] = [];
  #sending: readonly Publication[] = [];
  #recent: (Publication & { readonly atMs: number })[] = [];
  #characters = 0;
  #dropped = 0;
  #retry: NodeJS.Timeout | null = null;
  #wasLost = false;
  #closed = false;

  constructor(client: Redis) {
    this.#client = client;
    client.on('close', this.#lost);
    client.on('ready', this.#found);
  }

  get dropped(): number {
    return this.#dropped;
  }

  push(publication: Publication): void {
    if (this.#closed) return;
    this.#waiting.push(publication);
    this.#characters += publication.text.length;
    this.#trim();
    this.#send();
  }

  /** Resolves once nothing waits; rejects with the signal's reason. */
  sent(signal: AbortSignal): Promise<void> {
    return this.#idle.wait(signal);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#client.off('close', this.#lost);
    this.#client.off('ready', this.#found);
    if (this.#retry) clearTimeout(this.#retry);
  }

  // Each attempt to come back that fails is a close, too.
  readonly #lost = (): void => {
    if (this.#wasLost) return;
    this.#wasLost = true;
    const earliestMs = performance.now() - RECENT_MS;
    this.#recent = this.#recent.filter(({ atMs }) => atMs >= earliestMs);
  };

  readonly #found = (): void => {
    if (this.#wasLost) {
      for (const { text } of this.#recent) this.#characters += text.length;
      this.#waiting = [...this.#recent.splice(0), ...this.#waiting];
      this.#trim();
      this.#tryLater(RETURN_MS);
    } else this.#send();
    this.#wasLost = false;
  };

  #send(): void {
    const isBusy = this.#sending.length > 0 || this.#retry !== null || this.#closed;
    if (isBusy || this.#waiting.length === 0 || this.#client.status !== 'ready') return;
    this.#sending = this.#waiting.splice(0, MOST_AT_ONCE);
    const pipeline = this.#client.pipeline();
    for (const { channel, text } of this.#sending) pipeline.publish(channel, text);
    pipeline.exec().then(
      (results) => this.#answered((results ?? []).map(([error]) => error === null)),
      () => this.#answered([]),
    );
  }

  #answered(results: readonly boolean[]): void {
    const unconfirmed = this.#sending.findIndex((_, i) => results[i] !== true);
    const done = unconfirmed < 0 ? this.#sending : this.#sending.slice(0, unconfirmed);
    for (const { text } of done) this.#characters -= text.length;
    const atMs = performance.now();
    const confirmed = done.map((publication) => ({ ...publication, atMs }));
    this.#recent = [...this.#recent, ...confirmed].slice(-MOST_RECENT);
    this.#waiting = [...this.#sending.slice(done.length), ...this.#waiting];
    this.#sending = [];
    this.#trim();
    if (unconfirmed >= 0) this.#tryLater(RETRY_MS);
    this.#send();
    this.#idle.changed();
  }

  #tryLater(delayMs: number): void {
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#closed) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#send();
    }, delayMs).unref();
  }

  #trim(): void {
    while (this.#isTooMuch) {
      const oldest = this.#waiting.shift();
      this.#characters -= oldest?.text.length ?? 0;
      this.#dropped += 1;
    }
  }

  get #isTooMuch(): boolean {
    const count = this.#sending.length + this.#waiting.length;
    const isOver = count > MOST_WAITING || this.#characters > MOST_CHARACTERS;
    return isOver && this.#waiting.length > 0;
  }
}
