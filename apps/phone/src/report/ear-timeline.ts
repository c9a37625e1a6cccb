import { peak } from '@earshot/audio';
import { audible } from '../caller/ear.ts';

/** A run of sound. Milliseconds since the answer. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** Shorter holes lie within speech. */
const HOLE_MS = 300;
/** A single frame is a click. */
const CLICK_MS = 20;
const FRAME_MS = 20;
const FULL_SCALE = 32_768;

/** What sounded when: the measure of everything in a report. Keeps two peaks a frame, no audio. */
export class EarTimeline {
  readonly #peaks: { readonly caller: number[]; readonly agent: number[] } = {
    caller: [],
    agent: [],
  };
  readonly #stretches: Stretch[] = [];

  hear(atMs: number, caller: Int16Array, agent: Int16Array): void {
    this.#peaks.caller.push(peak(caller) / FULL_SCALE);
    this.#peaks.agent.push(peak(agent) / FULL_SCALE);
    if (audible(agent)) this.#lengthen(atMs);
  }

  get durationMs(): number {
    return this.#peaks.agent.length * FRAME_MS;
  }

  /** Loudest sample of each 20 ms, 0 to 1. */
  get peaks(): { readonly caller: readonly number[]; readonly agent: readonly number[] } {
    return this.#peaks;
  }

  /** The agent's speech: audible frames with the holes of speech filled. */
  get agentStretches(): readonly Stretch[] {
    return this.#stretches.filter(({ startMs, endMs }) => endMs - startMs > CLICK_MS);
  }

  #lengthen(atMs: number): void {
    const last = this.#stretches.at(-1);
    const goesOn = last !== undefined && atMs - last.endMs < HOLE_MS;
    if (goesOn) this.#stretches.pop();
    this.#stretches.push({ startMs: goesOn ? last.startMs : atMs, endMs: atMs + FRAME_MS });
  }
}
