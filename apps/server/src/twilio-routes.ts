import { connectCall, hangup, say, twiml, type Verb } from '@earshot/twilio';
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HttpError } from './http-error.ts';
import type { CallRecord } from './live/call-record.ts';
import type { Services } from './services.ts';
import { readWebhookBodies, type WebhookBody } from './webhook-body.ts';

const Webhook = z.object({ CallSid: z.string().regex(/^\w{1,64}$/) });

/** A call that was lost so often is not called back any more. */
const MOST_STREAMS = 3;
/** The carrier may ask how to go on before our end of the stream has noticed that it is over. */
const SETTLE_MS = 2_000;

type WebhookRequest = FastifyRequest<{ Body: WebhookBody | undefined }>;

/** Twilio's webhooks. All are signed. */
export const twilioRoutes: FastifyPluginCallback<Services> = (app, services, done) => {
  const { signatures, readiness, records, calls, log } = services;
  readWebhookBodies(app);
  // Strangers are turned away before their body is read.
  app.addHook('onRequest', async ({ raw }) => {
    signatures.present(raw);
  });
  app.addHook('preHandler', async (request: WebhookRequest) => {
    signatures.webhook(request.raw, request.body);
  });

  app.post('/twilio/voice', async (request: WebhookRequest, reply) => {
    const callSid = callSidOf(request);
    if (!readiness.ready) return answer(reply, ...sorry());
    return answer(reply, stream(services, records.open(callSid)));
  });

  app.post('/twilio/continue', async (request: WebhookRequest, reply) => {
    const callSid = callSidOf(request);
    await settled(calls.over(callSid));
    const record = records.get(callSid);
    if (!record || !isWanted(record)) return answer(reply, hangup());
    if (readiness.ready && record.streams < MOST_STREAMS)
      return answer(reply, stream(services, record));
    record.close();
    return answer(reply, ...sorry());
  });

  app.post('/twilio/stream-status', async (request: WebhookRequest, reply) => {
    const { StreamEvent } = request.body?.parameters ?? {};
    if (StreamEvent === 'stream-error') log.warn('the carrier reports a stream error');
    return reply.code(200).send({ received: true });
  });
  done();
};

function callSidOf({ body }: WebhookRequest): string {
  const parsed = Webhook.safeParse(body?.parameters ?? {});
  if (!parsed.success) throw new HttpError('bad-request', 'CallSid is missing');
  return parsed.data.CallSid;
}

/** Connects the call to our media socket, with a pass that is good for this call only, once. */
function stream({ urls, tokens }: Services, { callId }: CallRecord): Verb {
  return connectCall({
    callId,
    pass: tokens.issue(callId),
    url: urls.media,
    urlOf: (path) => urls.of(path),
  });
}

/** Neither side has hung up: the line or the agent was lost. */
function isWanted({ ending }: CallRecord): boolean {
  return ending !== 'caller-hung-up' && ending !== 'agent-hung-up';
}

function sorry(): Verb[] {
  return [
    say('We are sorry, we cannot take your call right now. Please call again later.'),
    hangup(),
  ];
}

function answer(reply: FastifyReply, ...verbs: Verb[]): FastifyReply {
  return reply.type('text/xml').send(twiml(...verbs));
}

async function settled(over: Promise<void>): Promise<void> {
  const { promise: waited, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, SETTLE_MS);
  await Promise.race([over, waited]);
  clearTimeout(timer);
}
