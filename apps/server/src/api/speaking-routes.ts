import { type Call, CallError, type PhoneLeg } from '@earshot/calls';
import { z } from 'zod';
import { HttpError } from '../http-error.ts';
import { destinationOf } from '../phone-number.ts';
import type { Services } from '../services.ts';
import type { ApiApp } from './api-app.ts';
import { numberOf } from './call-order.ts';
import { CallParams, findCall } from './find-call.ts';
import { problems } from './problem.ts';

const SayOrder = z
  .strictObject({ text: z.string().trim().min(1).max(2_000) })
  .meta({ id: 'SayOrder' });

const TransferOrder = z
  .strictObject({ phone_number: z.string().max(40).meta({ description: 'E.164' }) })
  .meta({ id: 'TransferOrder' });

const Accepted = z.object({ status: z.literal('accepted') }).meta({ id: 'Accepted' });

const TRANSFER_TIMEOUT_MS = 15_000;

const ORDER = {
  tags: ['live calls'],
  params: CallParams,
  response: { 202: Accepted, ...problems(400, 401, 403, 404, 409, 422, 429, 503) },
};

/** Has the agent say something in a live call. */
export function sayRoute(app: ApiApp, { access, store, commands }: Services): void {
  const schema = { ...ORDER, summary: 'Has the agent say something now', body: SayOrder };
  const options = { schema, onRequest: access.needs('calls:write') };
  app.post('/calls/:id/say', options, async ({ params, body }, reply) => {
    const call = await liveCall(store, params.id);
    await commands.say(call.id, body.text);
    return reply.code(202).send({ status: 'accepted' as const });
  });
}

/** Connects the other party of a live call with another number. */
export function transferRoute(app: ApiApp, services: Services): void {
  const { access, store, carrier, destinations, commands } = services;
  const summary =
    'Connects the caller with another number; back to the agent when nobody answers there';
  const schema = { ...ORDER, summary, body: TransferOrder };
  const options = { schema, onRequest: access.needs('calls:write') };
  app.post('/calls/:id/transfer', options, async (request, reply) => {
    const to = numberOf(request.body.phone_number);
    const call = await liveCall(store, request.params.id);
    destinations.take(destinationOf(to), access.principalOf(request).id);
    await commands.transferring(call.id, true);
    try {
      await carrier.transfer(legOf(call), to, AbortSignal.timeout(TRANSFER_TIMEOUT_MS));
    } catch (error) {
      await commands.transferring(call.id, false);
      throw error;
    }
    return reply.code(202).send({ status: 'accepted' as const });
  });
}

async function liveCall(store: Services['store'], id: string): Promise<Call> {
  const call = await findCall(store, id);
  if (call.phase === 'ended') throw new CallError('call-over', 'The call is over');
  if (call.phase !== 'answered')
    throw new CallError('call-not-answered', 'Nobody has answered this call yet');
  return call;
}

function legOf({ id, carrierCallId }: Call): PhoneLeg {
  if (carrierCallId === null)
    throw new HttpError('call-not-answered', 'The carrier has no such call');
  return { callId: id, carrierCallId };
}
