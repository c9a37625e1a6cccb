import type { FastifyPluginCallback } from 'fastify';
import type { Services } from './services.ts';

const SERVICE = 'earshot';
const VERSION = '0.1.0';

/** What load balancers and people ask first. Open to everybody. */
export const healthRoutes: FastifyPluginCallback<Services> = (app, services, done) => {
  const { readiness, environment } = services;

  app.get('/', async () => ({ service: SERVICE, version: VERSION, environment }));

  app.get('/health', async () => ({ status: 'healthy', service: SERVICE, version: VERSION }));

  app.get('/health/live', async () => ({ status: 'alive' }));

  app.get('/health/ready', async (_, reply) => {
    const { reason } = readiness;
    if (reason === null) return { status: 'ready' };
    return reply.code(503).send({ status: 'not_ready', reason, code: 'not-ready', detail: reason });
  });
  done();
};
