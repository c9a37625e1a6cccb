import type { Caller, CallerTick } from '../caller/caller.ts';
import { FRAME_SAMPLES } from './frame-clock.ts';
import type { LiveCall, Side } from './live-call.ts';
import { aborted } from './pass-time.ts';
import { newSid } from './signature.ts';
import type { Verb } from './verb.ts';

const SILENCE = new Int16Array(FRAME_SAMPLES);

/** What became of ringing another number: somebody who answers, or why nobody does. */
export type Dialled =
  | { readonly status: 'answered'; readonly callee: Caller }
  | { readonly status: 'busy' | 'no-answer' | 'failed' | 'canceled' };

/** Rings a number for at most `timeoutMs`. Resolves early with `canceled` when `signal` aborts. */
export type Dial = (number: string, timeoutMs: number, signal: AbortSignal) => Promise<Dialled>;

/** `<Dial>`: rings, connects the two until one of them hangs up, and returns what the action is told. */
export async function runDial(
  { number, timeoutSeconds }: Extract<Verb, { verb: 'Dial' }>,
  dial: Dial,
  call: LiveCall,
): Promise<Readonly<Record<string, string>>> {
  const dialled = await dial(number, timeoutSeconds * 1_000, call.interrupted);
  const sid = { DialCallSid: newSid('CA') };
  if (dialled.status !== 'answered') return { ...sid, DialCallStatus: dialled.status };
  const bridge = new Bridge(dialled.callee);
  using _connected = call.connect(bridge);
  await Promise.race([bridge.over, aborted(call.interrupted)]);
  const seconds = String(Math.round(bridge.durationMs / 1_000));
  return { ...sid, DialCallStatus: 'completed', DialCallDuration: seconds, DialBridged: 'true' };
}

/** Each hears the other, 20 ms later. */
class Bridge implements Side {
  readonly #callee: Caller;
  readonly #over = Promise.withResolvers<void>();
  #heard: Int16Array = SILENCE;
  #frames = 0;

  constructor(callee: Caller) {
    this.#callee = callee;
  }

  /** Resolves when the callee hangs up. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get durationMs(): number {
    return this.#frames * 20;
  }

  frameOver(said: CallerTick | null): void {
    const tick = this.#callee.tick(said?.samples ?? SILENCE, this.durationMs);
    this.#heard = tick.samples ?? SILENCE;
    this.#frames += 1;
    if (tick.hangUp) this.#over.resolve();
  }

  pull(): Int16Array {
    return this.#heard;
  }

  press(): void {}
}
