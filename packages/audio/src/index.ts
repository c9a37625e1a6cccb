export { decodeAlaw, encodeAlaw } from './alaw.ts';
export { type AudioFrame, durationMs } from './frame.ts';
export { levelDbfs, peak } from './level.ts';
export { decodeMulaw, encodeMulaw } from './mulaw.ts';
export { MulawDecoder, MulawEncoder } from './mulaw-stream.ts';
export { Resampler } from './resampler.ts';
export { WavError } from './wav-error.ts';
export { readWav, type Wav } from './wav-reader.ts';
export { type WavFormat, type WavSink, WavWriter } from './wav-writer.ts';
