import { randomUUID } from 'node:crypto';
import type { CallContext } from './call-context.ts';
import type { CallOutcome } from './call-observer.ts';
import type { CallEnd, CallOptions } from './call-options.ts';
import { FrameClock } from './frame-clock.ts';
import { LiveCall } from './live-call.ts';
import { type Next, runVerbs, type TwimlDocument } from './run-verbs.ts';
import { newSid } from './signature.ts';
import { StatusCallback } from './status-callback.ts';
import { parseTwiml } from './twiml.ts';
import { isTwimlType, WebhookClient } from './webhook.ts';

/** Twilio ends every call after four hours. */
const MAX_DURATION_MS = 4 * 60 * 60 * 1000;
/** A server that answers each document with another one never gets anywhere. */
const MAX_DOCUMENTS = 50;

type Request = Extract<Next, { type: 'fetch' }>;

/**
 * Places one inbound call as Twilio would: asks the voice webhook, follows its TwiML, opens its media
 * streams, until somebody hangs up. Rejects only when the caller or the observer throws.
 */
export async function runCall(options: CallOptions): Promise<CallEnd> {
  const { observer = { observe: () => {} }, clock = new FrameClock(), signal } = options;
  const callSid = newSid('CA');
  const maxDurationMs = options.maxDurationMs ?? MAX_DURATION_MS;
  using call = new LiveCall(options.caller, observer, clock, maxDurationMs);
  const webhooks = new WebhookClient(options.authToken, options.webhookTimeoutMs);
  const statusCallback = new StatusCallback(webhooks, call.findings);
  const { accountSid, authToken, speak = null } = options;
  const fixed = { callSid, accountSid, authToken, clock, speak, signal };
  const stop = () => call.end({ reason: 'aborted', detail: 'the emulator was stopped' });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const context = { call, webhooks, statusCallback, ...fixed };
    const outcome = await followDocuments(options, context);
    call.end(outcome);
  } finally {
    signal.removeEventListener('abort', stop);
    await statusCallback.settled();
  }
  const { durationMs, findings } = call;
  return { callSid, outcome: call.close(), durationMs, findings: findings.all };
}

async function followDocuments(options: CallOptions, context: CallContext): Promise<CallOutcome> {
  const { call } = context;
  let request: Request = { type: 'fetch', url: options.voiceUrl, method: 'POST', params: {} };
  for (let fetched = 0; fetched < MAX_DOCUMENTS; fetched += 1) {
    const document = await fetchDocument(request, options, context);
    if (call.ended.aborted) return call.outcome();
    if (!document) return { reason: 'failed', detail: 'no usable TwiML' };
    const next = await runVerbs(document, context);
    if (next.type === 'end') return next.outcome;
    request = next;
  }
  call.findings.add(
    'too-many-documents',
    `the call asked for more than ${MAX_DOCUMENTS} documents`,
  );
  return { reason: 'failed', detail: 'the TwiML goes round in circles' };
}

/** Asks the URL and then the fallback URL; every failure is a finding. */
async function fetchDocument(
  request: Request,
  options: CallOptions,
  context: CallContext,
): Promise<TwimlDocument | null> {
  const first = await fetchOnce(request, {}, options, context);
  if (first.verbs || options.fallbackUrl === undefined) return usable(first);
  if (context.call.ended.aborted) return null;
  const error = { ErrorCode: first.errorCode, ErrorUrl: request.url };
  const fallback: Request = { ...request, url: options.fallbackUrl, method: 'POST' };
  return usable(await fetchOnce(fallback, error, options, context));
}

type Fetched = Omit<TwimlDocument, 'verbs'> & {
  readonly verbs: TwimlDocument['verbs'] | null;
  readonly errorCode: string;
};

function usable({ url, verbs }: Fetched): TwimlDocument | null {
  return verbs && { url, verbs };
}

async function fetchOnce(
  { url, method, params }: Request,
  error: Readonly<Record<string, string>>,
  options: CallOptions,
  { call, callSid, webhooks }: CallContext,
): Promise<Fetched> {
  const facts = { ...callParams(options, callSid, call.answered), ...params, ...error };
  const webhook = { url, method, params: facts, idempotencyToken: randomUUID() };
  const failed = (errorCode: string, text: string): Fetched => {
    call.findings.add(errorCode, text);
    return { url, verbs: null, errorCode };
  };
  const answer = await webhooks.ask(webhook, call.ended).catch((cause: unknown) => {
    if (call.ended.aborted) return null;
    throw cause;
  });
  if (!answer) return { url, verbs: null, errorCode: '' };
  if (answer.type === 'failed') return failed(answer.code, answer.text);
  if (!isTwimlType(answer.contentType)) {
    return failed('12300', `${url} answered with Content-Type "${answer.contentType}"`);
  }
  const { verbs, complaints } = parseTwiml(answer.body);
  for (const { code, text } of complaints) call.findings.add(code, text);
  return { url: answer.url, verbs, errorCode: verbs ? '' : (complaints[0]?.code ?? '') };
}

function callParams(
  { accountSid, from, to }: CallOptions,
  callSid: string,
  answered: boolean,
): Readonly<Record<string, string>> {
  return {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    CallSid: callSid,
    CallStatus: answered ? 'in-progress' : 'ringing',
    Called: to,
    CalledCountry: 'US',
    Caller: from,
    CallerCity: '',
    CallerCountry: 'US',
    Direction: 'inbound',
    From: from,
    FromCity: '',
    FromCountry: 'US',
    StirVerstat: 'TN-Validation-Passed-A',
    To: to,
    ToCountry: 'US',
  };
}
