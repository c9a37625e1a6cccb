/** The part of sherpa-onnx-node 1.13.8 that is used here; the package has no types of its own. */
declare module 'sherpa-onnx-node' {
  export interface OfflineStream {
    acceptWaveform(waveform: { readonly samples: Float32Array; readonly sampleRate: number }): void;
  }

  export class OfflineRecognizer {
    constructor(config: {
      readonly featConfig: { readonly sampleRate: number; readonly featureDim: number };
      readonly modelConfig: {
        readonly whisper: {
          readonly encoder: string;
          readonly decoder: string;
          readonly language: string;
          readonly task: 'transcribe';
          /** Frames of 10 ms. */
          readonly tailPaddings: number;
        };
        readonly tokens: string;
        readonly numThreads: number;
        readonly provider: 'cpu';
      };
      readonly decodingMethod: 'greedy_search';
    });
    createStream(): OfflineStream;
    /** Blocks. */
    decode(stream: OfflineStream): void;
    getResult(stream: OfflineStream): { readonly text: string };
  }

  export class OfflineTts {
    constructor(config: {
      readonly model: {
        readonly vits: {
          readonly model: string;
          readonly tokens: string;
          readonly dataDir: string;
          readonly noiseScale: number;
          readonly noiseScaleW: number;
          readonly lengthScale: number;
        };
        readonly numThreads: number;
        readonly provider: 'cpu';
      };
      readonly maxNumSentences: number;
    });
    readonly sampleRate: number;
    readonly numSpeakers: number;
    generateAsync(request: {
      readonly text: string;
      readonly sid: number;
      readonly speed: number;
      readonly enableExternalBuffer: boolean;
      /** Once a sentence; false asks for no more. */
      readonly onProgress: (progress: { readonly samples: Float32Array }) => boolean;
    }): Promise<{ readonly samples: Float32Array; readonly sampleRate: number }>;
  }
}
