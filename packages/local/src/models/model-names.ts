import { findPiper, findWhisper } from '../sherpa/find-models.ts';
import type { FetchOptions } from './fetch-models.ts';

/** What sherpa-onnx has exported of Whisper, the smallest first. */
export const WHISPER_MODELS: readonly string[] = [
  'tiny.en',
  'tiny',
  'base.en',
  'base',
  'small.en',
  'small',
  'distil-small.en',
  'medium.en',
  'medium',
  'distil-medium.en',
  'turbo',
  'distil-large-v2',
  'large-v1',
  'large-v2',
  'large-v3',
];

/** What can be a part of a path, and so of a URL. */
export const WHISPER_NAME = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
export const PIPER_NAME = /^(([a-z]{2,3})_[A-Z]{2,3})-([A-Za-z0-9_]+)-(x_low|low|medium|high)$/;

type WhisperWanted = Pick<FetchOptions, 'modelsDir' | 'mirror' | 'whisperModel'>;

/** The model is known, or here; a mirror may have others than the hub. */
export function isWhisperModel({ modelsDir, mirror, whisperModel }: WhisperWanted): boolean {
  const known = mirror ? WHISPER_NAME.test(whisperModel) : WHISPER_MODELS.includes(whisperModel);
  return known || findWhisper(modelsDir, whisperModel)?.name === whisperModel;
}

/** The voice is named as its authors name theirs, who are too many for a list, or is here. */
export function isPiperVoice({
  modelsDir,
  piperVoice,
}: Pick<FetchOptions, 'modelsDir' | 'piperVoice'>): boolean {
  return PIPER_NAME.test(piperVoice) || findPiper(modelsDir, piperVoice)?.name === piperVoice;
}
