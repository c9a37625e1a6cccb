import type { AudioFrame } from '@earshot/audio';
import type { Synthesizer } from '@earshot/conversation';
import { EngineHost, type EngineStats } from '../host/engine-host.ts';
import type { FliteVoice } from './flite.ts';
import type { FliteEngine } from './flite-process.ts';

export interface FliteOptions {
  /** rms and awb are men, slt is a woman, kal (8 kHz) and kal16 a robot. Default rms. */
  readonly voice?: FliteVoice;
}

/**
 * CMU Flite in a child process: a voice that needs no model files. Speech is at −20 dBFS and 16 kHz
 * (kal: 8 kHz), in frames of up to 100 ms, a sentence at a time; a sentence of 4 s takes about 80 ms.
 * Text is only ever spoken, whatever it looks like.
 */
export class FliteSynthesizer implements Synthesizer, AsyncDisposable {
  readonly voice: string;
  readonly #host: EngineHost<FliteEngine>;
  readonly #voice: FliteVoice;

  private constructor(host: EngineHost<FliteEngine>, voice: FliteVoice) {
    this.#host = host;
    this.#voice = voice;
    this.voice = `flite ${voice}`;
  }

  static async open(
    { voice = 'rms' }: FliteOptions,
    signal: AbortSignal,
  ): Promise<FliteSynthesizer> {
    const module = new URL('./flite-process.ts', import.meta.url);
    return new FliteSynthesizer(await EngineHost.open({ name: 'Flite', module }, signal), voice);
  }

  get stats(): EngineStats {
    return this.#host.stats;
  }

  /** The same engine with a place of its own in the queue. */
  forCall(callId: string): Synthesizer {
    return {
      voice: this.voice,
      synthesize: (text, signal) => this.#synthesize(text, callId, signal),
    };
  }

  synthesize(text: string, signal: AbortSignal): AsyncIterable<AudioFrame> {
    return this.#synthesize(text, '', signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#host[Symbol.asyncDispose]();
  }

  async *#synthesize(text: string, lane: string, signal: AbortSignal): AsyncGenerator<AudioFrame> {
    const request = { text, voice: this.#voice };
    yield* this.#host.stream('synthesize', request, { lane }, signal);
  }
}
