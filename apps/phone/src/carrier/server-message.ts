import { z } from 'zod';

/** What a server may send on a media stream: these fields, no fewer and no more. */
const Message = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('media'),
    streamSid: z.string(),
    media: z.strictObject({ payload: z.string() }),
  }),
  z.strictObject({
    event: z.literal('mark'),
    streamSid: z.string(),
    mark: z.strictObject({ name: z.string() }),
  }),
  z.strictObject({ event: z.literal('clear'), streamSid: z.string() }),
]);

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

type ServerMessage =
  | { readonly type: 'media'; readonly codes: Uint8Array }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' };

/** `message` is null where Twilio would ignore what came. Complaints carry Twilio's warning codes. */
export interface Reading {
  readonly message: ServerMessage | null;
  readonly complaint: { readonly code: '31950' | '31951'; readonly text: string } | null;
}

export function readServerMessage(data: Buffer, isBinary: boolean, streamSid: string): Reading {
  if (isBinary) return bad('31950', 'a binary WebSocket message; only text is understood');
  const json = parseJson(data);
  if (json === undefined) return bad('31951', 'a message that is not JSON');
  const { data: message, error } = Message.safeParse(json);
  if (!message) return bad('31951', `an invalid message: ${firstIssue(error)}`);
  if (message.streamSid !== streamSid) return bad('31951', 'a message with a wrong streamSid');
  if (message.event === 'mark') return good({ type: 'mark', name: message.mark.name });
  if (message.event === 'clear') return good({ type: 'clear' });
  return readMedia(message.media.payload);
}

function readMedia(payload: string): Reading {
  if (!BASE64.test(payload)) return bad('31950', 'a media payload that is not base64');
  const codes = Buffer.from(payload, 'base64');
  const { message } = good({ type: 'media', codes });
  if (codes.toString('latin1', 0, 4) !== 'RIFF') return { message, complaint: null };
  const text = 'a media payload that begins with a WAV header: it is heard as noise';
  return { message, complaint: { code: '31950', text } };
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.join('.');
  return path ? `${path}: ${issue?.message}` : (issue?.message ?? 'not as documented');
}

function good(message: ServerMessage): Reading {
  return { message, complaint: null };
}

function bad(code: '31950' | '31951', text: string): Reading {
  return { message: null, complaint: { code, text } };
}
