import path from 'node:path';
import type { AudioFrame } from '@earshot/audio';
import type { Caller } from '../caller/caller.ts';
import type { CallerVoice } from '../caller/caller-voice.ts';
import { findScenario } from '../caller/find-scenario.ts';
import { prepareCaller, type SpeakingVoice, spokenSamples } from '../caller/prepare-caller.ts';
import { readScenario } from '../caller/read-scenario.ts';
import type { Scenario } from '../caller/scenario.ts';
import type { Callee } from './callee.ts';
import { Voicemail } from './voicemail.ts';

export interface StudioOptions {
  /** Scenarios' paths start here. */
  readonly folder: string;
  /** Opens a scenario's voice; `folder` is the scenario's own. */
  readonly openVoice: (
    voice: Scenario['voice'],
    folder: string,
    signal: AbortSignal,
  ) => Promise<CallerVoice>;
}

/** The voice of `<Say>` and of answering machines. */
const NETWORK_VOICE = 'slt';
/** Texts whose sound is kept, so that a busy network makes each once. */
const MAX_TEXTS = 500;

/** Makes the people and machines that are called: opens each voice when it is first needed. */
export class Studio implements AsyncDisposable {
  readonly #options: StudioOptions;
  readonly #voices = new Map<string, Promise<SpeakingVoice>>();
  readonly #opened: CallerVoice[] = [];
  readonly #closing = new AbortController();

  constructor(options: StudioOptions) {
    this.#options = options;
  }

  /** Who picks up: a caller of one of the scenarios, an answering machine, or somebody who says nothing. */
  async person(callee: Callee, signal: AbortSignal): Promise<Caller> {
    switch (callee.does) {
      case 'talks':
        return this.caller(callee.scenario, signal);
      case 'voicemail':
        return new Voicemail(await this.speak(callee.greeting, signal), callee.beep);
      case 'hangs-up':
        return { tick: (_, atMs) => ({ samples: null, hangUp: atMs >= callee.afterMs }) };
      default:
        return { tick: () => ({ samples: null }) };
    }
  }

  /** The caller of a scenario, by its name or file. Throws coded errors for what cannot be played. */
  async caller(scenario: string, signal: AbortSignal): Promise<Caller> {
    const file = findScenario(scenario, this.#options.folder);
    const parsed = await readScenario(file, path.basename(file));
    const folder = path.dirname(file);
    const voice = await this.#voice(parsed.voice, folder);
    return prepareCaller(parsed, { voice, folder }, signal);
  }

  async speak(text: string, signal: AbortSignal): Promise<Int16Array> {
    return spokenSamples(await this.#voice(NETWORK_VOICE, this.#options.folder), text, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#voices.values());
    await Promise.all(this.#opened.map((voice) => voice[Symbol.asyncDispose]()));
  }

  #voice(voice: Scenario['voice'], folder: string): Promise<SpeakingVoice> {
    const key = typeof voice === 'string' ? voice : path.resolve(folder, voice.wavs);
    const known = this.#voices.get(key);
    if (known !== undefined) return known;
    const opening = this.#open(voice, folder);
    this.#voices.set(key, opening);
    // One that could not be opened is tried again next time; who waits for it is told.
    opening.catch(() => this.#voices.delete(key));
    return opening;
  }

  async #open(voice: Scenario['voice'], folder: string): Promise<SpeakingVoice> {
    const opened = await this.#options.openVoice(voice, folder, this.#closing.signal);
    this.#opened.push(opened);
    return remembering(opened);
  }
}

/** Speaks each text once and then from memory. */
function remembering(voice: SpeakingVoice): SpeakingVoice {
  const known = new Map<string, readonly AudioFrame[]>();
  return {
    async *synthesize(text, signal) {
      const before = known.get(text);
      if (before) return yield* before;
      const frames: AudioFrame[] = [];
      for await (const frame of voice.synthesize(text, signal)) {
        frames.push(frame);
        yield frame;
      }
      if (known.size < MAX_TEXTS) known.set(text, frames);
    },
  };
}
