import type { VoicedFrame } from './voice-activity.ts';

/** Whose turn it is. */
export type Floor =
  | { readonly at: 'open'; readonly onsetMs: number }
  | CallersFloor
  /** The caller has finished, and nothing of the agent's reply is audible yet. */
  | OwedFloor
  | { readonly at: 'agent'; readonly overlap: Overlap | null }
  /** The caller presses keys. */
  | { readonly at: 'keys'; readonly quietMs: number; readonly onsetMs: number };

export interface OwedFloor {
  readonly at: 'owed';
  readonly onsetMs: number;
  /** For how long the caller has been silent. */
  readonly pauseMs: number;
  /** As the caller's; counts again if they go on. */
  readonly habitMs: number;
}

export interface CallersFloor {
  readonly at: 'caller';
  readonly voicedMs: number;
  readonly pauseMs: number;
  readonly againMs: number;
  /** The words before this pause were asked for. */
  readonly asked: boolean;
  /** The pause that ends the turn, once the words are known. */
  readonly patienceMs: number | null;
  /** The longest pause in this turn after which the caller went on. */
  readonly habitMs: number;
  /** Taken from the agent by sound alone: words must follow. */
  readonly barging: boolean;
}

export type FloorInput =
  | ({ readonly type: 'frame' } & VoicedFrame)
  /** What was said before the present pause, and how long a pause ends the turn. */
  | { readonly type: 'understood'; readonly words: Words; readonly patienceMs: number }
  | { readonly type: 'key' }
  /** What was left alone over the end of the reply turns out to be the answer to it. */
  | { readonly type: 'answered' }
  /** The agent's reply becomes audible. */
  | { readonly type: 'reply-started' }
  | { readonly type: 'reply-heard' }
  /** After a withdrawn barge-in: all of the reply had been heard. */
  | { readonly type: 'nothing-to-resume' };

/** Voice over the agent's speech that has not yet been told from a backchannel. */
export interface Overlap {
  readonly voicedMs: number;
  /** Of which spoken towards us, not murmured or hummed. */
  readonly firmMs: number;
  readonly pauseMs: number;
  readonly asked: boolean;
}

export type Words = 'none' | 'backchannel' | 'words';

export type FloorEvent =
  /** Voice that may become an utterance: keep the audio. */
  | 'voice-started'
  /** The beginning of a pause: judge its sound. */
  | 'pausing'
  /** A short pause: recognise what was said so far. */
  | 'paused'
  /** The pause lasts: judge its sound once more. */
  | 'still-paused'
  /** The caller goes on: drop what was made of the words so far. */
  | 'speaking-on'
  | 'turn-ended'
  /** What sounded like speech had no words. */
  | 'nothing-said'
  | 'barge-in'
  /** The barge-in was none: the reply goes on from its first unheard clause. */
  | 'barge-in-withdrawn'
  /** The caller was heard over the agent, who keeps the floor. */
  | 'left-alone';

export type FloorStep = readonly [Floor, ...FloorEvent[]];

export const OPEN: Floor = { at: 'open', onsetMs: 0 };

/** The agent is to speak, after such a pause of the caller. */
export function owed({ pauseMs = 0, habitMs = 0 }: Partial<CallersFloor> = {}): OwedFloor {
  return { at: 'owed', onsetMs: 0, pauseMs, habitMs };
}

/** The caller holds the floor. */
export function callers(known: Partial<CallersFloor>): CallersFloor {
  const fresh = {
    voicedMs: 0,
    pauseMs: 0,
    againMs: 0,
    asked: false,
    patienceMs: null,
    habitMs: 0,
    barging: false,
  };
  return { at: 'caller', ...fresh, ...known };
}
