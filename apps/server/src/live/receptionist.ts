import {
  type CallAgent,
  CascadeAgent,
  DEFAULT_LINES,
  type Expectation,
  type Lines,
  SpeechCache,
  type VadConfig,
} from '@earshot/conversation';
import { type Engines, FrontDesk, type Profile, systemPrompt } from '@earshot/local';
import { BACK_AGAIN, backAgain, GO_ON } from './back-again.ts';
import type { AgentCall } from './desk.ts';
import { toolsFor } from './message-tool.ts';
import { vadOfPlan } from './vad-of-plan.ts';

export interface ReceptionistOptions {
  readonly profile: Profile;
  readonly engines: Pick<Engines, 'forCall' | 'languageModel' | 'synthesizer'>;
  /** Where a call's plan says nothing else. */
  readonly vad: VadConfig;
}

/** Tools can be named before there is a call. */
const NOBODY = { direction: 'inbound', to: '', from: '' } as const;
const RECORDING_NOTICE = 'This call is recorded.';

/** Answers calls for one business. */
export class Receptionist implements AsyncDisposable {
  readonly toolNames = toolsFor(() => false, NOBODY).map(({ name }) => name);
  readonly #options: ReceptionistOptions;
  readonly #cache = new SpeechCache();
  readonly #lines: Lines;
  readonly #notice: string;
  /** What the greeting asks for, whoever speaks: small recognizers hear only what they expect. */
  readonly #openingExpectation: Expectation;
  readonly #stop = new AbortController();
  #otherLines: Promise<void> = Promise.resolve();

  constructor(options: ReceptionistOptions) {
    const { profile } = options;
    this.#options = options;
    this.#lines = { ...DEFAULT_LINES, greeting: greetingOf(profile) };
    this.#notice = profile.recordingNotice ?? RECORDING_NOTICE;
    this.#openingExpectation = new FrontDesk(profile).openingExpectation;
  }

  /**
   * Speaks the first words of calls ahead of them, so that no caller waits for these. The other set
   * lines and the usual answers follow meanwhile, until disposed.
   */
  async prepare(signal: AbortSignal): Promise<void> {
    await this.#speak([this.#lines.greeting, `${BACK_AGAIN} ${GO_ON}`], signal);
    // Lines that cannot be had now are made by the agents, once their greeting is heard.
    const { engines, profile } = this.#options;
    const usual = engines.languageModel(profile).usualLines ?? [];
    const others = [...Object.values(this.#lines).flat(), this.#notice, ...usual];
    this.#otherLines = this.#speak(others, this.#stop.signal).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#otherLines;
  }

  /** A call's agent. It begins to speak its first words at once, to be heard once there is a line. */
  answer({ plan, earlier, keep }: AgentCall): CallAgent {
    const { profile, engines, vad } = this.#options;
    const greeting = earlier ? backAgain(earlier) : this.#firstWords(plan);
    return new CascadeAgent({
      engines: engines.forCall(plan.id, profile, { placed: plan.direction === 'outbound' }),
      system: plan.systemPrompt ?? systemPrompt(profile, new Date()),
      lines: { ...this.#lines, greeting },
      openingExpectation: this.#openingExpectation,
      tools: toolsFor(keep, plan),
      vad: vadOfPlan(plan, vad),
      maxDurationMs: plan.maxDurationMs,
      cache: this.#cache,
      earlier,
    });
  }

  /** Nobody is recorded before they are told. */
  #firstWords({ greeting, record }: AgentCall['plan']): string {
    const hello = greeting ?? this.#lines.greeting;
    return record ? `${this.#notice} ${hello}` : hello;
  }

  #speak(texts: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#cache.prepare(this.#options.engines.synthesizer, texts, signal);
  }
}

function greetingOf({ greeting, name }: Profile): string {
  return greeting ?? `Thank you for calling ${name}. How can I help you?`;
}
