import { type AudioFrame, Resampler } from '@earshot/audio';
import ort from 'onnxruntime-node';
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
    const features = new ort.Tensor('float32', logMel(floats(audio)), [1, BANDS, FRAMES]);
    const { logits } = await session.run({ input_features: features });
    // Named logits, and yet already a probability: the sigmoid is in the model.
    const probability = logits?.data[0];
    if (typeof probability === 'number') return probability;
    throw new Error('The model answers in another shape: is this Smart Turn 3?');
  }

  // The first features take four times as long, until they are compiled.
  const noise = Int16Array.from({ length: WARM_UP_SAMPLES }, (_, i) => (i * 7919) % 2000);
  for (let times = 0; times < WARM_UPS; times++)
    logMel(floats({ samples: noise, sampleRate: SAMPLE_RATE }));
  await estimate({ samples: noise, sampleRate: SAMPLE_RATE });
  return { estimate };
}

function floats({ samples, sampleRate }: AudioFrame): Float32Array {
  const resampler = new Resampler(sampleRate, SAMPLE_RATE);
  const [most, rest] = [resampler.process(samples), resampler.flush()];
  const all = new Float32Array(most.length + rest.length);
  all.set(most);
  all.set(rest, most.length);
  return all.map((sample) => sample / 32_768);
}

serve(open);
