import { isoTime } from '@earshot/calls';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { HttpError } from '../http-error.ts';
import type { Services } from '../services.ts';
import type { ApiApp } from './api-app.ts';
import type { FollowedEvent } from './call-history.ts';
import { CallParams, findCall } from './find-call.ts';
import { followCall } from './follow-call.ts';
import { problems } from './problem.ts';
import { snakeCase } from './snake-case.ts';
import { writeAll } from './write-all.ts';

/** Who watches at once. Each costs a question to the record every now and then. */
const MOST_WATCHERS = 500;
/** Whoever does not read for so long is let go, and may come back with Last-Event-ID. */
const SLOW_MS = 10_000;
/** Proxies close what is silent. */
const KEEP_ALIVE_MS = 15_000;

const EventHeaders = z.object({ 'last-event-id': z.string().max(20).optional() });

/** Server-sent events of one call (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function eventsRoute(app: ApiApp, services: Services): void {
  const { access, store, log } = services;
  let watchers = 0;
  const schema = {
    tags: ['calls'],
    summary: 'Tells what happens in a call, as server-sent events, until its end',
    description: 'Goes on after the event named by Last-Event-ID.',
    params: CallParams,
    headers: EventHeaders,
    produces: ['text/event-stream'],
    response: {
      200: z.string().meta({ description: 'text/event-stream' }),
      ...problems(401, 403, 404, 422, 429, 503),
    },
  };
  const onRequest = access.needs('calls:read');
  const options = { schema, onRequest, exposeHeadRoute: false };
  app.get('/calls/:id/events', options, async ({ params, headers }, reply) => {
    const { id } = await findCall(store, params.id);
    if (watchers >= MOST_WATCHERS)
      throw new HttpError('too-many-listeners', 'Too many listen at once');
    watchers += 1;
    reply.hijack();
    try {
      await tellEvents(services, id, serialOf(headers['last-event-id']), reply);
    } catch (err) {
      log.warn({ err, callId: id }, 'events of a call broke off');
      reply.raw.destroy();
    } finally {
      watchers -= 1;
    }
  });
}

async function tellEvents(
  services: Services,
  callId: string,
  after: number,
  reply: FastifyReply,
): Promise<void> {
  const { raw } = reply;
  const gone = new AbortController();
  raw.once('close', () => gone.abort()).on('error', () => gone.abort());
  // Those for pages of other origins.
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();
  const until = AbortSignal.any([gone.signal, services.stopping]);
  const alive = setInterval(() => raw.write(':\n\n'), KEEP_ALIVE_MS);
  try {
    await writeAll(raw, texts(followCall(services, callId, after, until)), {
      slowMs: SLOW_MS,
      signal: gone.signal,
    });
  } finally {
    clearInterval(alive);
    if (!gone.signal.aborted) raw.end();
  }
}

async function* texts(events: AsyncIterable<FollowedEvent>): AsyncGenerator<string> {
  for await (const event of events) yield spelled(event);
}

function spelled({ serial, type, atMs, data }: FollowedEvent): string {
  const id = serial === null ? '' : `id: ${serial}\n`;
  const told = JSON.stringify({ type, at: isoTime(atMs), ...snakeCase(data) });
  return `${id}event: ${type}\ndata: ${told}\n\n`;
}

function serialOf(lastEventId = ''): number {
  const id = Number(lastEventId);
  return Number.isSafeInteger(id) && id > 0 ? id : 0;
}
