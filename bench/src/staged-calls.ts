import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Agent,
  CascadeAgent,
  type EndOfTurn,
  type Recognizer,
  type VoiceDetector,
} from '@earshot/conversation';
import {
  SileroVoiceDetector,
  SmartTurn,
  type WhisperModel,
  WhisperRecognizer,
} from '@earshot/local';
import { Outstanding } from './outstanding.ts';
import { type Recording, readRecording } from './recording.ts';
import { replayedVoice } from './replayed-voice.ts';
import type { BenchOptions } from './section.ts';
import { SilenceTimerAgent } from './silence-timer-agent.ts';
import { callersAudio, type StagedCall, stageCall } from './staged-call.ts';
import { steadyVoice } from './steady-voice.ts';

/** It ends in rising crowd noise, which would be taken for speech. */
const CUT_MS: Readonly<Record<string, number>> = { 'jfk.wav': 10_560 };

/** The same speech falls into frames and windows differently: engines and decisions at their edge show. */
const DELAYS_MS = [0, 7, 13];

export const TIMER_MS = 700;
const GREETING = 'Hi.';
const LONG_GREETING = 'This speech goes on for longer than any of the callers will. '.repeat(11);
const ANSWER = 'Certainly, I can help you with that.';

/** The calls of all recordings to one kind of agent. */
export interface StagedCalls {
  /** The agent waits for the caller to end. */
  readonly asked: readonly StagedCall[];
  /** The caller speaks over a long speech of the agent. */
  readonly overSpoken: readonly StagedCall[];
}

/** Every recording in `speechDir`, to our cascade with real engines and to one with a silence timer. */
export async function stageCalls(
  speechDir: string,
  whisper: WhisperModel,
  { long, note }: BenchOptions,
  signal: AbortSignal,
): Promise<{ readonly ours: StagedCalls; readonly timer: StagedCalls }> {
  await using detector = await SileroVoiceDetector.open(signal);
  await using endOfTurn = await SmartTurn.open(signal);
  await using recognizer = await WhisperRecognizer.open(whisper, {}, signal);
  const outstanding = new Outstanding();
  const ears = counted(recognizer, endOfTurn, outstanding);
  const ours: Staged = { asked: [], overSpoken: [] };
  const timer: Staged = { asked: [], overSpoken: [] };
  for (const recording of recordings(speechDir, long ? DELAYS_MS : [0])) {
    note(`calling with ${recording.name}`);
    const voiceDetector = await replayedVoice(detector, callersAudio(recording), signal);
    const stage = (agent: Agent) => stageCall(agent, recording, outstanding, signal);
    for (const [kind, greeting] of [
      ['asked', GREETING],
      ['overSpoken', LONG_GREETING],
    ] as const) {
      ours[kind].push(await stage(cascade(voiceDetector, ears, greeting)));
      const options = { voiceDetector, silenceMs: TIMER_MS, greeting, answer: ANSWER };
      timer[kind].push(await stage(new SilenceTimerAgent(options)));
    }
  }
  return { ours, timer };
}

type Staged = { readonly [Kind in keyof StagedCalls]: StagedCall[] };

interface Ears {
  readonly recognizer: Recognizer;
  readonly endOfTurn: EndOfTurn;
}

function counted(recognizer: Recognizer, endOfTurn: EndOfTurn, outstanding: Outstanding): Ears {
  return {
    recognizer: { recognize: (...asked) => outstanding.track(recognizer.recognize(...asked)) },
    endOfTurn: { estimate: (...asked) => outstanding.track(endOfTurn.estimate(...asked)) },
  };
}

function cascade(voiceDetector: VoiceDetector, ears: Ears, greeting: string): Agent {
  const languageModel = {
    async *reply() {
      yield { type: 'text' as const, text: ANSWER };
    },
  };
  const engines = { ...ears, voiceDetector, languageModel, synthesizer: steadyVoice };
  return new CascadeAgent({ engines, system: '', lines: { greeting } });
}

/** Every recording in `speechDir`, once for each delay. */
export function recordings(speechDir: string, delaysMs: readonly number[]): Recording[] {
  const { files } = JSON.parse(readFileSync(join(speechDir, 'transcripts.json'), 'utf8'));
  return files.flatMap(({ file }: { file: string }) =>
    delaysMs.map((delayMs) => {
      const take = { cutMs: CUT_MS[file] ?? null, delayMs };
      return readRecording(join(speechDir, file), `${file} +${delayMs} ms`, take);
    }),
  );
}
