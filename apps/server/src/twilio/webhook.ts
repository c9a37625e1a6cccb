import { hangup, say, twiml, type Verb } from '@earshot/twilio';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HttpError } from '../http-error.ts';
import type { WebhookBody } from './webhook-body.ts';

export type WebhookRequest = FastifyRequest<{
  Body: WebhookBody | undefined;
  Params: { callId?: string };
}>;

const CallSid = z.string().regex(/^\w{1,64}$/);
const CallId = z.string().regex(/^[\w-]{1,100}$/);

/** The field of a webhook; '' when it is not there. */
export function field({ body }: WebhookRequest, name: string): string {
  const value = body?.parameters[name];
  return typeof value === 'string' ? value : '';
}

/** Throws an `HttpError` without one. */
export function callSidOf(request: WebhookRequest): string {
  const parsed = CallSid.safeParse(field(request, 'CallSid'));
  if (!parsed.success) throw new HttpError('bad-request', 'CallSid is missing');
  return parsed.data;
}

/** Our id, which we have put into the URL. */
export function callIdOf({ params }: WebhookRequest): string {
  const parsed = CallId.safeParse(params.callId);
  if (!parsed.success) throw new HttpError('call-not-found', 'There is no such call');
  return parsed.data;
}

export function answerVerbs(reply: FastifyReply, ...verbs: Verb[]): FastifyReply {
  return reply.type('text/xml').send(twiml(...verbs));
}

export function sorry(): Verb[] {
  return [
    say('We are sorry, we cannot take your call right now. Please call again later.'),
    hangup(),
  ];
}
