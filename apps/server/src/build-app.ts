import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { callsRoutes } from './calls-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { answerError, HttpError } from './http-error.ts';
import { MediaSocket } from './live/unrecorded-socket.ts';
import type { Services } from './services.ts';
import { twilioRoutes } from './twilio-routes.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
/** A whole request arrives within this time, or not at all. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Node looks for late requests this often; its own 30 s would let them stay four times as long. */
const LATE_REQUESTS_MS = 1_000;

/** The HTTP side of the server: webhooks, health, and the media socket on the same port. */
export async function buildApp(services: Services): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = services.log;
  const app = Fastify({
    loggerInstance,
    // Fastify's own lines hold URLs and addresses.
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: answerError,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: LATE_REQUESTS_MS },
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(() => {
    throw new HttpError('not-found', 'There is nothing here');
  });
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    const ms = Math.round(elapsedTime);
    services.log.debug({ method, route: routeOptions.url, status: statusCode, ms }, 'answered');
  });
  await app.register(healthRoutes, services);
  await app.register(twilioRoutes, services);
  await app.register(callsRoutes, services);
  const media = new MediaSocket(app.server, services);
  app.addHook('preClose', async () => {
    media[Symbol.dispose]();
    services.records.close();
  });
  return app;
}
