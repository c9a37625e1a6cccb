import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';
import type { CallRecord, NumberedEvent } from './live/call-record.ts';
import { isLocal } from './loopback.ts';
import type { Services } from './services.ts';

/** A listener that does not read is let go once so much waits for it. */
const MOST_WAITING_BYTES = 1024 * 1024;

type CallRequest = FastifyRequest<{ Params: { callSid: string } }>;

/**
 * What was said in a call: for developers on this machine, and for nobody else. To anybody else the
 * routes do not exist.
 */
export const callsRoutes: FastifyPluginCallback<Services> = (app, services, done) => {
  const { environment, records } = services;
  app.addHook('onRequest', async (request) => {
    if (environment !== 'development' || !isLocal(request.raw))
      throw new HttpError('not-found', 'There is nothing here');
  });

  const find = ({ params }: CallRequest): CallRecord => {
    const record = records.get(params.callSid);
    if (!record) throw new HttpError('call-not-found', 'There is no such call');
    return record;
  };

  app.get('/calls/:callSid/transcript', async (request: CallRequest) => find(request).transcript());

  app.get('/calls/:callSid/events', async (request: CallRequest, reply) => {
    tellEvents(find(request), afterId(request), reply);
  });
  done();
};

function afterId({ headers }: FastifyRequest): number {
  const id = Number(headers['last-event-id'] ?? 0);
  return Number.isSafeInteger(id) ? id : 0;
}

/** Server-sent events: those so far, those to come, and the end of the answer with the call's. */
function tellEvents(record: CallRecord, after: number, reply: FastifyReply): void {
  const { raw } = reply;
  const tell = (event: NumberedEvent | null) => {
    if (event === null) raw.end();
    else if (raw.writableLength > MOST_WAITING_BYTES) raw.destroy();
    else raw.write(spelled(event));
  };
  if (record.full) throw new HttpError('too-many-listeners', 'Too many listen to this call');
  reply.hijack();
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  raw.flushHeaders();
  const listening = record.listen(after, tell);
  raw.on('close', () => listening[Symbol.dispose]());
}

function spelled({ id, event }: NumberedEvent): string {
  return `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
