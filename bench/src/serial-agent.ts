import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Agent, AgentEvent, CascadeEngines, Speech, VoiceStream } from '@earshot/conversation';

const VOICED = 0.5;
/** Voice this long is a caller who speaks. */
const SPEAKING_MS = 200;
/** The pause that ends every turn. */
const SILENCE_MS = 700;
/** Audio kept from before a caller is known to speak. */
const PREFIX_MS = SPEAKING_MS + 200;

/**
 * The plain pipeline: 700 ms of silence, then the whole recognition, the whole reply, the whole
 * synthesis. Every turn is the first: it has no memory and no tools.
 */
export class SerialAgent implements Agent {
  readonly #engines: CascadeEngines;
  readonly #voice: VoiceStream;
  readonly #events: AgentEvent[] = [];
  #wake = Promise.withResolvers<void>();
  #answering = new AbortController();
  #utterance: AudioFrame[] = [];
  #clockMs = 0;
  #voicedMs = 0;
  #quietMs = 0;
  #speaking = false;
  #replies = 0;

  constructor(engines: CascadeEngines) {
    this.#engines = engines;
    this.#voice = engines.voiceDetector.open();
  }

  async hear(frame: AudioFrame): Promise<void> {
    const voiced = (await this.#voice.hear(frame)) >= VOICED;
    const ms = durationMs(frame);
    this.#clockMs += ms;
    this.#voicedMs = voiced ? this.#voicedMs + ms : 0;
    this.#quietMs = voiced ? 0 : this.#quietMs + ms;
    this.#utterance.push(frame);
    if (!this.#speaking) this.#utterance = this.#utterance.slice(-PREFIX_MS / ms);
    if (!this.#speaking && this.#voicedMs >= SPEAKING_MS) this.#begins();
    if (this.#speaking && this.#quietMs >= SILENCE_MS) this.#ends();
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
    this.#answering.abort();
    this.#voice[Symbol.dispose]();
  }

  #begins(): void {
    this.#speaking = true;
    this.#answering.abort();
    this.#tell({ type: 'barge-in' });
  }

  #ends(): void {
    this.#speaking = false;
    this.#answering = new AbortController();
    const utterance = joined(this.#utterance.splice(0));
    this.#answer(utterance, this.#answering.signal).catch((error: unknown) => {
      if (!this.#answering.signal.aborted) this.#tell({ type: 'lost', reason: String(error) });
    });
  }

  async #answer(utterance: AudioFrame, signal: AbortSignal): Promise<void> {
    const { recognizer, languageModel, synthesizer } = this.#engines;
    const endMs = this.#clockMs - SILENCE_MS;
    const { text } = await recognizer.recognize(utterance, { topic: 'anything' }, signal);
    if (text === '') return;
    const startMs = this.#clockMs - durationMs(utterance);
    this.#tell({ type: 'words', text, final: true, startMs, endMs });
    const turns = [{ speaker: 'caller', text }] as const;
    const words: string[] = [];
    const reply = languageModel.reply({ system: '', turns, tools: [], memory: null }, signal);
    for await (const part of reply) if (part.type === 'text') words.push(part.text);
    const frames: AudioFrame[] = [];
    for await (const frame of synthesizer.synthesize(words.join(''), signal)) frames.push(frame);
    if (signal.aborted) return;
    this.#replies += 1;
    this.#tell({ type: 'reply', id: this.#replies, speech: spoken(frames, words.join('')) });
  }

  #tell(event: AgentEvent): void {
    this.#events.push(event);
    this.#wake.resolve();
  }
}

async function* spoken(frames: readonly AudioFrame[], words: string): AsyncGenerator<Speech> {
  for (const [index, frame] of frames.entries()) yield { frame, text: index === 0 ? words : '' };
}

function joined(frames: readonly AudioFrame[]): AudioFrame {
  const samples = Int16Array.from(frames.flatMap((frame) => [...frame.samples]));
  return { samples, sampleRate: frames[0]?.sampleRate ?? 8000 };
}
