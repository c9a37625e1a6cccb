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
import { chooseStandIn, chooseSynthesizer } from './engines/choose-synthesizer.ts';
import type { Chosen, EngineChoice, EnginePart } from './engines/engine-choice.ts';
import type { EnginesOptions } from './engines/engines-options.ts';
import { forCall } from './engines/for-call.ts';
import { SynthesizerLadder } from './engines/synthesizer-ladder.ts';
import { FrontDesk, type FrontDeskOptions } from './front-desk/front-desk.ts';
import type { Profile } from './front-desk/profile.ts';
import type { EngineStats } from './host/engine-host.ts';

/** What calls are answered with on this machine. Disposing ends all engine processes. */
export interface Engines extends AsyncDisposable {
  readonly recognizer: Recognizer;
  /** Where that is not Flite, with Flite behind it. */
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
  const voice = open(chooseSynthesizer(options, opening));
  const parts = [
    open(chooseRecognizer(options, opening)),
    voice,
    open(voice.then(({ engine }) => chooseStandIn(engine, opening))),
    open(chooseVoiceDetector(options, opening)),
    open(chooseEndOfTurn(options, opening)),
    open(chooseLanguageModel(options, opening)),
  ] as const;
  // All have ended before the first failure is told, so that what did open is closed again.
  await Promise.allSettled(parts);
  failed.signal.throwIfAborted();
  const [recognizer, synthesizer, standIn, voiceDetector, endOfTurn, speaker] =
    await Promise.all(parts);
  const chosen = { recognizer, synthesizer, standIn, voiceDetector, endOfTurn, speaker };
  const ladder = opened.use(ladderOf(chosen, options));
  return new OpenEngines(chosen, ladder ?? synthesizer.engine, opened.move());
}

interface AllChosen {
  readonly recognizer: Chosen<Recognizer>;
  readonly synthesizer: Chosen<Synthesizer>;
  readonly standIn: Chosen<Synthesizer | null>;
  readonly voiceDetector: Chosen<VoiceDetector>;
  readonly endOfTurn: Chosen<EndOfTurn | null>;
  readonly speaker: Chosen<Speaker>;
}

function ladderOf(
  { synthesizer, standIn }: AllChosen,
  { onSynthesizer: onChange }: EnginesOptions,
): SynthesizerLadder | null {
  if (standIn.engine === null) return null;
  return new SynthesizerLadder(synthesizer.engine, standIn.engine, { onChange });
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

  constructor(chosen: AllChosen, synthesizer: Synthesizer, opened: AsyncDisposableStack) {
    this.recognizer = chosen.recognizer.engine;
    this.synthesizer = synthesizer;
    this.voiceDetector = chosen.voiceDetector.engine;
    this.endOfTurn = chosen.endOfTurn.engine;
    this.#speaker = chosen.speaker.engine;
    this.#chosen = Object.values(chosen);
    // Nobody has a reason only where somebody is missing.
    this.table = this.#chosen.map(({ row }) => row).filter(({ why }) => why !== '');
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

function hasStats(engine: unknown): engine is { readonly stats: EngineStats } {
  return typeof engine === 'object' && engine !== null && 'stats' in engine;
}

function isDisposable(engine: unknown): engine is AsyncDisposable {
  return typeof engine === 'object' && engine !== null && Symbol.asyncDispose in engine;
}
