import {
  decodeAlaw,
  decodeMulaw,
  encodeAlaw,
  encodeMulaw,
  MulawDecoder,
  MulawEncoder,
} from '@earshot/audio';
import alawmulaw from 'alawmulaw';
import { beside, type Figure, figure } from './figure.ts';
import type { Section } from './section.ts';
import { microseconds } from './stopwatch.ts';

const { alaw, mulaw } = alawmulaw;
const OTHER = 'alawmulaw';
const PER_FRAME = 'µs per 20 ms';

/** G.711: what a frame costs, and how the two implementations differ. */
export const codec: Section = async () => {
  const samples = Int16Array.from({ length: 160 }, (_, i) => 12_000 * Math.sin(i / 3));
  const codes = encodeMulaw(samples);
  const timed = (name: string, ours: () => unknown, theirs: () => unknown): Figure =>
    beside(name, microseconds(ours), PER_FRAME, OTHER, microseconds(theirs));
  return [
    timed(
      'codec.mulaw_decode_us',
      () => decodeMulaw(codes),
      () => mulaw.decode(codes),
    ),
    timed(
      'codec.mulaw_encode_us',
      () => encodeMulaw(samples),
      () => mulaw.encode(samples),
    ),
    timed(
      'codec.alaw_decode_us',
      () => decodeAlaw(codes),
      () => alaw.decode(codes),
    ),
    timed(
      'codec.alaw_encode_us',
      () => encodeAlaw(samples),
      () => alaw.encode(samples),
    ),
    ...fused(),
    figure('codec.mulaw_codes_unlike_alawmulaw', unlike(encodeMulaw, mulaw.encode), 'of 65536'),
    figure('codec.alaw_codes_unlike_alawmulaw', unlike(encodeAlaw, alaw.encode), 'of 65536'),
  ];
};

/** Codec and resampler in one pass, as a call uses them. */
function fused(): Figure[] {
  const codes = Uint8Array.from({ length: 160 }, (_, i) => i);
  const speech = Int16Array.from({ length: 480 }, (_, i) => 12_000 * Math.sin(i / 9));
  const [decoder, encoder] = [new MulawDecoder(16_000), new MulawEncoder(24_000)];
  const decode = microseconds(() => decoder.process(codes));
  const encode = microseconds(() => encoder.process(speech));
  return [
    figure('codec.mulaw_to_16k_us', decode, PER_FRAME),
    figure('codec.24k_to_mulaw_us', encode, PER_FRAME),
  ];
}

// Ours equals ITU-T G.191 in all of them, as the package's tests show from the standard's tables.
function unlike(
  ours: (samples: Int16Array) => Uint8Array,
  theirs: (samples: Int16Array) => Uint8Array,
): number {
  const every = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
  const expected = ours(every);
  return theirs(every.slice()).reduce((sum, code, i) => sum + Number(code !== expected[i]), 0);
}
