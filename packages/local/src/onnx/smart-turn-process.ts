import type { AudioFrame } from '@earshot/audio';
import ort from 'onnxruntime-node';
import { floatSamples } from '../host/float-samples.ts';
import { serve } from '../host/serve.ts';
import { BANDS, FRAMES, logMel, SAMPLE_RATE } from './log-mel.ts';
import { openSession } from './session.ts';

export interface SmartTurnOptions {
  readonly model: string;
}

const WARM_UPS = 6;
const WARM_UP_SAMPLES = 8 * SAMPLE_RATE;

export type SmartTurnEngine = Awaited<ReturnType<typeof open>>;

async function open({ model }: SmartTurnOptions) {
  const session = await openSession(model);

  async function estimate(audio: AudioFrame): Promise<number> {
    const heard = floatSamples(audio, SAMPLE_RATE);
    const features = new ort.Tensor('float32', logMel(heard), [1, BANDS, FRAMES]);
    const { logits } = await session.run({ input_features: features });
    // Named logits, and yet already a probability: the sigmoid is in the model.
    const probability = logits?.data[0];
    if (typeof probability === 'number') return probability;
    throw new Error('The model answers in another shape: is this Smart Turn 3?');
  }

  // The first features take four times as long, until they are compiled.
  const samples = Int16Array.from({ length: WARM_UP_SAMPLES }, (_, i) => (i * 7919) % 2000);
  const noise = { samples, sampleRate: SAMPLE_RATE };
  for (let times = 0; times < WARM_UPS; times++) logMel(floatSamples(noise, SAMPLE_RATE));
  await estimate(noise);
  return { estimate };
}

serve(open);
