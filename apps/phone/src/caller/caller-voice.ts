import path from 'node:path';
import { FLITE_VOICES, FliteSynthesizer, findPiper, PiperSynthesizer } from '@earshot/local';
import { recordedVoice, type SpeakingVoice } from './prepare-caller.ts';
import type { Scenario } from './scenario.ts';

export interface CallerVoiceOptions {
  readonly engines: 'small' | 'real';
  /** Holds `piper-*` and `espeak-ng-data` for real engines. */
  readonly modelsDir: string;
  /** The scenario's own: recordings' paths start here. */
  readonly folder: string;
}

export type CallerVoice = SpeakingVoice & AsyncDisposable;

/** The voice that a scenario asks for cannot be had. */
class VoiceError extends Error {
  override readonly name = 'VoiceError';
  readonly code = 'no-voice';
}

/** Unlike the server's usual one, so that the two can be told apart where both are there. */
const USUAL_PIPER = 'en_US-joe-medium';

/** Opens what speaks a scenario's texts: recordings, a small engine's voice, or Piper. */
export async function openCallerVoice(
  voice: Scenario['voice'],
  { engines, modelsDir, folder }: CallerVoiceOptions,
  signal: AbortSignal,
): Promise<CallerVoice> {
  if (typeof voice === 'object') return withoutEnd(recordedVoice(path.resolve(folder, voice.wavs)));
  if (engines === 'real') return openPiper(modelsDir, signal);
  const name = FLITE_VOICES.find((one) => one === voice);
  if (!name) throw new VoiceError(`No voice "${voice}"; there are ${FLITE_VOICES.join(', ')}`);
  return FliteSynthesizer.open({ voice: name }, signal);
}

function withoutEnd(voice: SpeakingVoice): CallerVoice {
  return { synthesize: voice.synthesize, [Symbol.asyncDispose]: async () => {} };
}

async function openPiper(modelsDir: string, signal: AbortSignal): Promise<CallerVoice> {
  const voice = findPiper(modelsDir, USUAL_PIPER);
  if (!voice) throw new VoiceError(`No Piper voice in ${modelsDir} (MODELS_DIR)`);
  return PiperSynthesizer.open(voice, {}, signal);
}
