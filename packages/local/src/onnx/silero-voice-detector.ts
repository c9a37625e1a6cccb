import { type AudioFrame, Resampler } from '@earshot/audio';
import type { VoiceDetector, VoiceStream } from '@earshot/conversation';
import { EngineHost, type EngineStats } from '../host/engine-host.ts';
import { EnergyVoice } from './energy-voice-detector.ts';
import { SILERO_MODEL } from './model-assets.ts';
import type { SileroEngine, SileroOptions } from './silero-process.ts';
import { type BatchCounts, VoiceBatches } from './voice-batches.ts';
import { VoiceWindows } from './voice-windows.ts';

export interface SileroStats extends EngineStats, BatchCounts {}

const SAMPLE_RATE = 8000;

/** The engine needs a millisecond; after this long it is hung, and another takes its place. */
const DEADLINE_MS = 1000;

/**
 * Silero VAD 6.2 at 8 kHz in a child process, all calls' windows of a few milliseconds in one run.
 * While the engine is late, hung or gone, each call's own level decides (`EnergyVoice`), which
 * `stats.unanswered` counts; answers come within 100 ms, whatever happens.
 */
export class SileroVoiceDetector implements VoiceDetector, AsyncDisposable {
  readonly #host: EngineHost<SileroEngine>;
  readonly #batches: VoiceBatches;
  readonly #closing = new AbortController();

  private constructor(host: EngineHost<SileroEngine>) {
    this.#host = host;
    this.#batches = new VoiceBatches(async (batch) => {
      const { output } = await host.request('detect', batch, {}, this.#closing.signal);
      return output;
    });
  }

  /** Loads the model that comes with the repository. Rejects with an `EngineError`. */
  static async open(signal: AbortSignal): Promise<SileroVoiceDetector> {
    const engineOptions: SileroOptions = { model: SILERO_MODEL };
    const host = await EngineHost.open<SileroEngine>(
      {
        name: 'Silero VAD',
        module: new URL('./silero-process.ts', import.meta.url),
        engineOptions,
        deadlineMs: DEADLINE_MS,
        maxWaitMs: DEADLINE_MS,
        // Every frame waits for it: it belongs to the media path.
        nice: 0,
      },
      signal,
    );
    return new SileroVoiceDetector(host);
  }

  get stats(): SileroStats {
    return { ...this.#host.stats, ...this.#batches.counts };
  }

  open(): VoiceStream {
    return new SileroStream(this.#batches);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#host[Symbol.asyncDispose]();
  }
}

/** One call. Exported for tests; calls get theirs from the detector. */
export class SileroStream implements VoiceStream {
  readonly #batches: VoiceBatches;
  readonly #id: number;
  readonly #windows = new VoiceWindows();
  readonly #energy = new EnergyVoice();
  #resampler: { readonly from: number; readonly resampler: Resampler } | null = null;
  #newest = 0;
  #answer: Promise<number> | null = null;

  constructor(batches: VoiceBatches) {
    this.#batches = batches;
    this.#id = batches.openStream();
  }

  hear(frame: AudioFrame): number | Promise<number> {
    const samples = this.#at8kHz(frame);
    const loud = this.#energy.hear({ samples, sampleRate: SAMPLE_RATE });
    for (const window of this.#windows.push(samples)) this.#ask(window, loud);
    return this.#answer ?? this.#newest;
  }

  [Symbol.dispose](): void {
    this.#batches.closeStream(this.#id);
    this.#energy[Symbol.dispose]();
  }

  #ask(window: Int16Array, loud: number): void {
    const asked = this.#batches.hear(this.#id, window);
    if (asked === null) {
      this.#newest = loud;
      this.#answer = null;
      return;
    }
    const answer = asked.then((probability) => {
      this.#newest = probability ?? loud;
      if (this.#answer === answer) this.#answer = null;
      return this.#newest;
    });
    this.#answer = answer;
  }

  #at8kHz({ samples, sampleRate }: AudioFrame): Int16Array {
    if (sampleRate === SAMPLE_RATE) return samples;
    if (this.#resampler?.from !== sampleRate)
      this.#resampler = { from: sampleRate, resampler: new Resampler(sampleRate, SAMPLE_RATE) };
    return this.#resampler.resampler.process(samples);
  }
}
