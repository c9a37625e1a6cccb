import {
  type CallAgent,
  CascadeAgent,
  DEFAULT_LINES,
  type Lines,
  SpeechCache,
  type VadConfig,
} from '@earshot/conversation';
import { type Engines, FrontDesk, type Profile, systemPrompt } from '@earshot/local';
import { BACK_AGAIN, GO_ON, goingOn } from './back-again.ts';
import type { AgentCall } from './desk.ts';
import { toolsFor } from './message-tool.ts';
import { vadOfPlan } from './vad-of-plan.ts';

export interface ReceptionistOptions {
  readonly profile: Profile;
  readonly engines: Pick<Engines, 'forCall' | 'languageModel' | 'synthesizer'>;
  /** Where a call's plan says nothing else. */
  readonly vad: VadConfig;
}

const RECORDING_NOTICE = 'This call is recorded.';

/** Answers calls for one business. */
export class Receptionist implements AsyncDisposable {
  readonly toolNames = toolsFor(() => false).map(({ name }) => name);
  readonly #options: ReceptionistOptions;
  readonly #cache = new SpeechCache();
  readonly #lines: Lines;
  readonly #notice: string;
  /** Knows what we ask callers for, whoever speaks: small recognizers hear only what they expect. */
  readonly #frontDesk: FrontDesk;
  readonly #stop = new AbortController();
  #otherLines: Promise<void> = Promise.resolve();

  constructor(options: ReceptionistOptions) {
    const { profile } = options;
    this.#options = options;
    this.#lines = { ...DEFAULT_LINES, greeting: greetingOf(profile) };
    this.#notice = profile.recordingNotice ?? RECORDING_NOTICE;
    this.#frontDesk = new FrontDesk(profile);
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
    const { text } = this.#frontDesk.nobodyElse(null);
    const others = [...Object.values(this.#lines).flat(), this.#notice, text, ...usual];
    this.#otherLines = this.#speak(others, this.#stop.signal).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#otherLines;
  }

  /** A call's agent. It begins to speak its first words at once, to be heard once there is a line. */
  answer({ plan, earlier, ending, keep }: AgentCall): CallAgent {
    const { profile, engines, vad } = this.#options;
    const back = earlier && goingOn(earlier, ending, this.#frontDesk);
    const greeting = back?.firstWords ?? plan.greeting ?? this.#lines.greeting;
    return new CascadeAgent({
      engines: engines.forCall(plan.id, profile),
      system: plan.systemPrompt ?? systemPrompt(profile, new Date()),
      lines: { ...this.#lines, greeting },
      // Nobody is recorded before they are told.
      notice: plan.record ? this.#notice : null,
      openingExpectation: this.#frontDesk.openingExpectation,
      tools: toolsFor(keep),
      vad: vadOfPlan(plan, vad),
      maxDurationMs: plan.maxDurationMs,
      cache: this.#cache,
      earlier: back?.memory ?? null,
    });
  }

  #speak(texts: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#cache.prepare(this.#options.engines.synthesizer, texts, signal);
  }
}

function greetingOf({ greeting, name }: Profile): string {
  return greeting ?? `Thank you for calling ${name}. How can I help you?`;
}
