import {
  type CallersFloor,
  callers,
  type Floor,
  type FloorInput,
  type FloorStep,
  OPEN,
  type OwedFloor,
  owed,
  type Words,
} from './floor-state.ts';
import { overlapHeard, overlapUnderstood } from './overlap.ts';
import type { VoicedFrame } from './voice-activity.ts';

/** Voice shorter than this is a click or a breath. */
const ONSET_MS = 60;
/** Voice in a pause shorter than this does not end the pause. */
const AGAIN_MS = 40;
/** From here on a pause has a sound to be judged, which takes until the words are asked for. */
const SOUND_MS = 100;
/** After a pause this long the words so far are worth recognising, in the hope that they are all. */
const SPECULATION_MS = 160;
/** A pause this long sounds different from a short one. */
const STILL_MS = 280;
/** Who speaks again after more than this asks whether anybody is there. */
const LONGEST_HABIT_MS = 1500;
/** A pause that ends the turn when no words came to judge it by. */
const WORDLESS_MS = 3000;
/** A barge-in of which no recognizer has made words within this pause was none. */
const FALSE_BARGE_IN_MS = 2000;
/** A pause after the last key that ends a run of digits. */
export const KEYS_MS = 1800;

/** The one place that decides whose turn it is. Pure: time comes in with the frames. */
export function nextFloor(floor: Floor, input: FloorInput): FloorStep {
  switch (input.type) {
    case 'frame':
      return frameHeard(floor, input);
    case 'understood':
      return understood(floor, input.words, input.patienceMs);
    case 'key':
      return keyPressed(floor);
    case 'nothing-to-resume':
      return floor.at === 'owed' ? [OPEN] : [floor];
    case 'answered':
      return floor.at === 'open' ? [owed(), 'turn-ended'] : [floor];
    case 'reply-started':
      return [{ at: 'agent', overlap: null }];
    case 'reply-heard':
      return replyHeard(floor);
  }
}

function frameHeard(floor: Floor, frame: VoicedFrame): FloorStep {
  switch (floor.at) {
    case 'open':
      return openHeard(floor, frame);
    case 'caller':
      return frame.voiced ? callerVoiced(floor, frame.ms) : callerPauses(floor, frame.ms);
    case 'owed':
      return owedHeard(floor, frame);
    case 'agent':
      return overlapHeard(floor.overlap, frame);
    case 'keys':
      return keysHeard(floor, frame);
  }
}

function openHeard(floor: Extract<Floor, { at: 'open' }>, { voiced, ms }: VoicedFrame): FloorStep {
  const onsetMs = onset(floor.onsetMs, voiced, ms);
  if (onsetMs >= ONSET_MS) return [callers({ voicedMs: onsetMs }), 'voice-started'];
  return [{ at: 'open', onsetMs }];
}

function keysHeard(floor: Extract<Floor, { at: 'keys' }>, { voiced, ms }: VoicedFrame): FloorStep {
  const onsetMs = onset(floor.onsetMs, voiced, ms);
  if (onsetMs >= ONSET_MS) return [callers({ voicedMs: onsetMs }), 'voice-started'];
  const quietMs = floor.quietMs + ms;
  return quietMs >= KEYS_MS ? [owed(), 'turn-ended'] : [{ at: 'keys', quietMs, onsetMs }];
}

function owedHeard(floor: OwedFloor, { voiced, ms }: VoicedFrame): FloorStep {
  const onsetMs = onset(floor.onsetMs, voiced, ms);
  const pauseMs = floor.pauseMs + ms;
  if (onsetMs < ONSET_MS) return [{ ...floor, onsetMs, pauseMs }];
  // A turn that seemed to be over and goes on had a pause in it.
  const quietMs = pauseMs - onsetMs;
  const habitMs = quietMs > LONGEST_HABIT_MS ? floor.habitMs : Math.max(floor.habitMs, quietMs);
  return [callers({ voicedMs: onsetMs, habitMs }), 'speaking-on'];
}

function callerVoiced(floor: CallersFloor, ms: number): FloorStep {
  const againMs = floor.againMs + ms;
  const voicedMs = floor.voicedMs + ms;
  if (floor.pauseMs === 0) return [{ ...floor, voicedMs }];
  if (againMs < AGAIN_MS) return [{ ...floor, voicedMs, againMs, pauseMs: floor.pauseMs + ms }];
  const habitMs = Math.max(floor.habitMs, floor.pauseMs);
  const speaking = callers({ voicedMs, habitMs, barging: floor.barging });
  return floor.pauseMs >= SOUND_MS ? [speaking, 'speaking-on'] : [speaking];
}

function callerPauses(floor: CallersFloor, ms: number): FloorStep {
  const paused = { ...floor, pauseMs: floor.pauseMs + ms, againMs: 0 };
  if (floor.patienceMs !== null) {
    const [next, ...events] = endedAfter(paused, floor.patienceMs);
    const still = floor.pauseMs < STILL_MS && paused.pauseMs >= STILL_MS && next.at === 'caller';
    return still ? [next, 'still-paused', ...events] : [next, ...events];
  }
  if (!floor.asked && paused.pauseMs >= SPECULATION_MS)
    return [{ ...paused, asked: true }, 'paused'];
  if (floor.pauseMs < SOUND_MS && paused.pauseMs >= SOUND_MS) return [paused, 'pausing'];
  if (floor.barging && paused.pauseMs >= FALSE_BARGE_IN_MS) return [owed(), 'barge-in-withdrawn'];
  return endedAfter(paused, WORDLESS_MS);
}

function endedAfter(floor: CallersFloor, patienceMs: number): FloorStep {
  return floor.pauseMs >= patienceMs ? [owed(floor), 'turn-ended'] : [floor];
}

function understood(floor: Floor, words: Words, patienceMs: number): FloorStep {
  if (floor.at === 'agent') return overlapUnderstood(floor.overlap, words, patienceMs);
  if (floor.at !== 'caller' || floor.pauseMs === 0) return [floor];
  if (floor.barging && words !== 'words') return [owed(), 'barge-in-withdrawn'];
  if (words === 'none') return [OPEN, 'nothing-said'];
  return endedAfter({ ...floor, patienceMs, barging: false }, patienceMs);
}

function keyPressed(floor: Floor): FloorStep {
  const keys: Floor = { at: 'keys', quietMs: 0, onsetMs: 0 };
  if (floor.at === 'agent') return [keys, 'barge-in'];
  if (floor.at === 'caller') return [keys, 'speaking-on', 'paused'];
  return floor.at === 'keys' || floor.at === 'open' ? [keys] : [keys, 'speaking-on'];
}

function replyHeard(floor: Floor): FloorStep {
  if (floor.at !== 'agent') return [floor];
  if (floor.overlap === null) return [OPEN];
  const { voicedMs, pauseMs, asked } = floor.overlap;
  return [callers({ voicedMs, pauseMs, asked })];
}

function onset(onsetMs: number, voiced: boolean, ms: number): number {
  return voiced ? onsetMs + ms : Math.max(0, onsetMs - ms);
}
