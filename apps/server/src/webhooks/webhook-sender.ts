import { setTimeout as wait } from 'node:timers/promises';
import type { Delivery, Outbox } from '@earshot/calls';
import type { Logger } from 'pino';
import { type PostOptions, postWebhook, WebhookError } from './post-webhook.ts';
import { webhookSignature } from './webhook-signature.ts';

/** Also what other instances have put into the outbox is looked for this often. */
const LOOK_EVERY_MS = 5_000;
/** Longer than one delivery may take. */
const LEASE_MS = 60_000;
const AT_ONCE = 10;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 6 * 60 * 60_000;
/** About three days after the first. */
const MOST_ATTEMPTS = 24;

export interface WebhookSenderOptions extends PostOptions {
  readonly outbox: Outbox;
  readonly secret: string;
  readonly log: Logger;
  readonly told?: (event: string, result: 'delivered' | 'failed' | 'given-up') => void;
  readonly now?: () => number;
}

/** How long after so many vain attempts the next is due; null: given up. */
export function retryAfterMs(attempts: number): number | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1));
}

/** Delivers what is in the outbox, until it is disposed. What could not be delivered stays there. */
export class WebhookSender implements AsyncDisposable {
  readonly #options: WebhookSenderOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #wake = new AbortController();

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Something was put into the outbox. */
  nudge(): void {
    this.#wake.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      const signal = AbortSignal.any([this.#stop.signal, this.#wake.signal]);
      if (await this.#deliverSome()) continue;
      await wait(LOOK_EVERY_MS, null, { signal }).catch(() => {});
    }
  }

  /** True when there may be more. */
  async #deliverSome(): Promise<boolean> {
    const { outbox, log } = this.#options;
    try {
      const due = await outbox.claim(this.#now, LEASE_MS, AT_ONCE);
      await Promise.all(due.map((delivery) => this.#deliver(delivery)));
      return due.length === AT_ONCE;
    } catch (err) {
      // The outbox answers again, or the lease runs out: nothing is lost.
      log.warn({ err }, 'outbox failed');
      return false;
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { outbox, secret, log, told } = this.#options;
    const { id, url, event, body, attempts } = delivery;
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Earshot',
      'earshot-event': event,
      'earshot-delivery': id,
      'earshot-signature': webhookSignature(secret, body, this.#now),
    };
    try {
      await postWebhook(url, body, headers, this.#options, this.#stop.signal);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const { code, status } =
        error instanceof WebhookError ? error : { code: 'unknown', status: null };
      log.warn({ event, code, status, attempts }, 'webhook not delivered');
      const waitMs = retryAfterMs(attempts + 1);
      told?.(event, waitMs === null ? 'given-up' : 'failed');
      await outbox.postpone(id, waitMs === null ? null : this.#now + waitMs);
      return;
    }
    told?.(event, 'delivered');
    await outbox.delivered(id, this.#now);
  }

  get #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
