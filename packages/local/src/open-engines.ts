import type {
  CascadeEngines,
  EndOfTurn,
  LanguageModel,
  Recognizer,
  Synthesizer,
  VoiceDetector,
} from '@earshot/conversation';
import { chooseLanguageModel, type Speaker } from './engines/choose-language-model.ts';
import { chooseEndOfTurn, chooseVoiceDetector } from './engines/choose-listening.ts';
import { chooseRecognizer } from './engines/choose-recognizer.ts';
import { chooseSynthesizer } from './engines/choose-synthesizer.ts';
import type { Chosen, EngineChoice, EnginePart } from './engines/engine-choice.ts';
import type { EnginesOptions } from './engines/engines-options.ts';
import { FrontDesk, type FrontDeskOptions } from './front-desk/front-desk.ts';
import type { Profile } from './front-desk/profile.ts';
import type { EngineStats } from './host/engine-host.ts';

/** What calls are answered with on this machine. Disposing ends all engine processes. */
export interface Engines extends AsyncDisposable {
  readonly recognizer: Recognizer;
  readonly synthesizer: Synthesizer;
  readonly voiceDetector: VoiceDetector;
  readonly endOfTurn: EndOfTurn | null;
  languageModel(profile: Profile): LanguageModel;
  /**
   * The same for one call, with its own place in every queue: calls take turns. Where a model speaks,
   * the front desk stands behind it.
   */
  forCall(callId: string, profile: Profile, options?: FrontDeskOptions): CascadeEngines;
  /** What is used and why, for the start-up table. */
  readonly table: readonly EngineChoice[];
  /** Of the parts that run in processes of ours. */
  stats(): readonly { readonly part: EnginePart; readonly stats: EngineStats }[];
}

/**
 * Opens the best engine that is there for each part, or the one that is wished for. Rejects with an
 * `EngineError` when a part cannot be had at all, and with the signal's reason.
 */
export async function openEngines(options: EnginesOptions, signal: AbortSignal): Promise<Engines> {
  await using opened = new AsyncDisposableStack();
  const failed = new AbortController();
  const opening = AbortSignal.any([signal, failed.signal]);
  const open = async <T>(choosing: Promise<Chosen<T>>): Promise<Chosen<T>> => {
    try {
      const chosen = await choosing;
      if (isDisposable(chosen.engine)) opened.use(chosen.engine);
      return chosen;
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  const parts = [
    open(chooseRecognizer(options, opening)),
    open(chooseSynthesizer(options, opening)),
    open(chooseVoiceDetector(options, opening)),
    open(chooseEndOfTurn(options, opening)),
    open(chooseLanguageModel(options, opening)),
  ] as const;
  // All have ended before the first failure is told, so that what did open is closed again.
  await Promise.allSettled(parts);
  failed.signal.throwIfAborted();
  const [recognizer, synthesizer, voiceDetector, endOfTurn, speaker] = await Promise.all(parts);
  const chosen = { recognizer, synthesizer, voiceDetector, endOfTurn, speaker };
  return new OpenEngines(chosen, opened.move());
}

interface AllChosen {
  readonly recognizer: Chosen<Recognizer>;
  readonly synthesizer: Chosen<Synthesizer>;
  readonly voiceDetector: Chosen<VoiceDetector>;
  readonly endOfTurn: Chosen<EndOfTurn | null>;
  readonly speaker: Chosen<Speaker>;
}

class OpenEngines implements Engines {
  readonly recognizer: Recognizer;
  readonly synthesizer: Synthesizer;
  readonly voiceDetector: VoiceDetector;
  readonly endOfTurn: EndOfTurn | null;
  readonly table: readonly EngineChoice[];
  readonly #chosen: readonly Chosen<unknown>[];
  readonly #speaker: Speaker;
  readonly #opened: AsyncDisposableStack;

  constructor(chosen: AllChosen, opened: AsyncDisposableStack) {
    this.recognizer = chosen.recognizer.engine;
    this.synthesizer = chosen.synthesizer.engine;
    this.voiceDetector = chosen.voiceDetector.engine;
    this.endOfTurn = chosen.endOfTurn.engine;
    this.#speaker = chosen.speaker.engine;
    this.#chosen = Object.values(chosen);
    this.table = this.#chosen.map(({ row }) => row);
    this.#opened = opened;
  }

  languageModel(profile: Profile, options?: FrontDeskOptions): LanguageModel {
    return this.#speaker.languageModel(profile, options);
  }

  forCall(callId: string, profile: Profile, options?: FrontDeskOptions): CascadeEngines {
    const languageModel = this.languageModel(profile, options);
    return {
      recognizer: forCall(this.recognizer, callId),
      synthesizer: forCall(this.synthesizer, callId),
      voiceDetector: this.voiceDetector,
      endOfTurn: this.endOfTurn && forCall(this.endOfTurn, callId),
      languageModel,
      ...(languageModel instanceof FrontDesk
        ? {}
        : { fallbackModel: new FrontDesk(profile, options) }),
    };
  }

  stats(): readonly { readonly part: EnginePart; readonly stats: EngineStats }[] {
    return this.#chosen.flatMap(({ engine, row: { part } }) =>
      hasStats(engine) ? [{ part, stats: engine.stats }] : [],
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

/** Engines in processes of ours have a queue, in which each call has its place. */
function forCall<T extends object>(engine: T, callId: string): T {
  return 'forCall' in engine && typeof engine.forCall === 'function'
    ? engine.forCall(callId)
    : engine;
}

function hasStats(engine: unknown): engine is { readonly stats: EngineStats } {
  return typeof engine === 'object' && engine !== null && 'stats' in engine;
}

function isDisposable(engine: unknown): engine is AsyncDisposable {
  return typeof engine === 'object' && engine !== null && Symbol.asyncDispose in engine;
}
