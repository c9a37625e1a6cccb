import { z } from 'zod';
import { decodeBase64, type Media, readMediaFast } from './media-fast-path.ts';

/** A media message is 400 bytes and a start message at most a few kB; more is not for us. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** Twilio writes its numbers as strings. */
const Count = z
  .union([z.string().regex(/^\d{1,15}$/), z.number()])
  .transform(Number)
  .pipe(z.int().nonnegative());

/** Letters and digits, so that it goes into our own messages as it is. */
const Sid = z.string().regex(/^\w{1,64}$/);

const Start = z.object({
  event: z.literal('start'),
  start: z.object({
    streamSid: Sid,
    callSid: Sid,
    accountSid: Sid,
    mediaFormat: z.object({
      encoding: z.string(),
      sampleRate: z.number(),
      channels: z.number(),
    }),
    customParameters: z.record(z.string(), z.string()).default({}),
  }),
});

const Incoming = z.discriminatedUnion('event', [
  z.object({ event: z.literal('connected') }),
  Start,
  z.object({
    event: z.literal('media'),
    streamSid: z.string(),
    media: z.object({ track: z.string(), chunk: Count, timestamp: Count, payload: z.string() }),
  }),
  z.object({
    event: z.literal('mark'),
    streamSid: z.string(),
    mark: z.object({ name: z.string() }),
  }),
  z.object({
    event: z.literal('dtmf'),
    streamSid: z.string(),
    dtmf: z.object({ digit: z.string().regex(/^[0-9*#A-Da-d]$/) }),
  }),
  z.object({ event: z.literal('stop'), streamSid: z.string() }),
]);

const KNOWN_EVENTS = new Set(['connected', 'start', 'media', 'mark', 'dtmf', 'stop']);

const Named = z.object({ event: z.string() });

/** What is wrong with a message. Never holds anything of its content. */
export type MessageFault =
  | 'binary'
  | 'too-large'
  | 'not-json'
  | 'unknown-event'
  | 'bad-fields'
  | 'bad-payload';

export type MediaMessage =
  | Exclude<z.infer<typeof Incoming>, { event: 'media' }>
  | Media
  | { readonly event: 'rejected'; readonly fault: MessageFault };

/** Reads one message of Twilio's Media Streams. Never throws: what cannot be read is `rejected`. */
export function parseMediaMessage(data: Buffer, isBinary: boolean): MediaMessage {
  if (isBinary) return rejected('binary');
  if (data.length > MAX_MESSAGE_BYTES) return rejected('too-large');
  return readMediaFast(data) ?? readMarkFast(data) ?? parseWhole(data);
}

/** A returned mark in exactly the documented shape; one comes back for each message we send. */
const MARK =
  /^\{"event":"mark",(?:"sequenceNumber":"\d{1,15}",)?"streamSid":"(\w{1,64})","mark":\{"name":"([\w-]{1,64})"\}\}$/;
const LONGEST_MARK_BYTES = 256;

function readMarkFast(data: Buffer): MediaMessage | null {
  if (data.length > LONGEST_MARK_BYTES) return null;
  const [, streamSid, name] = MARK.exec(data.toString('latin1')) ?? [];
  if (streamSid === undefined || name === undefined) return null;
  return { event: 'mark', streamSid, mark: { name } };
}

function parseWhole(data: Buffer): MediaMessage {
  let json: unknown;
  try {
    json = JSON.parse(data.toString('utf8'));
  } catch {
    return rejected('not-json');
  }
  const parsed = Incoming.safeParse(json);
  if (!parsed.success) {
    const named = Named.safeParse(json);
    const known = named.success && KNOWN_EVENTS.has(named.data.event);
    return rejected(known ? 'bad-fields' : 'unknown-event');
  }
  return parsed.data.event === 'media' ? media(parsed.data) : parsed.data;
}

function media(message: Extract<z.infer<typeof Incoming>, { event: 'media' }>): MediaMessage {
  const { track, chunk, timestamp: timestampMs, payload } = message.media;
  const codes = decodeBase64(payload);
  if (codes === null) return rejected('bad-payload');
  return { event: 'media', streamSid: message.streamSid, track, chunk, timestampMs, codes };
}

function rejected(fault: MessageFault): MediaMessage {
  return { event: 'rejected', fault };
}

/**
 * The three messages Twilio understands. Each holds exactly the documented fields, since one more
 * is warning 31951. Stream SIDs and mark names are plain ASCII that needs no escaping.
 */
export function mediaMessage(streamSid: string, codes: Uint8Array): string {
  const payload = Buffer.from(codes.buffer, codes.byteOffset, codes.length).toString('base64');
  return `{"event":"media","streamSid":"${streamSid}","media":{"payload":"${payload}"}}`;
}

export function markMessage(streamSid: string, name: string): string {
  return `{"event":"mark","streamSid":"${streamSid}","mark":{"name":"${name}"}}`;
}

export function clearMessage(streamSid: string): string {
  return `{"event":"clear","streamSid":"${streamSid}"}`;
}
