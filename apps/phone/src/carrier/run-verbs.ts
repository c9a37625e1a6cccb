import type { CallContext } from './call-context.ts';
import type { CallOutcome } from './call-observer.ts';
import { gather } from './gather.ts';
import type { Instructions } from './instructions.ts';
import { runPrompt } from './prompt.ts';
import { PromptPlayer } from './prompt-player.ts';
import { runDial } from './run-dial.ts';
import { runStream } from './run-stream.ts';
import type { Method, Verb } from './verb.ts';

/** TwiML that was fetched; `url` is what its relative addresses are relative to. */
export interface TwimlDocument {
  readonly url: string;
  readonly verbs: readonly Verb[];
}

export type Next = Instructions | { readonly type: 'end'; readonly outcome: CallOutcome };

/** Follows a document to its end, to another document, or to the end of the call. */
export async function runVerbs(document: TwimlDocument, context: CallContext): Promise<Next> {
  const { call, callSid } = context;
  for (const verb of document.verbs) {
    if (verb.verb === 'Reject' && !call.answered) {
      observe(context, verb.verb, verb.reason);
      return end('rejected', verb.reason);
    }
    call.answer(callSid);
    const next = await runVerb(verb, document, context);
    if (call.ended.aborted) return { type: 'end', outcome: call.outcome() };
    if (call.interrupted.aborted) break;
    if (next) return next;
  }
  call.answer(callSid);
  return call.takeInstructions() ?? end('agent-hung-up', 'the TwiML came to its end');
}

async function runVerb(
  verb: Verb,
  document: TwimlDocument,
  context: CallContext,
): Promise<Next | null> {
  switch (verb.verb) {
    case 'Say':
    case 'Play':
    case 'Pause': {
      using player = new PromptPlayer(context.call);
      await runPrompt(verb, player, context);
      return null;
    }
    case 'Connect':
      observe(context, 'Connect', verb.stream.url);
      await runStream(verb.stream, document.url, context);
      return verb.action === null ? null : fetchNext(document, verb.action, verb.method);
    case 'Gather':
      observe(context, 'Gather', verb.action ?? '');
      return runGather(verb, document, context);
    case 'Redirect':
      observe(context, 'Redirect', verb.url);
      return fetchNext(document, verb.url, verb.method);
    case 'Dial':
      observe(context, 'Dial', verb.number);
      return runDialVerb(verb, document, context);
    case 'Reject':
    case 'Hangup':
      observe(context, verb.verb, '');
      return end('agent-hung-up', `<${verb.verb}/>`);
  }
}

async function runDialVerb(
  verb: Extract<Verb, { verb: 'Dial' }>,
  document: TwimlDocument,
  context: CallContext,
): Promise<Next | null> {
  const { dial } = context;
  if (!dial) return end('dialled', verb.number);
  const params = await runDial(verb, dial, context.call);
  return verb.action === null ? null : fetchNext(document, verb.action, verb.method, params);
}

async function runGather(
  verb: Extract<Verb, { verb: 'Gather' }>,
  document: TwimlDocument,
  context: CallContext,
): Promise<Next | null> {
  const digits = await gather(verb, context);
  if (digits === '' && !verb.actionOnEmptyResult) return null;
  // Without an action Twilio asks the current document again.
  return fetchNext(document, verb.action ?? document.url, verb.method, { Digits: digits });
}

function fetchNext(
  { url }: TwimlDocument,
  target: string,
  method: Method,
  params: Readonly<Record<string, string>> = {},
): Next {
  return { type: 'fetch', url: URL.parse(target, url)?.href ?? target, method, params };
}

function end(reason: CallOutcome['reason'], detail: string): Next {
  return { type: 'end', outcome: { reason, detail } };
}

function observe({ call }: CallContext, verb: string, detail: string): void {
  call.observe({ type: 'verb', atMs: call.nowMs, verb, detail });
}
