import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Agent, AgentEvent, VoiceDetector, VoiceStream } from '@earshot/conversation';
import { steadySpeech } from './steady-voice.ts';

const VOICED = 0.5;
/** Voice this long is a caller who speaks, as in Pipecat's defaults. */
const SPEAKING_MS = 200;

export interface SilenceTimerOptions {
  readonly voiceDetector: VoiceDetector;
  /** The pause that ends every turn. */
  readonly silenceMs: number;
  readonly greeting: string;
  readonly answer: string;
}

/**
 * Answers as most voice agents do: whoever is silent for a while has finished, whoever speaks for a
 * while takes the floor. Its recognizer and its model take no time.
 */
export class SilenceTimerAgent implements Agent {
  readonly #options: SilenceTimerOptions;
  readonly #voice: VoiceStream;
  readonly #events: AgentEvent[] = [];
  #wake = Promise.withResolvers<void>();
  #voicedMs = 0;
  #quietMs = 0;
  #hasFloor = false;
  #replies = 0;

  constructor(options: SilenceTimerOptions) {
    this.#options = options;
    this.#voice = options.voiceDetector.open();
    this.#say(options.greeting);
  }

  async hear(frame: AudioFrame): Promise<void> {
    const voiced = (await this.#voice.hear(frame)) >= VOICED;
    this.#voicedMs = voiced ? this.#voicedMs + durationMs(frame) : 0;
    this.#quietMs = voiced ? 0 : this.#quietMs + durationMs(frame);
    if (!this.#hasFloor && this.#voicedMs >= SPEAKING_MS) {
      this.#hasFloor = true;
      this.#tell({ type: 'barge-in' });
    }
    if (!this.#hasFloor || this.#quietMs < this.#options.silenceMs) return;
    this.#hasFloor = false;
    this.#say(this.#options.answer);
  }

  press(): void {}

  heard(): void {}

  async *events(signal: AbortSignal): AsyncGenerator<AgentEvent> {
    signal.addEventListener('abort', () => this.#wake.resolve(), { once: true });
    while (!signal.aborted) {
      yield* this.#events.splice(0);
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#voice[Symbol.dispose]();
  }

  #say(text: string): void {
    this.#replies += 1;
    this.#tell({ type: 'reply', id: this.#replies, speech: steadySpeech(text) });
  }

  #tell(event: AgentEvent): void {
    this.#events.push(event);
    this.#wake.resolve();
  }
}
