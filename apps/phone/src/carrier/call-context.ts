import type { Clock } from './frame-clock.ts';
import type { LiveCall } from './live-call.ts';
import type { Dial } from './run-dial.ts';
import type { StatusCallback } from './status-callback.ts';
import type { WebhookClient } from './webhook.ts';

/** What all steps of one call share. */
export interface CallContext {
  readonly call: LiveCall;
  readonly callSid: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly clock: Clock;
  readonly webhooks: WebhookClient;
  readonly statusCallback: StatusCallback;
  readonly speak: ((text: string, signal: AbortSignal) => Promise<Int16Array>) | null;
  readonly dial: Dial | null;
  /** The emulator is being stopped. */
  readonly signal: AbortSignal;
}
