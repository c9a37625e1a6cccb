import { callJson } from '@earshot/calls';
import { z } from 'zod';
import type { Services } from '../services.ts';
import type { ApiApp } from './api-app.ts';
import { CallOrder } from './call-order.ts';
import { CallPageView, CallStarted, CallWithTranscriptCount, startedView } from './call-view.ts';
import { CallParams, findCall } from './find-call.ts';
import { ListQuery, pageOf } from './list-query.ts';
import { placeCall } from './place-call.ts';
import { problems } from './problem.ts';

const OrderHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible characters')
    .optional(),
});

const tags = ['calls'];

/** Places a call. */
export function orderRoute(app: ApiApp, services: Services): void {
  const { access } = services;
  const schema = {
    tags,
    summary: 'Places a call',
    headers: OrderHeaders,
    body: CallOrder,
    response: { 201: CallStarted, ...problems(400, 401, 403, 409, 422, 429, 503) },
  };
  const options = { schema, onRequest: access.needs('calls:write') };
  app.post('/calls', options, async (request, reply) => {
    const { plan, call } = await placeCall(services, {
      order: request.body,
      principal: access.principalOf(request),
      idempotencyKey: request.headers['idempotency-key'] ?? null,
    });
    return reply.code(201).header('location', `/calls/${plan.id}`).send(startedView(plan, call));
  });
}

/** Lists calls. */
export function listRoute(app: ApiApp, { access, store }: Services): void {
  const schema = {
    tags,
    summary: 'Lists calls, newest first',
    querystring: ListQuery,
    response: { 200: CallPageView, ...problems(401, 403, 422, 429, 503) },
  };
  app.get('/calls', { schema, onRequest: access.needs('calls:read') }, async ({ query }) => {
    const page = await pageOf(store, query);
    return { calls: page.calls.map(callJson), next_cursor: page.nextCursor };
  });
}

/** Tells of one call. */
export function callRoute(app: ApiApp, { access, store }: Services): void {
  const schema = {
    tags,
    summary: 'Tells how a call stands',
    params: CallParams,
    response: { 200: CallWithTranscriptCount, ...problems(401, 403, 404, 422, 429, 503) },
  };
  app.get('/calls/:id', { schema, onRequest: access.needs('calls:read') }, async ({ params }) => {
    const call = await findCall(store, params.id);
    const turns = await store.turns(call.id);
    return { ...callJson(call), transcript_count: turns.length };
  });
}
