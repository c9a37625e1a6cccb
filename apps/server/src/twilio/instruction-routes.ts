import { connectCall, hangup, type Verb } from '@earshot/twilio';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { atMost } from '../at-most.ts';
import type { Services } from '../services.ts';
import { inboundPlan } from './inbound-plan.ts';
import { answerVerbs, callIdOf, callSidOf, field, sorry, type WebhookRequest } from './webhook.ts';

/** A call that was lost so often in a short time is not called back any more. */
const MOST_RETURNS = 2;
/** The carrier may ask how to go on before our end of the stream has noticed that it is over. */
const SETTLE_MS = 2_000;

/** After these the other number has been talked to, and nothing is left to say. */
const TRANSFERRED = ['completed', 'answered'];
const OVER = ['agent-hung-up', 'max-duration'];

/** Where Twilio asks what to do with a call. */
export function instructionRoutes(app: FastifyInstance, services: Services): void {
  const voice = async (request: WebhookRequest, reply: FastifyReply) => {
    const code = field(request, 'ErrorCode');
    if (code !== '') services.log.warn({ code: code.slice(0, 10) }, 'the carrier fell back');
    return answerVerbs(reply, ...takeIn(services, request));
  };
  app.post('/twilio/voice', voice);
  app.post('/twilio/voice-fallback', voice);

  app.post('/twilio/twiml/:callId', async (request: WebhookRequest, reply) => {
    const callId = callIdOf(request);
    services.callSids.learn(callSidOf(request), callId);
    if (!services.readiness.ready) return answerVerbs(reply, ...sorry());
    return answerVerbs(reply, stream(services, callId));
  });

  app.post('/twilio/continue/:callId', async (request: WebhookRequest, reply) => {
    const [callSid, callId] = [callSidOf(request), callIdOf(request)];
    const transfer = field(request, 'DialCallStatus');
    const isThere = field(request, 'CallStatus') === 'in-progress';
    return answerVerbs(reply, ...(await next(services, { callSid, callId, transfer, isThere })));
  });
}

/** The agent gets warm while the carrier opens the stream; the call's life begins behind its back. */
function takeIn(services: Services, request: WebhookRequest): Verb[] {
  const { readiness, lives, warm, callSids, plans, config } = services;
  const callSid = callSidOf(request);
  if (!readiness.takesCalls) return sorry();
  const [from, to] = [field(request, 'From'), field(request, 'To')];
  const plan = inboundPlan({ callSid, from, to }, config.maxDurationMs);
  plans.keep(plan);
  callSids.learn(callSid, plan.id);
  lives.begin(plan, callSid);
  warm.warm(plan);
  return [stream(services, plan.id)];
}

interface Question {
  readonly callSid: string;
  readonly callId: string;
  /** How the transfer went; '': there was none. */
  readonly transfer: string;
  /** The carrier says that the caller is on the line. */
  readonly isThere: boolean;
}

/** A stream is over, or a transfer: back to an agent, or to nobody. */
async function next(services: Services, question: Question): Promise<Verb[]> {
  const { callSid, callId, transfer, isThere } = question;
  const { calls, readiness, callSids, lifecycle } = services;
  if (TRANSFERRED.includes(transfer)) return [hangup()];
  await atMost(calls.over(callId), SETTLE_MS);
  const ending = await calls.endingAnywhere(callId);
  // The carrier ends streams, too, whose caller has not hung up: its word on the caller counts.
  const seemsGone = ending === 'caller-hung-up';
  const isOver = seemsGone ? !isThere : ending !== null && OVER.includes(ending);
  if (transfer === '' && isOver) return [hangup()];
  if (ending === null || seemsGone) {
    const signal = AbortSignal.timeout(SETTLE_MS);
    const state = await lifecycle.state(callId, signal).catch(() => undefined);
    // Nobody knows it, or it has ended. A host that cannot be asked does not cost a call.
    if (state === null || state?.phase === 'ended') return [hangup()];
  }
  if (!readiness.ready) return sorry();
  if (transfer === '' && ending !== 'moved' && callSids.returned(callSid, callId) > MOST_RETURNS)
    return sorry();
  return [stream(services, callId)];
}

/** Connects the call to our media socket, with a pass that is good for this call only, once. */
function stream({ urls, tokens }: Services, callId: string): Verb {
  const urlOf = (path: string) => urls.of(path);
  return connectCall({ callId, pass: tokens.issue(callId), url: urls.media, urlOf });
}
