import { decodeAlaw } from './alaw.ts';
import { decodeMulaw } from './mulaw.ts';
import { WavError } from './wav-error.ts';

/** What a WAV file holds. */
export interface Wav {
  /** One array for each channel, all of one length. */
  readonly samples: Int16Array[];
  readonly sampleRate: number;
}

interface Format {
  readonly encoding: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly sampleBytes: number;
}

const PCM = 1;
const FLOAT = 3;
const ALAW = 6;
const MULAW = 7;
const EXTENSIBLE = 0xfffe;

/**
 * Reads PCM of 8, 16, 24 and 32 bits, 32-bit float, µ-law and A-law, of any rate and number of
 * channels. What is cut off at the end is left out. Throws a WavError for anything else.
 */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') {
    throw new WavError('wav-malformed', 'No RIFF/WAVE header');
  }
  let format: Format | null = null;
  for (const { name, body } of chunks(view)) {
    if (name === 'fmt ') format = readFormat(body);
    if (name !== 'data') continue;
    if (!format) throw new WavError('wav-malformed', 'Data without a format before it');
    return { samples: readSamples(body, format), sampleRate: format.sampleRate };
  }
  throw new WavError('wav-malformed', format ? 'No data' : 'No format');
}

// Chunks begin on even bytes. Streamed files give the last one a size of 0xffffffff.
function* chunks(view: DataView): Iterable<{ name: string; body: DataView }> {
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    const present = Math.min(size, view.byteLength - at - 8);
    yield {
      name: tag(view, at),
      body: new DataView(view.buffer, view.byteOffset + at + 8, present),
    };
    at += 8 + size + (size % 2);
  }
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

function readFormat(body: DataView): Format {
  if (body.byteLength < 16) throw new WavError('wav-malformed', 'Format cut off');
  const plain = body.getUint16(0, true);
  // The true encoding of WAVE_FORMAT_EXTENSIBLE is the first word of its sub-format.
  const encoding = plain === EXTENSIBLE && body.byteLength >= 26 ? body.getUint16(24, true) : plain;
  const bits = body.getUint16(14, true);
  const format = {
    encoding,
    channels: body.getUint16(2, true),
    sampleRate: body.getUint32(4, true),
    sampleBytes: bits / 8,
  };
  if (format.channels === 0) throw new WavError('wav-malformed', 'No channels');
  if (format.sampleRate === 0) throw new WavError('wav-malformed', 'No sample rate');
  if (!sampleReader(format)) {
    throw new WavError('wav-unsupported', `Encoding ${encoding} with ${bits} bits`);
  }
  return format;
}

type SampleReader = (body: DataView, at: number) => number;

function sampleReader({ encoding, sampleBytes }: Format): SampleReader | null {
  if (encoding === PCM) return PCM_READERS[sampleBytes] ?? null;
  if (encoding === FLOAT && sampleBytes === 4) return readFloat;
  if (sampleBytes !== 1) return null;
  if (encoding === MULAW) return (body, at) => MULAW_SAMPLES[body.getUint8(at)] ?? 0;
  if (encoding === ALAW) return (body, at) => ALAW_SAMPLES[body.getUint8(at)] ?? 0;
  return null;
}

const EVERY_CODE = Uint8Array.from({ length: 256 }, (_, code) => code);
const MULAW_SAMPLES = decodeMulaw(EVERY_CODE);
const ALAW_SAMPLES = decodeAlaw(EVERY_CODE);

/** By bytes a sample. PCM of 8 bits is unsigned; of wider samples the upper 16 bits are kept. */
const PCM_READERS: Readonly<Record<number, SampleReader>> = {
  1: (body, at) => (body.getUint8(at) - 128) << 8,
  2: (body, at) => body.getInt16(at, true),
  3: (body, at) => body.getInt16(at + 1, true),
  4: (body, at) => body.getInt16(at + 2, true),
};

function readFloat(body: DataView, at: number): number {
  const sample = Math.round(body.getFloat32(at, true) * 32_768);
  return Math.max(-32_768, Math.min(32_767, sample));
}

function readSamples(body: DataView, format: Format): Int16Array[] {
  const { channels, sampleBytes } = format;
  const read = sampleReader(format) ?? (() => 0);
  const length = Math.floor(body.byteLength / (channels * sampleBytes));
  return Array.from({ length: channels }, (_, channel) =>
    Int16Array.from({ length }, (_, i) => read(body, (i * channels + channel) * sampleBytes)),
  );
}
