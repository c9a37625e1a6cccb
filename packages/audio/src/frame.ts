/** A short run of PCM samples, mono, 16 bit. Whoever passes a frame on no longer writes to it. */
export interface AudioFrame {
  readonly samples: Int16Array;
  /** Samples a second, for example 8000 on the phone. */
  readonly sampleRate: number;
}

/** How long the frame sounds, in milliseconds (not rounded). */
export function durationMs({ samples, sampleRate }: AudioFrame): number {
  return (samples.length * 1000) / sampleRate;
}
