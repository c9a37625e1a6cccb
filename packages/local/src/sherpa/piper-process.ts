import type { AudioFrame } from '@earshot/audio';
import sherpa from 'sherpa-onnx-node';
import { serve } from '../host/serve.ts';
import { cutFrames } from './cut-frames.ts';

export interface PiperOptions {
  readonly model: string;
  readonly tokens: string;
  /** espeak-ng's data. The first one that a process opens stays for all its voices. */
  readonly dataDir: string;
  readonly threads: number;
  readonly noiseScale: number;
  readonly noiseScaleW: number;
  readonly lengthScale: number;
}

export interface PiperRequest {
  readonly text: string;
  readonly speaker: number;
}

export type PiperEngine = Awaited<ReturnType<typeof open>>;

async function open({ model, tokens, dataDir, threads, ...inference }: PiperOptions) {
  const tts = new sherpa.OfflineTts({
    model: {
      vits: { model, tokens, dataDir, ...inference },
      numThreads: threads,
      provider: 'cpu',
    },
    maxNumSentences: 1,
  });

  /** Streams each sentence as soon as it is there; returns the length of the speech. */
  async function* synthesize(
    { text, speaker: sid }: PiperRequest,
    signal: AbortSignal,
  ): AsyncGenerator<AudioFrame, { audioMs: number }> {
    const sentences: Float32Array[] = [];
    let news = Promise.withResolvers<void>();
    let over = false;
    const onProgress = ({ samples }: { samples: Float32Array }) => {
      sentences.push(samples);
      news.resolve();
      return !signal.aborted;
    };
    const request = { text, sid, speed: 1, enableExternalBuffer: false, onProgress };
    const generated = tts.generateAsync(request).finally(() => {
      over = true;
      news.resolve();
    });
    let samplesSent = 0;
    try {
      while (!signal.aborted) {
        const sentence = sentences.shift();
        if (sentence) {
          yield* cutFrames(sentence, tts.sampleRate);
          samplesSent += sentence.length;
        } else if (over) break;
        else {
          await news.promise;
          news = Promise.withResolvers();
        }
      }
    } finally {
      // The engine is free only when it has ended, also where nobody listens any more.
      await generated;
    }
    return { audioMs: (samplesSent * 1000) / tts.sampleRate };
  }

  for await (const _frame of synthesize(
    { text: 'Hello.', speaker: 0 },
    AbortSignal.timeout(60_000),
  ));
  return { synthesize };
}

serve(open);
