import { setImmediate } from 'node:timers/promises';
import type { AudioFrame } from '@earshot/audio';
import { serve } from '../host/serve.ts';
import { Flite, type FliteVoice } from './flite.ts';

export interface FliteRequest {
  readonly text: string;
  readonly voice: FliteVoice;
}

export type FliteEngine = Awaited<ReturnType<typeof open>>;

const MAX_FRAME_MS = 100;

async function open() {
  const flite = await Flite.load();

  async function* synthesize(
    { text, voice }: FliteRequest,
    signal: AbortSignal,
  ): AsyncGenerator<AudioFrame, void> {
    for await (const speech of flite.speak(text, voice)) {
      if (signal.aborted) return;
      yield* cut(speech);
      // The engine blocks; only between two sentences can the process hear that it is to stop.
      await setImmediate();
    }
  }

  for await (const _speech of flite.speak('Hello.', 'rms'));
  return { synthesize };
}

/** Frames of one length, as near to 100 ms as they come. Speech is never shorter than 80 ms. */
function* cut({ samples, sampleRate }: AudioFrame): Generator<AudioFrame> {
  const count = Math.ceil((samples.length * 1000) / sampleRate / MAX_FRAME_MS);
  const at = (i: number) => Math.round((i * samples.length) / count);
  for (let i = 0; i < count; i++) yield { samples: samples.subarray(at(i), at(i + 1)), sampleRate };
}

serve(open);
