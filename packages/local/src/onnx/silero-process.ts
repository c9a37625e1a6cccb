import { serve } from '../host/serve.ts';
import { SileroModel, type VoiceBatch } from './silero-model.ts';
import { WINDOW_SAMPLES } from './voice-windows.ts';

export interface SileroOptions {
  readonly model: string;
}

export type SileroEngine = Awaited<ReturnType<typeof open>>;

async function open({ model: path }: SileroOptions) {
  const model = await SileroModel.open(path);
  // The first run of a shape is slow.
  for (const streams of [8, 1]) await model.detect(silence(streams));
  await model.detect({ ...silence(0), closed: silence(8).streams });
  return { detect: (batch: VoiceBatch) => model.detect(batch) };
}

function silence(streams: number): VoiceBatch {
  return {
    streams: Uint32Array.from({ length: streams }, (_, i) => i),
    samples: new Int16Array(streams * WINDOW_SAMPLES),
    closed: new Uint32Array(0),
  };
}

serve(open);
