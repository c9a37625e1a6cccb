import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AudioFrame, decodeMulaw, encodeMulaw, levelDbfs } from '@earshot/audio';
import type { Recording } from './recording.ts';

/** µ-law codes of 20 ms. */
export const FRAME_CODES = 160;
const SAMPLE_RATE = 8000;
/** Frames softer than the loud ones by more than this are not voiced. */
const VOICED_DB = 20;

/** What a caller can say, as it goes over the wire. */
export interface Utterable {
  readonly name: string;
  /** Whole frames of µ-law codes. */
  readonly codes: Uint8Array;
  readonly frames: number;
  /** Indexes of the first and the last voiced frame. */
  readonly first: number;
  readonly last: number;
}

// As the Pipecat peer's `prepare_audio.py` writes it.
interface Entry {
  readonly name: string;
  readonly frames: number;
  readonly first_voiced: number;
  readonly last_voiced: number;
}

/** Reads a folder that `writeUtterables` or the Pipecat peer has made. */
export function readUtterables(folder: string): Utterable[] {
  const entries: Entry[] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  return entries.map(({ name, frames, first_voiced: first, last_voiced: last }) => {
    const codes = new Uint8Array(readFileSync(join(folder, `${name}.ulaw`)));
    return { name, codes, frames, first, last };
  });
}

/** Writes `<name>.ulaw` and a manifest of all. */
export function writeUtterables(folder: string, recordings: readonly Recording[]): void {
  mkdirSync(folder, { recursive: true });
  const entries = recordings.map(({ name, frames, first, last }): Entry => {
    const codes = Buffer.concat(frames.map(({ samples }) => encodeMulaw(samples)));
    writeFileSync(join(folder, `${name}.ulaw`), codes);
    return { name, frames: frames.length, first_voiced: first, last_voiced: last };
  });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(entries, null, 1));
}

/** From one frame up to another, silence where there is none. */
export function audioOf({ codes }: Utterable, from: number, to: number): AudioFrame {
  const samples = new Int16Array((to - from) * FRAME_CODES);
  samples.set(decodeMulaw(codes.subarray(from * FRAME_CODES, to * FRAME_CODES)));
  return { samples, sampleRate: SAMPLE_RATE };
}

/** Which frames are within 20 dB of the loud ones. */
export function voicedFrames({ codes, frames }: Utterable): boolean[] {
  const levels = Array.from({ length: frames }, (_, frame) =>
    levelDbfs(decodeMulaw(codes.subarray(frame * FRAME_CODES, (frame + 1) * FRAME_CODES))),
  );
  const loud = levels.toSorted((a, b) => a - b)[Math.floor(0.95 * frames)] ?? 0;
  return levels.map((level) => level >= loud - VOICED_DB);
}
