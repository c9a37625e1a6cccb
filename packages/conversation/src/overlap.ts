import {
  callers,
  type Floor,
  type FloorEvent,
  type FloorStep,
  type Overlap,
  type Words,
} from './floor-state.ts';
import type { VoicedFrame } from './voice-activity.ts';

/** Firm voice this long takes the floor; the voice detector needs 20 to 60 ms before that to tell it is voice. */
const BARGE_IN_MS = 100;
/** No backchannel, however softly spoken, lasts this long. */
const LONGEST_BACKCHANNEL_MS = 700;
/** From here on the audio is kept, in case it becomes an utterance. */
const NOTICED_MS = 40;
/** Words spoken over the agent are asked for sooner than those of a turn: what they mean is urgent. */
const SPECULATION_MS = 80;
/** Voice over the agent that nothing was made of within this pause is forgotten. */
const FORGOTTEN_MS = 2000;

const NONE: Overlap = { voicedMs: 0, firmMs: 0, pauseMs: 0, asked: false };

/** The caller is heard while the agent speaks: barge-in, backchannel, or not yet known. */
export function overlapHeard(overlap: Overlap | null, frame: VoicedFrame): FloorStep {
  const { voiced, firm, ms } = frame;
  if (overlap === null && !voiced) return [agents(null)];
  const before = overlap ?? NONE;
  if (!voiced) return overlapPauses({ ...before, pauseMs: before.pauseMs + ms });
  const now: Overlap = {
    voicedMs: before.voicedMs + ms,
    firmMs: before.firmMs + (firm ? ms : 0),
    pauseMs: 0,
    asked: false,
  };
  const noticed: FloorEvent[] =
    before.voicedMs < NOTICED_MS && now.voicedMs >= NOTICED_MS ? ['voice-started'] : [];
  const again: FloorEvent[] = before.asked ? ['speaking-on'] : [];
  if (now.firmMs >= BARGE_IN_MS || now.voicedMs >= LONGEST_BACKCHANNEL_MS)
    return [callers({ voicedMs: now.voicedMs, barging: true }), ...noticed, ...again, 'barge-in'];
  return [agents(now), ...noticed, ...again];
}

function overlapPauses(overlap: Overlap): FloorStep {
  if (overlap.pauseMs >= FORGOTTEN_MS) return [agents(null), 'left-alone'];
  if (overlap.voicedMs < NOTICED_MS && overlap.pauseMs >= NOTICED_MS) return [agents(null)];
  if (overlap.asked || overlap.pauseMs < SPECULATION_MS) return [agents(overlap)];
  return [agents({ ...overlap, asked: true }), 'paused'];
}

/** The words of the overlap are known. */
export function overlapUnderstood(
  overlap: Overlap | null,
  words: Words,
  patienceMs: number,
): FloorStep {
  if (overlap === null || overlap.pauseMs === 0) return [agents(overlap)];
  if (words !== 'words') return [agents(null), 'left-alone'];
  const { voicedMs, pauseMs } = overlap;
  return [callers({ voicedMs, pauseMs, asked: true, patienceMs }), 'barge-in'];
}

function agents(overlap: Overlap | null): Floor {
  return { at: 'agent', overlap };
}
