import { callJson } from '@earshot/calls';
import { z } from 'zod';
import type { Services } from '../services.ts';
import type { ApiApp } from './api-app.ts';
import { awaitEnd } from './await-end.ts';
import { CallResult, metricsView } from './call-view.ts';
import { endCall } from './end-call.ts';
import { CallParams, findCall } from './find-call.ts';
import { problems } from './problem.ts';

const ResultQuery = z.strictObject({
  wait: z.coerce.number().min(0).max(60).default(30).meta({ description: 'Seconds' }),
});

const tags = ['calls'];

/** Ends a call. */
export function terminateRoute(app: ApiApp, services: Services): void {
  const { access, store } = services;
  const schema = {
    tags,
    summary: 'Ends a call at once, ringing or live',
    params: CallParams,
    response: {
      204: z.null().meta({ description: 'It ends, or had ended' }),
      ...problems(401, 403, 404, 422, 429, 503),
    },
  };
  const options = { schema, onRequest: access.needs('calls:write') };
  app.post('/calls/:id/terminate', options, async ({ params }, reply) => {
    await endCall(services, await findCall(store, params.id));
    return reply.code(204).send(null);
  });
}

/** Waits for a call's end. */
export function resultRoute(app: ApiApp, services: Services): void {
  const { access, store } = services;
  const schema = {
    tags,
    summary: 'Waits for the end of a call; 202 when it still goes on',
    params: CallParams,
    querystring: ResultQuery,
    response: { 200: CallResult, 202: CallResult, ...problems(401, 403, 404, 422, 429, 503) },
  };
  const options = { schema, onRequest: access.needs('calls:read') };
  app.get('/calls/:id/result', options, async ({ params, query, raw }, reply) => {
    const { id } = await findCall(store, params.id);
    const call = await awaitEnd(services, id, query.wait * 1_000, raw);
    const [turns, metrics] = await Promise.all([store.turns(id), store.metrics(id)]);
    return reply.code(call.phase === 'ended' ? 200 : 202).send({
      ...callJson(call),
      total_transcript_segments: turns.length,
      metrics: metricsView(metrics),
    });
  });
}
