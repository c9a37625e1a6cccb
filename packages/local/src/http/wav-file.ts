import { type AudioFrame, Resampler, WavWriter } from '@earshot/audio';

/** What Whisper was made for; its servers take it without converting. */
const WHISPER_RATE = 16_000;

/** The utterance as a 16 kHz, 16 bit, mono WAV file. */
export async function wavFile({ samples, sampleRate }: AudioFrame): Promise<Blob> {
  const resampler = new Resampler(sampleRate, WHISPER_RATE);
  const pieces = new Map<number, Uint8Array<ArrayBuffer>>();
  const sink = {
    write: (bytes: Uint8Array, position: number) => void pieces.set(position, bytes.slice()),
  };
  const format = { sampleRate: WHISPER_RATE, channels: 1, encoding: 'pcm16' } as const;
  await using writer = new WavWriter(sink, format);
  await writer.write(resampler.process(samples));
  await writer.write(resampler.flush());
  await writer.close();
  const inOrder = [...pieces].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
  return new Blob(inOrder, { type: 'audio/wav' });
}
