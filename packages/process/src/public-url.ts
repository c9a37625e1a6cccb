import { z } from 'zod';
import { baseUrl } from './fields.ts';

/** The variables that say how Twilio and callers' browsers reach the server. */
export const PUBLIC_URL_VARIABLES = {
  BASE_URL: baseUrl.optional(),
  TWILIO_WEBHOOK_BASE_URL: baseUrl.optional(),
  VOICE_SERVER_WS_URL: z
    .url({ protocol: /^wss?$/, error: 'must be a wss:// URL' })
    .refine((url) => !/[?#]/.test(url), 'must have no query: Twilio drops it')
    .optional(),
};

type PublicUrlVariables = z.infer<z.ZodObject<typeof PUBLIC_URL_VARIABLES>>;

/** Ends without a slash. Null: none is set. */
export function publicUrlOf({
  BASE_URL,
  TWILIO_WEBHOOK_BASE_URL,
}: PublicUrlVariables): string | null {
  return BASE_URL ?? TWILIO_WEBHOOK_BASE_URL ?? null;
}

/** What must not be outside development: that others on the way can listen. */
export function publicUrlContradictions(env: PublicUrlVariables): string[] {
  const publicUrl = publicUrlOf(env);
  const name = env.BASE_URL ? 'BASE_URL' : 'TWILIO_WEBHOOK_BASE_URL';
  const mediaUrl = env.VOICE_SERVER_WS_URL;
  return [
    ...(publicUrl && !isSecure(publicUrl) ? [`${name}: must be https://`] : []),
    ...(mediaUrl && !isSecure(mediaUrl) ? ['VOICE_SERVER_WS_URL: must be wss://'] : []),
  ];
}

/** What does not leave this machine needs no TLS. */
function isSecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || protocol === 'wss:') return true;
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
