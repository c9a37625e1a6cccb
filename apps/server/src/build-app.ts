import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { apiRoutes } from './api/api-routes.ts';
import { describeApi, serveDescription } from './api/documentation.ts';
import { answerClientError } from './client-error.ts';
import type { OpenedServices } from './compose/open-services.ts';
import { healthRoutes } from './health-routes.ts';
import { answerError, HttpError } from './http-error.ts';
import { MediaSocket } from './live/media-socket.ts';
import type { Services } from './services.ts';
import { stoppingOf } from './stopping.ts';
import { twilioRoutes } from './twilio/twilio-routes.ts';
import { VERSION } from './version.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
/** A whole request arrives within this time, or not at all. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Node looks for late requests this often; its own 30 s would let them stay four times as long. */
const LATE_REQUESTS_MS = 1_000;

/** The HTTP side of the server: the API, webhooks, health, and the media socket on the same port. */
export async function buildApp(opened: OpenedServices): Promise<FastifyInstance> {
  const app = openApp(opened);
  const services = { ...opened, stopping: stoppingOf(app) };
  await protect(app, services);
  await describeApi(app, VERSION);
  await app.register(healthRoutes, services);
  await app.register(twilioRoutes, services);
  await app.register(apiRoutes, services);
  await serveDescription(app);
  const media = new MediaSocket(app.server, { ...services, calls: attending(services) });
  app.addHook('preClose', async () => media[Symbol.dispose]());
  return app;
}

function openApp({ log, metrics, config }: OpenedServices): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    // Fastify's own lines hold URLs and addresses.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: [...config.api.trustedProxies],
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: LATE_REQUESTS_MS },
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(() => {
    throw new HttpError('not-found', 'There is nothing here');
  });
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    const route = routeOptions.url ?? 'none';
    metrics.request(method, route, statusCode, elapsedTime);
    log.debug({ method, route, status: statusCode, ms: Math.round(elapsedTime) }, 'answered');
  });
  return app;
}

/** A stream tells which call at the carrier is ours, too: the answer to a dial may have been lost. */
function attending({ calls, callSids, reports }: Services): Pick<Services['calls'], 'take'> {
  return {
    take: async (line, plan) => {
      const { callSid } = line.start;
      callSids.learn(callSid, plan.id);
      const news = { carrierCallId: callSid, status: 'in-progress', sequence: null } as const;
      reports.tell(plan.id, { type: 'carrier', ...news, atMs: Date.now() });
      await calls.take(line, plan);
    },
  };
}

/** What browsers may do with our answers: of other origins as configured, and nothing beyond. */
async function protect(app: FastifyInstance, { config }: Services): Promise<void> {
  const { corsOrigins } = config.api;
  const directives = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives } });
  if (corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['Location', 'Retry-After', 'Content-Range', 'Content-Disposition'],
    maxAge: 600,
  });
}
