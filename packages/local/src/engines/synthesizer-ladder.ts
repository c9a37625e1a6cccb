import { setTimeout as wait } from 'node:timers/promises';
import type { SpokenFrame, Synthesizer } from '@earshot/conversation';
import { EngineError } from '../host/engine-error.ts';
import { ServerError } from '../http/server-error.ts';
import { forCall } from './for-call.ts';

/** What a healthy engine may need for a clause: Piper on one thread of a modest machine. */
const MS_PER_CHARACTER = 8;
/** Waited beyond that. With the stand-in's tenth of a second, dead air ends before three seconds. */
const PATIENCE_MS = 2_000;
const REST_MS = 5_000;
/** Nobody hears it. As long as a usual sentence: who says this in time says others in time. */
const TRIAL = 'Thank you for calling, and please give me one moment while I am looking that up.';

/** The synthesizer was given up for now, with the error's code; or it has spoken again. */
export type SynthesizerChange =
  | { readonly type: 'resting'; readonly code: string }
  | { readonly type: 'back' };

export interface SynthesizerLadderOptions {
  /** For each frame, beyond what a healthy engine needs for the clause. Default 2 s. */
  readonly patienceMs?: number;
  /** From a failure to the first trial, and from one trial to the next. Default 5 s. */
  readonly restMs?: number;
  readonly onChange?: ((change: SynthesizerChange) => void) | undefined;
}

/**
 * A synthesizer with another one behind it. A clause that the first one fails at, or keeps the caller
 * waiting for, is spoken by the stand-in, whose frames are marked. If the first has failed in the
 * middle, the stand-in begins the clause again: half a sentence heard twice is understood, an hour or
 * a number left out is not, and nothing stands in the transcript that was not heard.
 *
 * One that has failed rests, for all calls, until it has spoken a trial behind their backs: an outage
 * costs a call one wait, not one a clause. An abort is no failure. What the stand-in throws is thrown.
 */
export class SynthesizerLadder implements Synthesizer, AsyncDisposable {
  readonly voice: string;
  readonly #first: Synthesizer;
  readonly #standIn: Synthesizer;
  readonly #options: SynthesizerLadderOptions;
  readonly #closing = new AbortController();
  /** Settles when the first one is back; null while it speaks. */
  #rest: Promise<void> | null = null;

  constructor(first: Synthesizer, standIn: Synthesizer, options: SynthesizerLadderOptions = {}) {
    this.voice = first.voice;
    this.#first = first;
    this.#standIn = standIn;
    this.#options = options;
  }

  /** The same two with a place of the call's own in their queues. */
  forCall(callId: string): Synthesizer {
    const first = forCall(this.#first, callId);
    const standIn = forCall(this.#standIn, callId);
    return {
      voice: this.voice,
      synthesize: (text, signal) => this.#speak(first, standIn, text, signal),
    };
  }

  synthesize(text: string, signal: AbortSignal): AsyncIterable<SpokenFrame> {
    return this.#speak(this.#first, this.#standIn, text, signal);
  }

  /** Ends the trials. The two are whose they were. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#rest;
  }

  async *#speak(
    first: Synthesizer,
    standIn: Synthesizer,
    text: string,
    signal: AbortSignal,
  ): AsyncGenerator<SpokenFrame> {
    if (this.#rest === null) {
      try {
        return yield* inTime(first, text, this.#limitMs(text), signal);
      } catch (error) {
        if (signal.aborted) throw error;
        this.#letRest(error);
      }
    }
    for await (const frame of standIn.synthesize(text, signal)) yield { ...frame, standIn: true };
  }

  #limitMs(text: string): number {
    return (this.#options.patienceMs ?? PATIENCE_MS) + text.length * MS_PER_CHARACTER;
  }

  /** Of several calls that wait for it, each finds it failing. */
  #letRest(error: unknown): void {
    if (this.#rest !== null || this.#closing.signal.aborted) return;
    this.#options.onChange?.({ type: 'resting', code: codeOf(error) });
    this.#rest = this.#untilItSpeaks(this.#closing.signal);
  }

  async #untilItSpeaks(signal: AbortSignal): Promise<void> {
    const { restMs = REST_MS, onChange } = this.#options;
    do {
      // Rejects only when the ladder is disposed.
      await wait(restMs, null, { ref: false, signal }).catch(() => {});
      if (signal.aborted) return;
    } while (!(await this.#speaks(signal)));
    this.#rest = null;
    onChange?.({ type: 'back' });
  }

  async #speaks(signal: AbortSignal): Promise<boolean> {
    try {
      for await (const _frame of inTime(this.#first, TRIAL, this.#limitMs(TRIAL), signal));
      return true;
    } catch {
      return false;
    }
  }
}

/** Its frames, while each comes in time after it was asked for. Leaves it at once otherwise. */
async function* inTime(
  synthesizer: Synthesizer,
  text: string,
  limitMs: number,
  signal: AbortSignal,
): AsyncGenerator<SpokenFrame> {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const speech = synthesizer.synthesize(text, until)[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await within(limitMs, speech.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    over.abort();
    // One that hangs may never come to its end, and one that was left has nobody to tell.
    speech.return?.().catch(() => {});
  }
}

async function within<T>(limitMs: number, next: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  const timer = setTimeout(() => {
    reject(new EngineError('engine-late', `The synthesizer said nothing for ${limitMs} ms`));
  }, limitMs);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([next, late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** Messages may hold what servers have written; codes are ours. */
function codeOf(error: unknown): string {
  return error instanceof EngineError || error instanceof ServerError ? error.code : 'unknown';
}
