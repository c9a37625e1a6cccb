import type { FastifyPluginCallback, FastifyReply } from 'fastify';
import type { Services } from './services.ts';
import { SERVICE, VERSION } from './version.ts';

/** What load balancers and people ask first. Open to everybody. */
export const healthRoutes: FastifyPluginCallback<Services> = (app, services, done) => {
  const { readiness } = services;
  const about = (summary: string) => ({ schema: { tags: ['health'], summary, security: [] } });

  app.get('/', about('Who this is'), async () => ({
    service: SERVICE,
    version: VERSION,
  }));

  app.get('/health', about('Whether it works'), async () => ({
    status: 'healthy',
    service: SERVICE,
    version: VERSION,
  }));

  app.get('/health/live', about('Whether the process lives'), async () => ({ status: 'alive' }));

  app.get('/health/ready', about('Whether calls are taken'), async (_, reply: FastifyReply) => {
    const { reason } = readiness;
    if (reason === null) return { status: 'ready' };
    return reply.code(503).send({ status: 'not_ready', reason, code: 'not-ready', detail: reason });
  });
  done();
};
