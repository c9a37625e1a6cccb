import type { AudioFrame } from '@earshot/audio';
import type { VoiceDetector } from '@earshot/conversation';
import type { SileroVoiceDetector } from '@earshot/local';

/** Times that audio is heard again because the engine, on a busy machine, did not answer in time. */
const ATTEMPTS = 5;

/**
 * Hears this audio once and answers every agent that is then given the same audio, so that all are
 * told the same, and at once. Throws when the engine is too slow to be heard.
 */
export async function replayedVoice(
  detector: SileroVoiceDetector,
  frames: readonly AudioFrame[],
  signal: AbortSignal,
): Promise<VoiceDetector> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { unanswered } = detector.stats;
    const probabilities = await heard(detector, frames, signal);
    if (detector.stats.unanswered === unanswered) return replay(probabilities);
  }
  throw new Error('The voice detector did not keep up: this machine is too busy');
}

async function heard(
  detector: VoiceDetector,
  frames: readonly AudioFrame[],
  signal: AbortSignal,
): Promise<number[]> {
  using stream = detector.open();
  const probabilities: number[] = [];
  for (const frame of frames) {
    signal.throwIfAborted();
    probabilities.push(await stream.hear(frame));
  }
  return probabilities;
}

function replay(probabilities: readonly number[]): VoiceDetector {
  return {
    open() {
      let at = 0;
      return { hear: () => probabilities[at++] ?? 0, [Symbol.dispose]() {} };
    },
  };
}
