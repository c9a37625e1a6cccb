import { type AudioFrame, decodeMulaw, encodeMulaw } from '@earshot/audio';
import type { Recognition, Recognizer } from '@earshot/conversation';
import { FRAME_CODES, type Utterable, voicedFrames } from './turn-audio.ts';
import type { KnownWords, WordsByName } from './turn-words.ts';

/** An utterance begins so many frames before its voice, to catch the beginning of the first word. */
const PADDING = 17;

/** Where a frame was taken from. */
interface Place {
  readonly name: string;
  readonly frame: number;
}

const NOTHING: Recognition = {
  text: '',
  confidence: 0,
  unclear: false,
  engineMs: 0,
  queuedMs: 0,
};

/**
 * A recognizer that costs nothing: it knows the utterances by the content of their voiced frames,
 * which telephone codes keep to the bit, and has heard them before.
 */
export class KnowingRecognizer implements Recognizer {
  readonly #places = new Map<string, Place>();
  readonly #words: WordsByName;
  readonly #frames: Readonly<Record<string, number>>;

  constructor(utterables: readonly Utterable[], words: WordsByName) {
    this.#words = words;
    this.#frames = Object.fromEntries(utterables.map(({ name, frames }) => [name, frames]));
    for (const one of utterables) {
      // Of the two codes for zero one comes back.
      const codes = encodeMulaw(decodeMulaw(one.codes));
      for (const [frame, on] of voicedFrames(one).entries())
        if (on) this.#places.set(content(codes, frame), { name: one.name, frame });
    }
  }

  recognize(utterance: AudioFrame): Promise<Recognition> {
    const codes = encodeMulaw(utterance.samples);
    const length = Math.floor(codes.length / FRAME_CODES);
    const places = Array.from({ length }, (_, at) => this.#places.get(content(codes, at)));
    const last = places.findLastIndex((place) => place !== undefined);
    const end = places[last];
    if (end === undefined) return Promise.resolve(NOTHING);
    const shift = end.frame - last;
    const first = places.findIndex((p, at) => p?.name === end.name && p.frame === at + shift);
    const text = this.#known(end.name, first + shift, length + shift);
    return Promise.resolve({ ...NOTHING, ...text, confidence: 0.9 });
  }

  /** The words of the part that is nearest. */
  #known(name: string, from: number, to: number): { text: string; unclear: boolean } {
    const words = this.#words[name] ?? [];
    const begins = words.map((part) => part.from).filter((frame) => frame <= from + PADDING);
    const begun = Math.max(0, ...begins);
    const until = Math.min(to, this.#frames[name] ?? to);
    const far = (part: KnownWords) => Math.abs(part.to - until);
    const [nearest] = words
      .filter((part) => part.from === begun)
      .toSorted((a, b) => far(a) - far(b));
    return { text: nearest?.text ?? '', unclear: nearest?.unclear ?? false };
  }
}

function content(codes: Uint8Array, frame: number): string {
  const of = codes.subarray(frame * FRAME_CODES, (frame + 1) * FRAME_CODES);
  return Buffer.from(of).toString('latin1');
}
