import { randomUUID } from 'node:crypto';
import type { CallContext } from './call-context.ts';
import type { CallOptions } from './call-options.ts';
import type { Instructions } from './instructions.ts';
import type { TwimlDocument } from './run-verbs.ts';
import { parseTwiml } from './twiml.ts';
import { isTwimlType } from './webhook.ts';

type Request = Extract<Instructions, { type: 'fetch' }>;
type Params = Readonly<Record<string, string>>;

/** The document that instructions lead to, or null; whatever is wrong with it is a finding. */
export async function documentOf(
  instructions: Instructions,
  answeredBy: string,
  options: CallOptions,
  context: CallContext,
): Promise<TwimlDocument | null> {
  if (instructions.type === 'inline') {
    const { verbs, complaints } = parseTwiml(instructions.twiml);
    for (const { code, text } of complaints) context.call.findings.add(code, text);
    return verbs && { url: '', verbs };
  }
  const detected: Params = answeredBy === '' ? {} : { AnsweredBy: answeredBy };
  const first = await fetchOnce(instructions, detected, options, context);
  if (first.verbs || options.fallbackUrl === undefined) return usable(first);
  if (context.call.interrupted.aborted) return null;
  const error = { ...detected, ErrorCode: first.errorCode, ErrorUrl: instructions.url };
  const { fallbackUrl: url, fallbackMethod: method = 'POST' } = options;
  return usable(await fetchOnce({ ...instructions, url, method }, error, options, context));
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
  more: Params,
  options: CallOptions,
  { call, callSid, webhooks }: CallContext,
): Promise<Fetched> {
  const facts = { ...callParams(options, callSid, call.answered), ...params, ...more };
  const webhook = { url, method, params: facts, idempotencyToken: randomUUID() };
  const failed = (errorCode: string, text: string): Fetched => {
    call.findings.add(errorCode, text);
    return { url, verbs: null, errorCode };
  };
  const until = call.interrupted;
  const answer = await webhooks.ask(webhook, until).catch((cause: unknown) => {
    if (until.aborted) return null;
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
  { accountSid, from, to, direction = 'inbound' }: CallOptions,
  callSid: string,
  answered: boolean,
): Params {
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
    Direction: direction,
    From: from,
    FromCity: '',
    FromCountry: 'US',
    ...(direction === 'inbound' && { StirVerstat: 'TN-Validation-Passed-A' }),
    To: to,
    ToCountry: 'US',
  };
}
