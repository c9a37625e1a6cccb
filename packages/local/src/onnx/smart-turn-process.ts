import { type AudioFrame, Resampler } from '@earshot/audio';
import ort from 'onnxruntime-node';
import { serve } from '../host/serve.ts';
import { BANDS, FRAMES, logMel, SAMPLE_RATE } from './log-mel.ts';
import { openSession } from './session.ts';

export interface SmartTurnOptions {
  readonly model: string;
}

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

  await estimate({ samples: new Int16Array(SAMPLE_RATE), sampleRate: SAMPLE_RATE });
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
