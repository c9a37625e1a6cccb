import { randomUUID } from 'node:crypto';
import type { Method } from '../carrier/verb.ts';
import type { WebhookClient } from '../carrier/webhook.ts';
import type { Pace } from './pace.ts';
import type { Troubles } from './trouble.ts';

const LATE_MS = 5_000;
/** Longer than what lies between two events that follow each other at once. */
const OVERTAKEN_MS = 2_000;

export interface Callback {
  readonly url: string;
  readonly method: Method;
  readonly params: Readonly<Record<string, string>>;
}

/** Posts what happened to the server, with all that goes wrong on the way. Nobody waits for it. */
export class Callbacks implements AsyncDisposable {
  readonly #webhooks: WebhookClient;
  readonly #troubles: Troubles;
  readonly #pace: Pace;
  readonly #complain: (line: string) => void;
  readonly #closing = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  #sent = 0;

  constructor(
    webhooks: WebhookClient,
    troubles: Troubles,
    pace: Pace,
    complain: (line: string) => void,
  ) {
    this.#webhooks = webhooks;
    this.#troubles = troubles;
    this.#pace = pace;
    this.#complain = complain;
  }

  send(callback: Callback): void {
    const late = this.#troubles.strikes('late') ? LATE_MS : 0;
    const overtaken = this.#sent % 2 === 0 && this.#troubles.strikes('shuffled');
    const copies = this.#troubles.strikes('doubled') ? 2 : 1;
    this.#sent += 1;
    const token = randomUUID();
    for (let copy = 0; copy < copies; copy += 1) {
      this.#start(this.#post(callback, token, late + (overtaken ? OVERTAKEN_MS : 0)));
    }
  }

  /** Resolves when everything that was to be sent has been answered. */
  async settled(): Promise<void> {
    while (this.#sending.size > 0) await Promise.all(this.#sending);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.settled();
  }

  #start(sending: Promise<void>): void {
    const tracked: Promise<void> = sending.finally(() => this.#sending.delete(tracked));
    this.#sending.add(tracked);
  }

  async #post(callback: Callback, idempotencyToken: string, waitMs: number): Promise<void> {
    const { signal } = this.#closing;
    await this.#pace.pass(waitMs, signal);
    if (signal.aborted) return;
    try {
      const answer = await this.#webhooks.ask({ ...callback, idempotencyToken }, signal);
      if (answer.type === 'failed') this.#complain(`15003: a callback failed with ${answer.code}`);
    } catch (cause) {
      if (!signal.aborted) throw cause;
    }
  }
}
