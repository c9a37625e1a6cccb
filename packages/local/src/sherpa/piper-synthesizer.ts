import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Synthesizer } from '@earshot/conversation';
import { EngineHost, type EngineStats } from '../host/engine-host.ts';
import type { PiperEngine, PiperOptions } from './piper-process.ts';
import { preparePiperVoice } from './piper-voice.ts';
import type { EngineSizing } from './whisper-recognizer.ts';

export interface PiperVoice {
  /** For tables and cache keys: 'en_US-joe-medium'. */
  readonly name: string;
  /** The voice's `.onnx`; its `.onnx.json` lies beside it. Plain voices are made ready on opening. */
  readonly model: string;
  /** Folder `espeak-ng-data`. */
  readonly espeakData: string;
  /** For voices of several speakers. Default 0. */
  readonly speaker?: number;
}

/** Engine time and length of all speech so far; `engineMs / audioMs` is the real-time factor. */
export interface SpeechStats extends EngineStats {
  readonly engineMs: number;
  readonly audioMs: number;
}

/**
 * Piper in a child process. Each call of `synthesize` is one request, and a sentence in it one run of
 * the engine: its frames come when the sentence is done, so short clauses are heard early.
 */
export class PiperSynthesizer implements Synthesizer, AsyncDisposable {
  readonly voice: string;
  readonly #host: EngineHost<PiperEngine>;
  readonly #speaker: number;
  #engineMs = 0;
  #audioMs = 0;

  private constructor(host: EngineHost<PiperEngine>, { name, speaker = 0 }: PiperVoice) {
    this.#host = host;
    this.#speaker = speaker;
    this.voice = `piper ${name}${speaker === 0 ? '' : ` speaker ${speaker}`}`;
  }

  /** Loads the voice and warms it up. Rejects when a file is missing, bad, or not writable where it must be. */
  static async open(
    voice: PiperVoice,
    { threads = 1, processes = 1 }: EngineSizing,
    signal: AbortSignal,
  ): Promise<PiperSynthesizer> {
    const prepared = await preparePiperVoice(voice.model);
    const engineOptions: PiperOptions = { ...prepared, dataDir: voice.espeakData, threads };
    const module = new URL('./piper-process.ts', import.meta.url);
    const name = `Piper ${voice.name}`;
    const host = await EngineHost.open<PiperEngine>(
      { name, module, engineOptions, processes },
      signal,
    );
    return new PiperSynthesizer(host, voice);
  }

  get stats(): SpeechStats {
    return { ...this.#host.stats, engineMs: this.#engineMs, audioMs: this.#audioMs };
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
    const request = { text: speakable(text), speaker: this.#speaker };
    // For text without words the engine makes a short noise.
    if (!/[\p{L}\p{N}]/u.test(request.text)) return;
    const stream = this.#host.stream('synthesize', request, { lane }, signal);
    try {
      let next = await stream.next();
      for (; !next.done; next = await stream.next()) {
        this.#audioMs += durationMs(next.value);
        yield next.value;
      }
      this.#engineMs += next.value.engineMs;
    } finally {
      await stream.return(undefined as never);
    }
  }
}

/** `[[ … ]]` would be read as raw phonemes. */
function speakable(text: string): string {
  return text.replace(/\[\[|\]\]/g, ' ');
}
