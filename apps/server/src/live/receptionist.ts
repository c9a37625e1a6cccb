import {
  type CallAgent,
  CascadeAgent,
  DEFAULT_LINES,
  type Lines,
  SpeechCache,
  type VadConfig,
} from '@earshot/conversation';
import {
  contextTokensFor,
  type Engines,
  FrontDesk,
  type Profile,
  systemPrompt,
} from '@earshot/local';
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
/** What every agent can do, for whoever only wants to know what that is. */
const TOOLS = toolsFor(() => false, { direction: 'inbound', to: '', from: '' });

/** Answers calls for one business. */
export class Receptionist implements AsyncDisposable {
  readonly toolNames = TOOLS.map(({ name }) => name);
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

  /** How long a system prompt the language model takes in whole, in characters. */
  get systemRoom(): number {
    const { engines, profile } = this.#options;
    return engines.languageModel(profile).systemRoom?.(TOOLS) ?? Number.POSITIVE_INFINITY;
  }

  /** What its owner should know of a file that is too long for the language model; null: it is not. */
  get notice(): string | null {
    const { profile } = this.#options;
    const { systemRoom } = this;
    const { length } = systemPrompt(profile, new Date());
    if (length <= systemRoom) return null;
    return (
      `What is to be told to the language model about ${profile.name} has ${length} characters; it has room for ` +
      `${systemRoom}. website_text is cut first. With LLM_CONTEXT_TOKENS=${contextTokensFor(length, TOOLS)} ` +
      'nothing is, if the model has as much context.'
    );
  }

  /**
   * Speaks the first words of calls ahead of them, so that no caller waits for these. The other set
   * lines and the usual answers follow meanwhile, until disposed.
   */
  async prepare(signal: AbortSignal): Promise<void> {
    await this.#speak(this.#firstLines, signal);
    this.prepareRest();
  }

  /** Speaks meanwhile what is not spoken yet: for when the voice is back that was away. */
  prepareRest(): void {
    const { engines, profile } = this.#options;
    const usual = engines.languageModel(profile).usualLines ?? [];
    const { text } = this.#frontDesk.nobodyElse(null);
    const set = [...this.#firstLines, ...Object.values(this.#lines).flat(), this.#notice, text];
    // Lines that cannot be had now are made by the agents, once their greeting is heard.
    const speak = () => this.#speak([...set, ...usual], this.#stop.signal).catch(() => {});
    this.#otherLines = this.#otherLines.then(speak);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#otherLines;
  }

  /** A call's agent. It begins to speak its first words at once, to be heard once there is a line. */
  answer({ plan, earlier, ending, keep }: AgentCall): CallAgent {
    const { profile, engines, vad } = this.#options;
    const back = earlier && goingOn(earlier, ending, this.#frontDesk);
    const placed = plan.direction === 'outbound';
    const usual = placed ? calledGreeting(profile) : this.#lines.greeting;
    const greeting = back?.firstWords ?? plan.greeting ?? usual;
    return new CascadeAgent({
      engines: engines.forCall(plan.id, profile, { placed }),
      system: plan.systemPrompt ?? systemPrompt(profile, new Date(), this.systemRoom),
      lines: { ...this.#lines, greeting },
      // Nobody is recorded before they are told.
      notice: plan.record ? this.#notice : null,
      openingExpectation: this.#frontDesk.openingExpectation,
      tools: toolsFor(keep, plan),
      vad: vadOfPlan(plan, vad),
      maxDurationMs: plan.maxDurationMs,
      cache: this.#cache,
      earlier: back?.memory ?? null,
    });
  }

  get #firstLines(): readonly string[] {
    return [this.#lines.greeting, `${BACK_AGAIN} ${GO_ON}`];
  }

  #speak(texts: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#cache.prepare(this.#options.engines.synthesizer, texts, signal);
  }
}

function greetingOf({ greeting, name }: Profile): string {
  return greeting ?? `Thank you for calling ${name}. How can I help you?`;
}

/** To somebody who has not called: the business's own greeting may thank them for it. */
function calledGreeting({ name }: Profile): string {
  return `Hello, this is ${name}. How can I help you?`;
}
