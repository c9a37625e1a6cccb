import type { FastifyPluginCallback } from 'fastify';
import type { Services } from '../services.ts';
import { instructionRoutes } from './instruction-routes.ts';
import { reportRoutes } from './report-routes.ts';
import type { WebhookRequest } from './webhook.ts';
import { readWebhookBodies } from './webhook-body.ts';

/** Twilio's webhooks. All are signed. */
export const twilioRoutes: FastifyPluginCallback<Services> = (app, services, done) => {
  const { signatures } = services;
  readWebhookBodies(app);
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, hide: true };
  });
  // Strangers are turned away before their body is read.
  app.addHook('onRequest', async ({ raw }) => {
    signatures.present(raw);
  });
  app.addHook('preHandler', async (request: WebhookRequest) => {
    signatures.webhook(request.raw, request.body);
  });
  instructionRoutes(app, services);
  reportRoutes(app, services);
  done();
};
