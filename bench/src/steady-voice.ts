import type { AudioFrame } from '@earshot/audio';
import type { Speech, Synthesizer } from '@earshot/conversation';

const SAMPLE_RATE = 8000;
const LETTER_MS = 20;

/** Speaks at once, every letter for 20 ms. */
export const steadyVoice: Synthesizer = {
  voice: 'steady',
  async *synthesize(text) {
    for (const _ of text) yield LETTER;
  },
};

/** The same text in one piece, as an agent gives it to the line. */
export async function* steadySpeech(text: string): AsyncGenerator<Speech> {
  let words = text;
  for (const _ of text) {
    yield { frame: LETTER, text: words };
    words = '';
  }
}

const LETTER: AudioFrame = {
  samples: new Int16Array((SAMPLE_RATE * LETTER_MS) / 1000).fill(4000),
  sampleRate: SAMPLE_RATE,
};
