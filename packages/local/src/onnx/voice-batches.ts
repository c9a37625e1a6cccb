import type { VoiceBatch } from './silero-model.ts';
import { WINDOW_SAMPLES } from './voice-windows.ts';

/** The engine that hears a batch: a probability for each window, in its order. */
export type BatchEngine = (batch: VoiceBatch) => Promise<Float32Array>;

export interface BatchCounts {
  readonly batches: number;
  readonly windows: number;
  /** Windows that the engine did not answer in time. */
  readonly unanswered: number;
}

interface Waiting {
  readonly stream: number;
  readonly samples: Int16Array;
  readonly settle: (probability: number | null) => void;
}

/** So long may a batch take before its streams help themselves. */
const ANSWER_WITHIN_MS = 100;

/** While the engine is away, the newest windows are kept for its return: 128 ms a stream. */
const WINDOWS_KEPT = 4;

/**
 * A batch is collected for as long as it has an eighth of a millisecond for each stream: one call is
 * answered at once, and with sixty and more a window costs a third of what it costs alone.
 */
const LONGEST_COLLECTING_MS = 8;
const STREAMS_PER_MS = 8;

/** Gathers the windows of all streams into batches, one at a time on its way to the engine. */
export class VoiceBatches {
  readonly #engine: BatchEngine;
  #waiting: Waiting[] = [];
  #closed: number[] = [];
  readonly #open = new Set<number>();
  #collecting: NodeJS.Timeout | null = null;
  #working = false;
  /** The last batch was late or failed, and none has been answered since. */
  #away = false;
  readonly #counts = { batches: 0, windows: 0, unanswered: 0 };
  #lastStream = 0;

  constructor(engine: BatchEngine) {
    this.#engine = engine;
  }

  get counts(): BatchCounts {
    return { ...this.#counts };
  }

  openStream(): number {
    this.#lastStream += 1;
    this.#open.add(this.#lastStream);
    return this.#lastStream;
  }

  closeStream(stream: number): void {
    if (!this.#open.delete(stream)) return;
    const [own, others] = [
      this.#waitingOf(stream),
      this.#waiting.filter((w) => w.stream !== stream),
    ];
    this.#waiting = others;
    for (const window of own) window.settle(null);
    this.#closed.push(stream);
  }

  /** The window's probability, or null where there is none within the time for it. Never rejects. */
  hear(stream: number, samples: Int16Array): Promise<number | null> | null {
    this.#counts.windows += 1;
    const { promise, resolve } = Promise.withResolvers<number | null>();
    this.#waiting.push({ stream, samples, settle: resolve });
    this.#dropOldest(stream);
    this.#collect();
    if (!this.#away) return promise;
    this.#counts.unanswered += 1;
    return null;
  }

  #dropOldest(stream: number): void {
    const own = this.#waitingOf(stream);
    const [oldest] = own;
    if (own.length <= WINDOWS_KEPT || !oldest) return;
    this.#waiting.splice(this.#waiting.indexOf(oldest), 1);
    oldest.settle(null);
  }

  #waitingOf(stream: number): Waiting[] {
    return this.#waiting.filter((window) => window.stream === stream);
  }

  #collect(): void {
    if (this.#working || this.#collecting) return;
    const ms = Math.min(LONGEST_COLLECTING_MS, this.#open.size / STREAMS_PER_MS);
    this.#collecting = setTimeout(() => {
      this.#collecting = null;
      void this.#work();
    }, ms);
  }

  /** Batch after batch, until nothing waits. */
  async #work(): Promise<void> {
    const windows = this.#waiting;
    const closed = this.#closed;
    if (windows.length === 0) return;
    this.#waiting = [];
    this.#closed = [];
    this.#working = true;
    this.#counts.batches += 1;
    const late = setTimeout(() => this.#giveUp(windows), ANSWER_WITHIN_MS);
    try {
      const probabilities = await this.#engine(batchOf(windows, closed));
      this.#away = false;
      windows.forEach(({ settle }, i) => {
        settle(probabilities[i] ?? 0);
      });
    } catch {
      // The engine's own counts tell why; its streams have another way to hear.
      this.#giveUp(windows);
    } finally {
      clearTimeout(late);
      this.#working = false;
    }
    if (this.#waiting.length > 0) this.#collect();
  }

  /** Whoever waits is told so at once, in the order of the audio. */
  #giveUp(windows: readonly Waiting[]): void {
    if (!this.#away) this.#counts.unanswered += windows.length + this.#waiting.length;
    this.#away = true;
    for (const { settle } of [...windows, ...this.#waiting]) settle(null);
  }
}

function batchOf(windows: readonly Waiting[], closed: readonly number[]): VoiceBatch {
  const samples = new Int16Array(windows.length * WINDOW_SAMPLES);
  windows.forEach((window, i) => {
    samples.set(window.samples, i * WINDOW_SAMPLES);
  });
  return {
    streams: Uint32Array.from(windows, ({ stream }) => stream),
    samples,
    closed: Uint32Array.from(closed),
  };
}
