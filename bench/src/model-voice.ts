import { type AudioFrame, Resampler } from '@earshot/audio';
import type { Agent, AgentEvent, Speech, VoiceStream } from '@earshot/conversation';

const MODEL_RATE = 16_000;
export const VOICE_RATE = 24_000;
/** Voice before the first answer: fills what the 24 → 8 kHz filter holds back, in whole codes. */
const LEAD_MS = 1.25;
/** One reply for the whole call. */
const REPLY_ID = 1;
const VOICE_SECONDS = 10;

/**
 * Stands for a speech-to-speech model that costs nothing: it takes the caller's audio as such a model
 * takes it (16 kHz, base64) and answers each frame with one of the same length of a steady voice.
 */
export class ModelVoice implements Agent {
  /** Base64 characters that a model would have been sent. */
  sentCharacters = 0;
  readonly #upsampler = new Resampler(8000, MODEL_RATE);
  readonly #speech: Speech[] = [];
  #voiceAt = 0;
  #wake: () => void = () => {};

  readonly #detector: VoiceStream | null;

  /** With a detector, each frame is judged as well. */
  constructor(detector: VoiceStream | null) {
    this.#detector = detector;
    this.#answer(LEAD_MS);
  }

  hear(frame: AudioFrame): void {
    const { samples, sampleRate } = frame;
    void this.#detector?.hear(frame);
    const { buffer, byteOffset, byteLength } = this.#upsampler.process(samples);
    this.sentCharacters += Buffer.from(buffer, byteOffset, byteLength).toString('base64').length;
    this.#answer((samples.length * 1000) / sampleRate);
    this.#wake();
  }

  press(): void {}

  heard(): void {}

  async *events(signal: AbortSignal): AsyncGenerator<AgentEvent> {
    yield { type: 'reply', id: REPLY_ID, speech: this.#voice(signal) };
    await aborted(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#detector?.[Symbol.dispose]();
    this.#wake();
  }

  #answer(ms: number): void {
    const length = Math.round((ms * VOICE_RATE) / 1000);
    if (this.#voiceAt + length > VOICE.length) this.#voiceAt = 0;
    const samples = VOICE.subarray(this.#voiceAt, this.#voiceAt + length);
    this.#voiceAt += length;
    this.#speech.push({ frame: { samples, sampleRate: VOICE_RATE }, text: '' });
  }

  async *#voice(signal: AbortSignal): AsyncGenerator<Speech> {
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!signal.aborted) {
      const speech = this.#speech.shift();
      if (speech) yield speech;
      else await this.#more();
    }
  }

  #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }
}

/** A buzz of a speaking voice's pitch: nothing in it is special, and it is never silent. */
export const VOICE = Int16Array.from({ length: VOICE_RATE * VOICE_SECONDS }, (_, i) => {
  const turn = (2 * Math.PI * 130 * i) / VOICE_RATE;
  return [1, 2, 3, 5, 8, 13].reduce((sum, k) => sum + (9000 / k) * Math.sin(k * turn), 0);
});

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
