import { z } from 'zod';
import { keyHeaders, type ServerApi } from './server-api.ts';

const turn = z
  .object({
    speaker: z.enum(['caller', 'agent']),
    said: z.string(),
    text: z.string(),
    start_ms: z.number(),
    end_ms: z.number(),
    interrupted: z.boolean(),
  })
  .transform(({ text, start_ms, end_ms, ...rest }) => ({
    ...rest,
    heard: text,
    startMs: start_ms,
    endMs: end_ms,
  }));

const message = z.looseObject({ name: z.string().nullish(), number: z.string().nullish() });

const schema = z.object({
  turns: z.array(turn),
  messages: z.array(message).default([]),
  tools: z.array(z.unknown()).default([]),
});

/** What the server understood, meant to say and did. Times are on the clock of its stream. */
export type ServerTranscript = z.infer<typeof schema>;
export type ServerTurn = z.infer<typeof turn>;
export type TakenMessage = z.infer<typeof message>;

const PATIENCE_MS = 3_000;

/**
 * Asks the server what it understood of a call. Null when it does not tell: the ear's
 * report stands without it.
 */
export async function fetchTranscript(
  api: ServerApi,
  callSid: string,
  signal: AbortSignal,
): Promise<ServerTranscript | null> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const response = await fetch(new URL(`/calls/${callSid}/transcript`, api.base), {
      headers: keyHeaders(api),
      signal: patience,
    });
    if (!response.ok) return null;
    return schema.safeParse(await response.json()).data ?? null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
