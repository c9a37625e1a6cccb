import type { AudioFrame } from '@earshot/audio';
import { type Agent, type ConversationEvent, converse } from '@earshot/conversation';
import type { Outstanding } from './outstanding.ts';
import { FRAME_MS, type Recording, SILENCE } from './recording.ts';
import { VirtualLine } from './virtual-line.ts';

/** Silence before the recording, in which the agent greets, and after it. */
const BEFORE = 40;
const AFTER = 100;

/** What a caller who plays one recording to an agent hears of it. */
export interface StagedCall {
  readonly recording: string;
  /** From the last voiced frame to the end of the first 20 ms of the answer; null without an answer. */
  readonly gapMs: number | null;
  /** The agent spoke between the caller's first and last voiced frame. */
  readonly cutOff: boolean;
  /** From the first voiced frame to the first clear after it; null when the agent spoke on. */
  readonly bargeInMs: number | null;
  readonly events: readonly ConversationEvent[];
}

/**
 * One call in virtual time: the next 20 ms begin when all that follows from the last has happened.
 * Engines whose work is counted in `outstanding` take none of that time, so that what is measured
 * is the agent's own patience, the same on every machine.
 */
export async function stageCall(
  agent: Agent,
  recording: Recording,
  outstanding: Outstanding,
  signal: AbortSignal,
): Promise<StagedCall> {
  const line = new VirtualLine();
  const events: ConversationEvent[] = [];
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const ended = converse(line, agent, (event) => events.push(event), until);
  const heard: boolean[] = [];
  const clears: number[] = [];
  for (const [at, frame] of callersAudio(recording).entries()) {
    signal.throwIfAborted();
    const cleared = line.cleared;
    heard.push(line.pass(frame));
    await outstanding.settled();
    if (line.cleared > cleared) clears.push(at);
  }
  stop.abort();
  await ended;
  await agent[Symbol.asyncDispose]();
  return { ...measured(recording, heard, clears), events };
}

/** What the caller says, frame by frame. */
export function callersAudio({ frames }: Recording): AudioFrame[] {
  const silence = (length: number) => Array.from({ length }, () => SILENCE);
  return [...silence(BEFORE), ...frames, ...silence(AFTER)];
}

function measured(
  recording: Recording,
  heard: readonly boolean[],
  clears: readonly number[],
): Omit<StagedCall, 'events'> {
  const [first, last] = [BEFORE + recording.first, BEFORE + recording.last];
  const answered = heard.indexOf(true, last + 1);
  const cleared = clears.find((at) => at >= first);
  return {
    recording: recording.name,
    gapMs: answered < 0 ? null : (answered - last) * FRAME_MS,
    cutOff: heard.slice(first, last + 1).some(Boolean),
    bargeInMs: cleared === undefined ? null : (cleared - first) * FRAME_MS,
  };
}
