import { audible } from '../caller/ear.ts';
import { FRAME_MS } from './frame-clock.ts';

/** Quiet that belongs to speech: between words and sentences. */
const HANGOVER_MS = 300;

export type SoundChange = {
  readonly type: 'agent-sound-started' | 'agent-sound-ended';
  readonly atMs: number;
};

/** Tells when the agent begins and ceases to be audible at the ear, frame by frame. */
export class AgentSound {
  #soundUntilMs: number | null = null;

  heard(samples: Int16Array, atMs: number): SoundChange | null {
    const before = this.#soundUntilMs;
    if (audible(samples)) {
      this.#soundUntilMs = atMs + FRAME_MS;
      return before === null ? { type: 'agent-sound-started', atMs } : null;
    }
    if (before === null || atMs + FRAME_MS - before < HANGOVER_MS) return null;
    return this.end();
  }

  /** The call is over: closes what still sounds. */
  end(): SoundChange | null {
    const atMs = this.#soundUntilMs;
    this.#soundUntilMs = null;
    return atMs === null ? null : { type: 'agent-sound-ended', atMs };
  }
}
