import type { FastifyInstance } from 'fastify';

/** Answers that are under way may take so long; then whoever still holds a connection is cut off. */
const LAST_ANSWERS_MS = 1_000;

/**
 * Aborts when the app begins to close. From then on no connection is kept for a next request: of those
 * that are kept each would hold the closing for as long as it may be idle.
 */
export function stoppingOf(app: FastifyInstance): AbortSignal {
  const stopping = new AbortController();
  const { signal } = stopping;
  app.addHook('onSend', async (_, reply) => {
    if (signal.aborted) reply.header('connection', 'close');
  });
  app.addHook('preClose', async () => {
    const cutOff = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MS);
    app.server.once('close', () => clearTimeout(cutOff));
    stopping.abort();
  });
  return signal;
}
