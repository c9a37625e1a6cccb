import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type AudioFrame, Resampler, readWav } from '@earshot/audio';
import { LoopedSound, Noise } from './noise.ts';
import type { Scenario, Speech } from './scenario.ts';
import { type Move, movesOf } from './script.ts';
import { ScriptedCaller } from './scripted-caller.ts';
import { joined, NOMINAL_RMS, ratio, type Utterance, utteranceOf } from './utterance.ts';

/** Gives a text its sound; frames of one rate. */
export interface SpeakingVoice {
  synthesize(text: string, signal: AbortSignal): AsyncIterable<AudioFrame>;
}

export interface Studio {
  /** Speaks what the scenario gives as text. */
  readonly voice: SpeakingVoice;
  /** Recordings' paths start here: the scenario's own folder. */
  readonly folder: string;
}

const LINE_RATE = 8_000;

/** Makes all of a scenario's speech, so that the caller answers at once when the call is on. */
export async function prepareCaller(
  scenario: Scenario,
  { voice, folder }: Studio,
  signal: AbortSignal,
): Promise<ScriptedCaller> {
  const make = (speech: Speech): Promise<Utterance> =>
    makeSpeech(speech, scenario.levelDb, { voice, folder }, signal);
  const moves: Move[] = [];
  for (const step of scenario.steps) moves.push(...(await movesOf(step, make)));
  return new ScriptedCaller({
    moves,
    background: await backgroundOf(scenario, folder),
    network: scenario.network ?? null,
    limitMs: scenario.limitMs,
  });
}

/** A caller's voice made of recordings: each text is the file named after its words. */
export function recordedVoice(folder: string): SpeakingVoice {
  return {
    async *synthesize(text) {
      const name = text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '');
      yield await recording(path.join(folder, `${name}.wav`));
    },
  };
}

/** All of a voice's sound for one text, 8 kHz. */
export async function spokenSamples(
  voice: SpeakingVoice,
  text: string,
  signal: AbortSignal,
): Promise<Int16Array> {
  const frames: AudioFrame[] = [];
  for await (const frame of voice.synthesize(text, signal)) frames.push(frame);
  return onTheLine(frames);
}

async function makeSpeech(
  speech: Speech,
  voiceDb: number,
  { voice, folder }: Studio,
  signal: AbortSignal,
): Promise<Utterance> {
  const levelDb = voiceDb + speech.levelDb;
  if (speech.wav !== undefined) {
    return utteranceOf(onTheLine([await recording(path.resolve(folder, speech.wav))]), levelDb);
  }
  const parts: Utterance[] = [];
  for (const text of speech.parts ?? [speech.text ?? '']) {
    parts.push(utteranceOf(await spokenSamples(voice, text, signal), levelDb));
  }
  return joined(parts, speech.pauseMs);
}

async function backgroundOf(
  { background, levelDb, network }: Scenario,
  folder: string,
): Promise<{ next(): Float32Array } | null> {
  if (!background) return null;
  const rms = NOMINAL_RMS * ratio(levelDb + background.levelDb);
  if (background.noise) return new Noise(background.noise, rms, network?.seed ?? 1);
  const sound = await recording(path.resolve(folder, background.wav ?? ''));
  return new LoopedSound(onTheLine([sound]), rms);
}

async function recording(file: string): Promise<AudioFrame> {
  const { samples, sampleRate } = readWav(await readFile(file));
  return { samples: samples[0] ?? new Int16Array(0), sampleRate };
}

function onTheLine(frames: readonly AudioFrame[]): Int16Array {
  const [first] = frames;
  if (!first) return new Int16Array(0);
  const resampler = new Resampler(first.sampleRate, LINE_RATE);
  const runs = [...frames.map(({ samples }) => resampler.process(samples)), resampler.flush()];
  const whole = new Int16Array(runs.reduce((sum, run) => sum + run.length, 0));
  runs.reduce((at, run) => {
    whole.set(run, at);
    return at + run.length;
  }, 0);
  return whole;
}
