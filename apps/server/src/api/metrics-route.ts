import { z } from 'zod';
import type { Services } from '../services.ts';
import type { ApiApp } from './api-app.ts';
import { problems } from './problem.ts';

/** Figures for Prometheus. */
export function metricsRoute(app: ApiApp, { access, metrics }: Services): void {
  const { registry } = metrics;
  const schema = {
    tags: ['health'],
    summary: 'Figures for Prometheus',
    produces: ['text/plain'],
    response: {
      200: z.string().meta({ description: 'Prometheus text' }),
      ...problems(401, 403, 429, 503),
    },
  };
  const options = { schema, onRequest: access.needs('calls:read') };
  app.get('/metrics', options, async (_, reply) =>
    reply
      .type(registry.contentType)
      .serializer((text: string) => text)
      .send(await registry.metrics()),
  );
}
