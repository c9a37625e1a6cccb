import type { EndOfTurn, VoiceDetector } from '@earshot/conversation';
import { EnergyVoiceDetector } from '../onnx/energy-voice-detector.ts';
import { SileroVoiceDetector } from '../onnx/silero-voice-detector.ts';
import { SmartTurn } from '../onnx/smart-turn.ts';
import { type Candidate, type Chosen, chooseEngine } from './engine-choice.ts';
import type { EnginesOptions } from './engines-options.ts';

export function chooseVoiceDetector(
  { voiceDetector = 'auto' }: EnginesOptions,
  signal: AbortSignal,
): Promise<Chosen<VoiceDetector>> {
  return chooseEngine('voice detector', voiceDetector, [silero, energy], signal);
}

const silero: Candidate<VoiceDetector> = {
  kind: 'silero',
  async open(signal) {
    const engine = await SileroVoiceDetector.open(signal);
    return { engine, name: 'Silero VAD 6.2', why: 'comes with the repository' };
  },
};

const energy: Candidate<VoiceDetector> = {
  kind: 'energy',
  async open() {
    const why = 'the level alone; needs no model';
    return { engine: new EnergyVoiceDetector(), name: 'Loudness', why };
  },
};

export function chooseEndOfTurn(
  { endOfTurn = 'auto' }: EnginesOptions,
  signal: AbortSignal,
): Promise<Chosen<EndOfTurn | null>> {
  return chooseEngine<EndOfTurn | null>('end of turn', endOfTurn, [smartTurn, none], signal);
}

const smartTurn: Candidate<EndOfTurn> = {
  kind: 'smart-turn',
  async open(signal) {
    const engine = await SmartTurn.open(signal);
    return { engine, name: 'Smart Turn 3.2', why: 'comes with the repository' };
  },
};

const none: Candidate<null> = {
  kind: 'none',
  async open() {
    return { engine: null, name: 'Words and pauses', why: 'no model judges the sound' };
  },
};
