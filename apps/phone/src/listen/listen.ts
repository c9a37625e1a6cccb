import { z } from 'zod';
import { clockTime } from '../report/page/clock-time.ts';
import { keyHeaders, type ServerApi } from '../report/server-api.ts';
import { serverSentEvents } from './server-sent-events.ts';

/** What a server tells of a live call; unknown events and fields are passed over. */
const Event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('turn'),
    turn: z.object({
      speaker: z.enum(['caller', 'agent']),
      heard: z.string(),
      start_ms: z.number(),
      interrupted: z.boolean().default(false),
    }),
  }),
  z.object({ type: z.literal('barge-in'), stream_ms: z.number() }),
  z.object({ type: z.literal('backchannel'), stream_ms: z.number(), text: z.string() }),
  z.object({ type: z.literal('tool-called'), call: z.object({ name: z.string() }) }),
]);

/** Why there is nothing to listen to, with what to do about it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code = 'not-listening';
}

/** Writes a live call's transcript, line by line, until the call is over or `signal` aborts. */
export async function listen(
  api: ServerApi,
  callSid: string,
  write: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(`/calls/${encodeURIComponent(callSid)}/events`, api.base);
  try {
    const headers = { Accept: 'text/event-stream', ...keyHeaders(api) };
    const response = await fetch(url, { headers, signal });
    const { body } = response;
    if (!body || !isEventStream(response)) throw refusal(response, url);
    for await (const { event, data } of serverSentEvents(body)) {
      const line = lineOf(event, data);
      if (line !== null) write(line);
    }
  } catch (cause) {
    if (signal.aborted) return;
    if (cause instanceof ListenError) throw cause;
    const text = `${url.origin} cannot be reached. Is the server running? Start it with: npm start`;
    throw new ListenError(text, { cause });
  }
}

function isEventStream(response: Response): boolean {
  return response.ok && /^text\/event-stream\b/.test(response.headers.get('content-type') ?? '');
}

function refusal({ status }: Response, url: URL): ListenError {
  if (status === 401 || status === 403)
    return new ListenError(
      `The server at ${url.origin} wants a key that may read calls: EARSHOT_API_KEY=ek_… npm run phone -- listen …`,
    );
  const about =
    status === 404 ? 'knows no such live call, or tells no transcripts' : 'does not tell';
  return new ListenError(
    `The server at ${url.origin} ${about} (HTTP ${status} for ${url.pathname}).\n` +
      '`phone call` shows the transcript of its own call while it runs.',
  );
}

function lineOf(name: string, data: string): string | null {
  const { data: event } = Event.safeParse({ type: name, ...parsed(data) });
  if (!event) return null;
  switch (event.type) {
    case 'turn': {
      const { speaker, heard, start_ms, interrupted } = event.turn;
      const note = interrupted ? '  [interrupted]' : '';
      return `${at(start_ms)}  ${speaker.padEnd(7)} ${heard}${note}`;
    }
    case 'barge-in':
      return `${at(event.stream_ms)}  [the caller takes the floor]`;
    case 'backchannel':
      return `${at(event.stream_ms)}  caller  (${event.text})`;
    case 'tool-called':
      return `${''.padStart(7)}  [${event.call.name}]`;
  }
}

function parsed(data: string): object {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function at(ms: number): string {
  return clockTime(ms).padStart(7);
}
