import type { Recognition } from '@earshot/conversation';
import type { Loudness } from './loudness.ts';

/** What may be believed of a transcription. */
export interface Verdict {
  readonly text: string;
  readonly confidence: number;
  readonly unclear: boolean;
}

const SILENT_DBFS = -55;
const QUIET_DBFS = -45;
const SHORTEST_VOICED_MS = 60;
const SHORT_VOICED_MS = 240;

/** Digits and words that fit into any breath, and what a fast speaker adds each second. */
const WORDS_AT_ONCE = 3;
const WORDS_PER_SECOND = 7;

const TRUSTED = 0.9;
const DOUBTED = 0.5;

const NOTHING: Verdict = { text: '', confidence: 0, unclear: false };
const UNCLEAR: Verdict = { text: '', confidence: 0, unclear: true };

/** What Whisper writes for sounds: `[ Silence ]`, `(wind howling)`, `*coughs*`, `♪ music ♪`. */
const SOUNDS = /\[[^\]]*(\]|$)|\([^)]*(\)|$)|\*[^*]*(\*|$)|♪[^♪]*(♪|$)/g;

/** A sound that was somebody speaking. */
const SPEECH_SOUND = /inaudible|unintelligible|indistinct|foreign|speak|talk|mumbl|whisper|murmur/i;

/** From the subtitles it was trained on; nobody says it to a receptionist. */
const SUBTITLES =
  /^(thanks|thank you)( so much| very much)? for (watching|viewing|listening)|(like and|please|to) subscribe|^subscribe\b|subtitles? by|captions? by|transcri(bed|ption|pts?) by|see you (guys )?(in the )?next (video|time)|amara\.org|copyright|all rights reserved/;

/** What it makes of breath and clicks, and callers say too: believed only of clear speech. */
const FILLERS = new Set([
  'thank you',
  'thanks',
  'thank you very much',
  'thank you so much',
  'you',
  'bye',
  'bye bye',
  'goodbye',
  'so',
  'oh',
  'the',
  'i',
  'im sorry',
  'hmm',
  'the end',
]);

/** Of audio that is not worth hearing. */
export const NOTHING_HEARD: Recognition = { ...NOTHING, engineMs: 0, queuedMs: 0 };

/** False for what no words can be in: silence, a click. Such audio is not worth the engine's time. */
export function worthHearing({ loudestDbfs, voicedMs }: Loudness): boolean {
  return loudestDbfs > SILENT_DBFS && voicedMs >= SHORTEST_VOICED_MS;
}

/** Whisper always writes something; this keeps what the audio can have held. */
export function believe(written: string, loudness: Loudness, audioMs: number): Verdict {
  const spoken = withoutSounds(written);
  if (countWords(spoken) === 0) return SPEECH_SOUND.test(written) ? UNCLEAR : NOTHING;
  const text = withoutLoops(spoken);
  const plain = plainWords(text).join(' ');
  const audible = loudness.voicedMs >= SHORT_VOICED_MS && loudness.loudestDbfs > QUIET_DBFS;
  if (SUBTITLES.test(plain) || (FILLERS.has(plain) && !audible)) return audible ? UNCLEAR : NOTHING;
  if (countWords(text) > WORDS_AT_ONCE + (WORDS_PER_SECOND * audioMs) / 1000) return UNCLEAR;
  return { text, confidence: text === spoken ? TRUSTED : DOUBTED, unclear: false };
}

export function withoutSounds(text: string): string {
  return text.replace(SOUNDS, ' ').replace(/\s+/g, ' ').trim();
}

/**
 * Whisper may repeat itself until its window is full. Four times the same word, or three times the
 * same phrase, are still speech ("no, no, no, no"); more is said once.
 */
export function withoutLoops(text: string): string {
  const words = text.replace(/([^\d\s]{1,6}?)\1{6,}/gu, '$1').split(' ');
  const plain = words.map((word) => plainWords(word).join(''));
  const kept: string[] = [];
  for (let at = 0; at < words.length; ) {
    const loop = longestLoop(plain, at);
    kept.push(...words.slice(at, at + (loop?.phrase ?? 1)));
    at += loop ? loop.phrase * loop.times : 1;
  }
  return kept.join(' ');
}

const LONGEST_PHRASE = 12;

/** The phrase that begins here and repeats too often. */
function longestLoop(words: string[], at: number): { phrase: number; times: number } | null {
  for (let phrase = 1; phrase <= LONGEST_PHRASE; phrase++) {
    const times = repetitions(words, at, phrase);
    if (times > (phrase === 1 ? 4 : 3)) return { phrase, times };
  }
  return null;
}

function repetitions(words: string[], at: number, phrase: number): number {
  let length = phrase;
  while (at + length < words.length && words[at + length] === words[at + length - phrase])
    length += 1;
  return Math.floor(length / phrase);
}

/** Each digit counts: "555-0142" is seven words to say. */
function countWords(text: string): number {
  return plainWords(text).reduce((sum, word) => sum + (/^\d+$/.test(word) ? word.length : 1), 0);
}

function plainWords(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replace(/['’]/g, '')
      .match(/\d+|\p{L}+(\.\p{L}+)*/gu) ?? []
  );
}
