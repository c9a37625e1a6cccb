import type { Outbox } from '@earshot/calls';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import { WebhookSender } from '../webhooks/webhook-sender.ts';

export interface WebhookParts {
  readonly outbox: Outbox;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Delivers what is in the outbox, if there is a secret to sign it with. Returns what wakes it. */
export function openWebhooks(
  { webhook }: Pick<Config, 'webhook'>,
  { outbox, metrics, log }: WebhookParts,
  opened: AsyncDisposableStack,
): () => void {
  if (!webhook) return () => {};
  const { secret, reach } = webhook;
  const told = metrics.webhook.bind(metrics);
  const sender = opened.use(new WebhookSender({ outbox, secret, reach, log, told }));
  return () => sender.nudge();
}
