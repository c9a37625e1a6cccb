import type { CallContext } from './call-context.ts';
import type { CallOutcome } from './call-observer.ts';
import type { CallEnd, CallOptions } from './call-options.ts';
import { documentOf } from './fetch-document.ts';
import { FrameClock } from './frame-clock.ts';
import type { Instructions } from './instructions.ts';
import { LiveCall } from './live-call.ts';
import { runVerbs } from './run-verbs.ts';
import { newSid } from './signature.ts';
import { StatusCallback } from './status-callback.ts';
import { WebhookClient } from './webhook.ts';

/** Twilio ends every call after four hours. */
const MAX_DURATION_MS = 4 * 60 * 60 * 1000;
/** A server that answers each document with another one never gets anywhere. */
const MAX_DOCUMENTS = 50;

/**
 * Runs one call as Twilio would: asks the voice webhook, follows its TwiML, opens its media streams,
 * until somebody hangs up. A call that the server placed begins when its callee answers. Rejects only
 * when the caller or the observer throws.
 */
export async function runCall(options: CallOptions): Promise<CallEnd> {
  const { observer = { observe: () => {} }, clock = new FrameClock(), signal } = options;
  const callSid = options.callSid ?? newSid('CA');
  const maxDurationMs = options.maxDurationMs ?? MAX_DURATION_MS;
  using call = new LiveCall(options.caller, observer, clock, maxDurationMs);
  const webhooks = new WebhookClient(options.authToken, options.webhookTimeoutMs);
  const statusCallback = new StatusCallback(webhooks, call.findings);
  const { accountSid, authToken, speak = null, dial = null } = options;
  const fixed = { callSid, accountSid, authToken, clock, speak, dial, signal };
  const stop = () => call.end({ reason: 'aborted', detail: 'the emulator was stopped' });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    options.control?.(call);
    const context = { call, webhooks, statusCallback, ...fixed };
    call.end(await followDocuments(options, context));
  } finally {
    signal.removeEventListener('abort', stop);
    await statusCallback.settled();
  }
  const { durationMs, findings } = call;
  return { callSid, outcome: call.close(), durationMs, findings: findings.all };
}

async function followDocuments(options: CallOptions, context: CallContext): Promise<CallOutcome> {
  const { call, callSid } = context;
  if (options.direction === 'outbound-api') call.answer(callSid);
  const answeredBy = (await options.detect?.(call.interrupted)) ?? '';
  let instructions: Instructions = call.takeInstructions() ?? firstOf(options);
  for (let followed = 0; followed < MAX_DOCUMENTS; followed += 1) {
    const document = await documentOf(instructions, answeredBy, options, context);
    if (call.ended.aborted) return call.outcome();
    const newer = call.takeInstructions();
    if (!document && !newer) return { reason: 'failed', detail: 'no usable TwiML' };
    const next = newer ?? (document && (await runVerbs(document, context)));
    if (next?.type === 'end') return next.outcome;
    if (next) instructions = next;
  }
  call.findings.add(
    'too-many-documents',
    `the call asked for more than ${MAX_DOCUMENTS} documents`,
  );
  return { reason: 'failed', detail: 'the TwiML goes round in circles' };
}

function firstOf({ twiml, voiceUrl, voiceMethod = 'POST' }: CallOptions): Instructions {
  if (twiml !== undefined) return { type: 'inline', twiml };
  return { type: 'fetch', url: voiceUrl, method: voiceMethod, params: {} };
}
