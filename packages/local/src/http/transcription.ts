import { z } from 'zod';
import type { Loudness } from '../sherpa/loudness.ts';
import { believe, type Verdict } from '../sherpa/whisper-guards.ts';

const Segment = z.object({
  text: z.string(),
  avg_logprob: z.number().nullish(),
  no_speech_prob: z.number().nullish(),
  compression_ratio: z.number().nullish(),
});
type Segment = z.infer<typeof Segment>;

/** `json` and `verbose_json` of OpenAI's API; whisper.cpp leaves the compression ratio out. */
const Transcription = z.object({ text: z.string(), segments: z.array(Segment).nullish() });
export type Transcription = z.infer<typeof Transcription>;

export function parseTranscription(json: unknown): Transcription | null {
  return Transcription.safeParse(json).data ?? null;
}

/** Whisper's own limits (faster-whisper and OpenAI use the same). */
const NO_SPEECH = 0.6;
const IMPROBABLE = -1;
const REPETITIVE = 2.4;

/** What may be believed: by the model's own probabilities, and by what the audio can have held. */
export function judge(
  { text, segments }: Transcription,
  loudness: Loudness,
  audioMs: number,
): Verdict {
  if (!segments || segments.length === 0) return believe(text, loudness, audioMs);
  const spoken = segments.filter((segment) => !isSilence(segment));
  const clear = spoken.filter(isClear);
  const words = clear.map((segment) => segment.text.trim()).join(' ');
  const verdict = believe(words, loudness, audioMs);
  if (verdict.text === '')
    return { ...verdict, unclear: verdict.unclear || clear.length < spoken.length };
  return { ...verdict, confidence: Math.min(verdict.confidence, probability(clear)) };
}

function isSilence({ no_speech_prob, avg_logprob }: Segment): boolean {
  return (no_speech_prob ?? 0) > NO_SPEECH && (avg_logprob ?? 0) < IMPROBABLE;
}

function isClear({ avg_logprob, compression_ratio }: Segment): boolean {
  return (avg_logprob ?? 0) >= IMPROBABLE && (compression_ratio ?? 0) <= REPETITIVE;
}

/** Of a token, on average, weighted by the length of the segments; 1 where none is told. */
function probability(segments: readonly Segment[]): number {
  const chars = segments.reduce((sum, { text }) => sum + text.length, 0);
  const sum = segments.reduce(
    (all, { text, avg_logprob }) => all + text.length * (avg_logprob ?? 0),
    0,
  );
  return Math.min(1, Math.exp(sum / Math.max(1, chars)));
}
