import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Services } from '../services.ts';
import type { ApiApp } from './api-app.ts';
import { callRoute, listRoute, orderRoute } from './calls-routes.ts';
import { resultRoute, terminateRoute } from './ending-routes.ts';
import { eventsRoute } from './events-route.ts';
import { metricsRoute } from './metrics-route.ts';
import { recordingRoute } from './recording-route.ts';
import { requestCheck } from './request-check.ts';
import { sayRoute, transferRoute } from './speaking-routes.ts';
import { transcriptRoute } from './transcript-route.ts';

/** A system prompt of the greatest length, in any script. */
const BODY_LIMIT_BYTES = 256 * 1024;

const ROUTES: readonly ((app: ApiApp, services: Services) => void)[] = [
  orderRoute,
  listRoute,
  callRoute,
  terminateRoute,
  resultRoute,
  transcriptRoute,
  recordingRoute,
  eventsRoute,
  sayRoute,
  transferRoute,
  metricsRoute,
];

/** No body at all is none, also where a client calls it JSON. */
function readJson(app: ApiApp): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (request, body, parsed) => {
      if (body === '') parsed(null, undefined);
      else void parse(request, body, parsed);
    },
  );
}

/** What users ask for, each with a key. */
export const apiRoutes: FastifyPluginCallbackZod<Services> = (app, services, done) => {
  app.setValidatorCompiler(requestCheck);
  app.setSerializerCompiler(serializerCompiler);
  readJson(app);
  for (const route of ROUTES) route(app, services);
  done();
};
