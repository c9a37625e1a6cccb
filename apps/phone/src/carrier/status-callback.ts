import { randomUUID } from 'node:crypto';
import type { Findings } from './findings.ts';
import type { StreamVerb } from './verb.ts';
import type { WebhookClient } from './webhook.ts';

export type StreamEventName = 'stream-started' | 'stream-stopped' | 'stream-error';

/** Tells the server how its stream fares. The call never waits for it; `settled` does. */
export class StatusCallback {
  readonly #webhooks: WebhookClient;
  readonly #findings: Findings;
  readonly #sent: Promise<void>[] = [];

  constructor(webhooks: WebhookClient, findings: Findings) {
    this.#webhooks = webhooks;
    this.#findings = findings;
  }

  tell(
    verb: StreamVerb,
    baseUrl: string,
    event: StreamEventName,
    facts: Readonly<Record<string, string>>,
  ): void {
    const url = verb.statusCallback && URL.parse(verb.statusCallback, baseUrl)?.href;
    if (!url) return;
    const params = { ...facts, StreamEvent: event, Timestamp: new Date().toISOString() };
    this.#sent.push(this.#send({ url, method: verb.statusCallbackMethod, params }));
  }

  async settled(): Promise<void> {
    await Promise.all(this.#sent);
  }

  async #send(request: Pick<Parameters<WebhookClient['ask']>[0], 'url' | 'method' | 'params'>) {
    const webhook = { ...request, idempotencyToken: randomUUID() };
    const answer = await this.#webhooks.ask(webhook, new AbortController().signal);
    if (answer.type === 'failed') this.#findings.add('15003', `Status callback: ${answer.text}`);
  }
}
