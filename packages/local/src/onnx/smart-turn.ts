import type { AudioFrame } from '@earshot/audio';
import type { EndOfTurn } from '@earshot/conversation';
import { EngineHost, type EngineStats } from '../host/engine-host.ts';
import { SMART_TURN_MODEL } from './model-assets.ts';
import type { SmartTurnEngine, SmartTurnOptions } from './smart-turn-process.ts';

const HEARD_MS = 8000;

/** It needs 50 ms; an estimate that comes later than this changes nothing any more. */
const DEADLINE_MS = 1500;
const MAX_WAIT_MS = 500;

/**
 * Smart Turn 3.2 in a child process. One witness of several: it is worse through the telephone than
 * on clear sound, and takes short fragments for whole.
 */
export class SmartTurn implements EndOfTurn, AsyncDisposable {
  readonly #host: EngineHost<SmartTurnEngine>;

  private constructor(host: EngineHost<SmartTurnEngine>) {
    this.#host = host;
  }

  /** Loads the model that comes with the repository. Rejects with an `EngineError`. */
  static async open(signal: AbortSignal): Promise<SmartTurn> {
    const engineOptions: SmartTurnOptions = { model: SMART_TURN_MODEL };
    const host = await EngineHost.open<SmartTurnEngine>(
      {
        name: 'Smart Turn',
        module: new URL('./smart-turn-process.ts', import.meta.url),
        engineOptions,
        deadlineMs: DEADLINE_MS,
        maxWaitMs: MAX_WAIT_MS,
      },
      signal,
    );
    return new SmartTurn(host);
  }

  get stats(): EngineStats {
    return this.#host.stats;
  }

  /** Rejects with an `EngineError` when there is no estimate in time, and with the signal's reason. */
  estimate(audio: AudioFrame, signal: AbortSignal): Promise<number> {
    return this.#estimate(audio, '', signal);
  }

  /** The same engine with a place of its own in the queue. */
  forCall(callId: string): EndOfTurn {
    return { estimate: (audio, signal) => this.#estimate(audio, callId, signal) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#host[Symbol.asyncDispose]();
  }

  async #estimate(
    { samples, sampleRate }: AudioFrame,
    lane: string,
    signal: AbortSignal,
  ): Promise<number> {
    const heard = samples.subarray(-Math.round((HEARD_MS * sampleRate) / 1000));
    const { output } = await this.#host.request(
      'estimate',
      { samples: heard, sampleRate },
      { lane },
      signal,
    );
    return output;
  }
}
