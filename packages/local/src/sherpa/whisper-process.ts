import type { AudioFrame } from '@earshot/audio';
import sherpa from 'sherpa-onnx-node';
import { floatSamples } from '../host/float-samples.ts';
import { serve } from '../host/serve.ts';

export interface WhisperOptions {
  readonly encoder: string;
  readonly decoder: string;
  readonly tokens: string;
  readonly language: string;
  readonly threads: number;
}

export type WhisperEngine = ReturnType<typeof open>;

const SAMPLE_RATE = 16_000;

/** Below 100 samples the engine takes the process with it; this much is also the least it can use. */
const FEWEST_SAMPLES = 1600;

/** 20 s of silence: with 10 s twice, with 0.5 s six times as many words are wrong. */
const TAIL_PADDINGS = 2000;

function open({ encoder, decoder, tokens, language, threads }: WhisperOptions) {
  const whisper = {
    encoder,
    decoder,
    language,
    task: 'transcribe',
    tailPaddings: TAIL_PADDINGS,
  } as const;
  const recognizer = new sherpa.OfflineRecognizer({
    featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
    modelConfig: { whisper, tokens, numThreads: threads, provider: 'cpu' },
    decodingMethod: 'greedy_search',
  });

  function recognize(utterance: AudioFrame): string {
    const samples = floatSamples(utterance, SAMPLE_RATE);
    if (samples.length < FEWEST_SAMPLES) return '';
    const stream = recognizer.createStream();
    stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
    recognizer.decode(stream);
    return recognizer.getResult(stream).text.trim();
  }

  recognize({ samples: new Int16Array(SAMPLE_RATE), sampleRate: SAMPLE_RATE });
  return { recognize };
}

serve(open);
