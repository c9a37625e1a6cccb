import {
  type Agent,
  CascadeAgent,
  DEFAULT_LINES,
  type Expectation,
  type Lines,
  SpeechCache,
  type VadConfig,
} from '@earshot/conversation';
import { type Engines, FrontDesk, type Profile, systemPrompt } from '@earshot/local';
import type { CallRecord } from './call-record.ts';
import { toolsFor } from './message-tool.ts';

export interface ReceptionistOptions {
  readonly profile: Profile;
  readonly engines: Pick<Engines, 'forCall' | 'synthesizer'>;
  readonly vad: VadConfig;
  readonly maxDurationMs: number;
}

const BACK_AGAIN = 'Sorry, we were cut off. I am back. How can I help you?';

/** Answers calls for one business. */
export class Receptionist implements AsyncDisposable {
  readonly toolNames = toolsFor(() => false).map(({ name }) => name);
  readonly #options: ReceptionistOptions;
  readonly #cache = new SpeechCache();
  readonly #lines: Lines;
  /** What the greeting asks for, whoever speaks: small recognizers hear only what they expect. */
  readonly #openingExpectation: Expectation;
  readonly #stop = new AbortController();
  #otherLines: Promise<void> = Promise.resolve();

  constructor(options: ReceptionistOptions) {
    this.#options = options;
    this.#lines = { ...DEFAULT_LINES, greeting: greetingOf(options.profile) };
    this.#openingExpectation = new FrontDesk(options.profile).openingExpectation;
  }

  /**
   * Speaks the first words of calls ahead of them, so that no caller waits for these. The other set
   * lines follow meanwhile, until disposed.
   */
  async prepare(signal: AbortSignal): Promise<void> {
    await this.#speak([this.#lines.greeting, BACK_AGAIN], signal);
    // Lines that cannot be had now are made by the agents, once their greeting is heard.
    this.#otherLines = this.#speak(Object.values(this.#lines).flat(), this.#stop.signal).catch(
      () => {},
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#otherLines;
  }

  /** A call's agent. It does not remember what was said on an earlier stream of the same call. */
  answer(record: CallRecord): Agent {
    const { profile, engines, vad, maxDurationMs } = this.#options;
    const greeting = record.streams > 1 ? BACK_AGAIN : this.#lines.greeting;
    return new CascadeAgent({
      engines: engines.forCall(record.callId, profile),
      system: systemPrompt(profile, new Date()),
      lines: { ...this.#lines, greeting },
      openingExpectation: this.#openingExpectation,
      tools: toolsFor((message) => record.keep(message)),
      vad,
      maxDurationMs,
      cache: this.#cache,
    });
  }

  #speak(texts: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#cache.prepare(this.#options.engines.synthesizer, texts, signal);
  }
}

function greetingOf({ greeting, recordingNotice, name }: Profile): string {
  const hello = greeting ?? `Thank you for calling ${name}. How can I help you?`;
  return recordingNotice ? `${recordingNotice} ${hello}` : hello;
}
