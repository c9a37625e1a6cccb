import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Expectation, Recognition, Recognizer } from '@earshot/conversation';
import { EngineHost, type EngineStats } from '../host/engine-host.ts';
import { loudness } from './loudness.ts';
import { splitUtterance } from './split-utterance.ts';
import { believe, NOTHING_HEARD, worthHearing } from './whisper-guards.ts';
import type { WhisperEngine, WhisperOptions } from './whisper-process.ts';

export interface WhisperModel {
  /** For tables: 'tiny.en'. */
  readonly name: string;
  /** ONNX files as sherpa-onnx exports them, and the token table beside them. */
  readonly encoder: string;
  readonly decoder: string;
  readonly tokens: string;
  /** Default 'en'. */
  readonly language?: string;
}

export interface EngineSizing {
  /** Threads an engine process may use. Default 1: the voice path needs the others. */
  readonly threads?: number;
  /** Engine processes that share the work. Default 1. */
  readonly processes?: number;
}

/** On top of the audio's own length, which it takes on a machine that is ten times too slow. */
const DEADLINE_MS = 8000;

/**
 * Whisper in a child process. It invents words for silence and noise, so what it writes is believed
 * only where the audio can have held it (`whisper-guards.ts`). It gives no probabilities: confidence
 * is 0.9 for what is believed, 0.5 for what is left of a loop.
 */
export class WhisperRecognizer implements Recognizer, AsyncDisposable {
  readonly #host: EngineHost<WhisperEngine>;

  private constructor(host: EngineHost<WhisperEngine>) {
    this.#host = host;
  }

  /** Loads the model and warms it up. Rejects with an `EngineError` when a file is missing or bad. */
  static async open(
    model: WhisperModel,
    { threads = 1, processes = 1 }: EngineSizing,
    signal: AbortSignal,
  ): Promise<WhisperRecognizer> {
    const { encoder, decoder, tokens, language = 'en' } = model;
    const engineOptions: WhisperOptions = { encoder, decoder, tokens, language, threads };
    const module = new URL('./whisper-process.ts', import.meta.url);
    const name = `Whisper ${model.name}`;
    return new WhisperRecognizer(
      await EngineHost.open({ name, module, engineOptions, processes }, signal),
    );
  }

  get stats(): EngineStats {
    return this.#host.stats;
  }

  /** The same engine with a place of its own in the queue. */
  forCall(callId: string): Recognizer {
    return {
      recognize: (utterance, _expectation, signal) => this.#recognize(utterance, callId, signal),
    };
  }

  recognize(
    utterance: AudioFrame,
    _expectation: Expectation,
    signal: AbortSignal,
  ): Promise<Recognition> {
    return this.#recognize(utterance, '', signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#host[Symbol.asyncDispose]();
  }

  async #recognize(utterance: AudioFrame, lane: string, signal: AbortSignal): Promise<Recognition> {
    signal.throwIfAborted();
    const sound = loudness(utterance);
    if (!worthHearing(sound)) return NOTHING_HEARD;
    const written: string[] = [];
    let [engineMs, queuedMs] = [0, 0];
    for (const piece of splitUtterance(utterance)) {
      const options = { lane, deadlineMs: DEADLINE_MS + durationMs(piece) };
      const answer = await this.#host.request('recognize', piece, options, signal);
      written.push(answer.output);
      engineMs += answer.engineMs;
      queuedMs += answer.queuedMs;
    }
    const verdict = believe(written.join(' '), sound, durationMs(utterance));
    return { ...verdict, engineMs, queuedMs };
  }
}
