import { type AudioFrame, durationMs } from '@earshot/audio';
import { CascadeAgent } from './cascade-agent.ts';
import type { CascadeOptions } from './cascade-options.ts';
import { converse } from './converse.ts';
import { Notice } from './notice.ts';
import type {
  Expectation,
  LanguageModel,
  Line,
  LineEvent,
  Prompt,
  Recognizer,
  ReplyPart,
  Synthesizer,
} from './ports.ts';
import type { ConversationEvent, Ending, Turn } from './transcript.ts';

const FRAME_MS = 20;
const RATE = 8000;
/** The fake voice needs this long for each letter or space. */
export const LETTER_MS = 20;

/** A frame whose sound says what it is: '#' firm voice, '~' murmured hum, '.' silence. */
export function frameOf(sound: string): AudioFrame {
  const samples = Int16Array.from({ length: (RATE * FRAME_MS) / 1000 }, (_, at) => {
    if (sound === '#') return at % 3 === 0 ? 6000 : -3000;
    return sound === '~' ? Math.round(900 * Math.sin(at / 6)) : 0;
  });
  return { samples, sampleRate: RATE };
}

/** A line whose time passes only when told to. */
export class FakeLine implements Line {
  readonly #notice = new Notice();
  readonly #events: LineEvent[] = [];
  readonly #marks: { readonly dueMs: number; readonly positionMs: number }[] = [];
  #clockMs = 0;
  #givenMs = 0;
  #heardMs = 0;
  #toldMs = 0;
  readonly cleared: number[] = [];
  /** What the caller has heard is told so much later. */
  wayBackMs = 0;

  send(event: LineEvent): void {
    this.#events.push(event);
    this.#notice.tell();
  }

  /** The caller hears 20 ms more of what was played, if there is any. */
  pass(): boolean {
    this.#clockMs += FRAME_MS;
    const sounds = this.#heardMs < this.#givenMs;
    if (sounds) {
      this.#heardMs = Math.min(this.#givenMs, this.#heardMs + FRAME_MS);
      this.#marks.push({ dueMs: this.#clockMs + this.wayBackMs, positionMs: this.#heardMs });
      this.#notice.tell();
    }
    for (let [mark] = this.#marks; mark && mark.dueMs <= this.#clockMs; [mark] = this.#marks) {
      this.#marks.shift();
      this.#toldMs = mark.positionMs;
      this.send({ type: 'heard', positionMs: mark.positionMs });
    }
    return sounds;
  }

  async *events(signal: AbortSignal): AsyncGenerator<LineEvent> {
    while (!signal.aborted) {
      const event = this.#events.shift();
      if (event === undefined) await this.#notice.wait(signal);
      else yield event;
      if (event?.type === 'hung-up' || event?.type === 'lost') return;
    }
  }

  async play(frame: AudioFrame, signal: AbortSignal): Promise<void> {
    this.#givenMs += durationMs(frame);
    while (!signal.aborted && this.#givenMs - this.#heardMs > 400) await this.#notice.wait(signal);
  }

  flush(): void {}

  async drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#toldMs < this.#givenMs) await this.#notice.wait(signal);
  }

  clear(): number {
    const heard = this.#heardMs;
    this.cleared.push(heard);
    this.#marks.length = 0;
    this.#heardMs = this.#givenMs;
    this.#toldMs = this.#givenMs;
    this.#notice.tell();
    return heard;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Speaks steadily: every letter takes `LETTER_MS`. */
export const steadyVoice: Synthesizer = {
  voice: 'steady',
  async *synthesize(text) {
    const samples = new Int16Array((RATE * LETTER_MS * text.length) / 1000).fill(4000);
    for (let at = 0; at < samples.length; at += 160)
      yield { samples: samples.subarray(at, at + 160), sampleRate: RATE };
  },
};

/** What a scripted language model does with one prompt. */
export type Answer = string | readonly ReplyPart[] | Promise<string> | Error;

/** A whole conversation on a stage: everything real but the engines and the clock. */
export class Stage implements AsyncDisposable {
  readonly line = new FakeLine();
  readonly observed: ConversationEvent[] = [];
  readonly prompts: Prompt[] = [];
  readonly expectations: Expectation[] = [];
  readonly abandoned: Prompt[] = [];
  /** How much audio the recognizer was given, each time it was asked. */
  readonly utterancesMs: number[] = [];
  answer: (prompt: Prompt) => Answer;
  words: string | null | Promise<string> = 'hello there';
  atMs = 0;
  /** How many frames an engine takes for its next answer. */
  lag: () => number = () => 0;
  readonly #late: { frame: number; resolve: () => void }[] = [];
  /** One character for each 20 ms at the caller's ear: '#' the agent's voice, '.' nothing. */
  ear = '';
  readonly ending: Promise<Ending>;
  readonly #stop = new AbortController();
  readonly agent: CascadeAgent;

  constructor(
    answer: Answer | ((prompt: Prompt) => Answer),
    options: Partial<CascadeOptions> = {},
  ) {
    this.answer = typeof answer === 'function' ? answer : () => answer;
    const engines = {
      recognizer: this.#recognizer(),
      languageModel: this.#model(),
      synthesizer: this.#slow(steadyVoice),
      voiceDetector: {
        open: () => ({
          hear: ({ samples }: AudioFrame) => (samples.some((sample) => sample !== 0) ? 1 : 0),
          [Symbol.dispose]: () => {},
        }),
      },
      endOfTurn: null,
      ...options.engines,
    };
    const lines = { greeting: 'Hi.', ...options.lines };
    this.agent = new CascadeAgent({ system: 'Be kind.', ...options, engines, lines });
    const observe = (event: ConversationEvent) => this.observed.push(event);
    this.ending = converse(this.line, this.agent, observe, this.#stop.signal);
  }

  /** Plays a picture of the caller's sound, 20 ms a character, letting all engines settle in between. */
  async hear(picture: string): Promise<void> {
    for (const sound of picture) {
      this.ear += this.line.pass() ? '#' : '.';
      this.line.send({ type: 'audio', frame: frameOf(sound) });
      this.atMs += FRAME_MS;
      for (const { frame, resolve } of this.#late) if (frame * FRAME_MS <= this.atMs) resolve();
      await settle();
    }
  }

  /** The caller says these words in so many milliseconds. */
  async say(words: string | null, ms = 600, sound = '#'): Promise<void> {
    this.words = words;
    await this.hear(sound.repeat(ms / FRAME_MS));
  }

  async silence(ms: number): Promise<void> {
    await this.hear('.'.repeat(ms / FRAME_MS));
  }

  async press(digits: string): Promise<void> {
    for (const digit of digits) this.line.send({ type: 'digit', digit });
    await settle();
  }

  get turns(): Turn[] {
    return this.observed.flatMap((event) => (event.type === 'turn' ? [event.turn] : []));
  }

  /** The transcript as text: one line a turn. */
  get transcript(): string[] {
    return this.turns.map(({ speaker, heard }) => `${speaker}: ${heard}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const { resolve } of this.#late) resolve();
    await this.ending;
    await this.agent[Symbol.asyncDispose]();
  }

  async #lagging(): Promise<void> {
    const frames = this.lag();
    if (frames === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#late.push({ frame: this.atMs / FRAME_MS + frames, resolve });
    await promise;
  }

  #slow({ voice, synthesize }: Synthesizer): Synthesizer {
    const lagging = () => this.#lagging();
    return {
      voice,
      async *synthesize(text, signal) {
        await lagging();
        yield* synthesize(text, signal);
      },
    };
  }

  #recognizer(): Recognizer {
    return {
      recognize: async (utterance, expectation) => {
        this.utterancesMs.push(durationMs(utterance));
        this.expectations.push(expectation);
        const words = await this.words;
        await this.#lagging();
        const heard = { confidence: 0.9, engineMs: 0, queuedMs: 0 };
        return { ...heard, text: words ?? '', unclear: words === null };
      },
    };
  }

  #model(): LanguageModel {
    const stage = this;
    return {
      async *reply(prompt, signal): AsyncGenerator<ReplyPart> {
        stage.prompts.push(prompt);
        signal.addEventListener('abort', () => stage.abandoned.push(prompt));
        const answer = await stage.answer(prompt);
        if (answer instanceof Error) throw answer;
        if (typeof answer === 'string') yield { type: 'text', text: answer };
        else yield* answer;
      },
    };
  }
}

/** Lets every promise that can settle do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
