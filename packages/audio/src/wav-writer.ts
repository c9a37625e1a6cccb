import { encodeMulaw } from './mulaw.ts';

/** Where a WAV file is written to, for example an open file. Positions are bytes from its start. */
export interface WavSink {
  write(bytes: Uint8Array, position: number): void | Promise<void>;
}

export interface WavFormat {
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly encoding: 'pcm16' | 'mulaw';
}

const HEADER_BYTES = 58;
/** RIFF sizes are 32-bit numbers; this one also says "to the end of the file", as after a crash. */
const LARGEST_SIZE = 0xffff_ffff;

/**
 * Writes a WAV file as the audio comes, and holds none of it. Until it is closed its header says
 * "to the end of the file", which readers take for what is there: a crash loses no audio.
 * Writes happen one after the other; the first failed one fails all that follow.
 */
export class WavWriter implements AsyncDisposable {
  readonly #sink: WavSink;
  readonly #format: WavFormat;
  #dataBytes = 0;
  #last: Promise<void> = Promise.resolve();
  #begun = false;
  #closed = false;

  constructor(sink: WavSink, format: WavFormat) {
    this.#sink = sink;
    this.#format = format;
  }

  /**
   * Appends a run of audio, one array of equal length for each channel; resolves when it is written.
   * Throws a TypeError for other channels than the format's, and after `close`.
   */
  write(...channels: readonly Int16Array[]): Promise<void> {
    if (this.#closed) throw new TypeError('The WAV file is closed');
    const bytes = this.#encode(interleave(channels, this.#format.channels));
    const position = HEADER_BYTES + this.#dataBytes;
    this.#dataBytes += bytes.length;
    return this.#enqueue(bytes, position);
  }

  /** Puts the true sizes into the header. Closing twice does nothing. */
  close(): Promise<void> {
    if (this.#closed) return this.#last;
    this.#closed = true;
    const padding = new Uint8Array(this.#dataBytes % 2);
    return this.#enqueue(
      padding,
      HEADER_BYTES + this.#dataBytes,
      header(this.#format, this.#dataBytes),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #enqueue(bytes: Uint8Array, position: number, lastHeader?: Uint8Array): Promise<void> {
    const firstHeader = this.#begun ? null : header(this.#format, LARGEST_SIZE);
    this.#begun = true;
    this.#last = this.#last.then(async () => {
      if (firstHeader) await this.#sink.write(firstHeader, 0);
      if (bytes.length > 0) await this.#sink.write(bytes, position);
      if (lastHeader) await this.#sink.write(lastHeader, 0);
    });
    return this.#last;
  }

  #encode(samples: Int16Array): Uint8Array {
    if (this.#format.encoding === 'mulaw') return encodeMulaw(samples);
    const bytes = new Uint8Array(samples.length * 2);
    const view = new DataView(bytes.buffer);
    samples.forEach((sample, i) => {
      view.setInt16(i * 2, sample, true);
    });
    return bytes;
  }
}

function interleave(channels: readonly Int16Array[], expected: number): Int16Array {
  if (channels.length !== expected) throw new TypeError(`Not ${expected} channels`);
  const [first = new Int16Array(), second] = channels;
  if (!second) return first;
  if (first.length !== second.length) throw new TypeError('Channels of different length');
  const samples = new Int16Array(first.length * 2);
  for (let i = 0; i < first.length; i++) {
    samples[i * 2] = first[i] ?? 0;
    samples[i * 2 + 1] = second[i] ?? 0;
  }
  return samples;
}

// RIFF with an 18-byte format and the `fact` chunk that every encoding but PCM must have.
function header({ sampleRate, channels, encoding }: WavFormat, dataBytes: number): Uint8Array {
  const sampleBytes = encoding === 'mulaw' ? 1 : 2;
  const frameBytes = sampleBytes * channels;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const tag = (at: number, name: string) => {
    for (let i = 0; i < 4; i++) view.setUint8(at + i, name.charCodeAt(i));
  };
  const riffBytes = HEADER_BYTES - 8 + dataBytes + (dataBytes % 2);
  tag(0, 'RIFF');
  view.setUint32(4, Math.min(LARGEST_SIZE, riffBytes), true);
  tag(8, 'WAVE');
  tag(12, 'fmt ');
  view.setUint32(16, 18, true);
  view.setUint16(20, encoding === 'mulaw' ? 7 : 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, sampleBytes * 8, true);
  tag(38, 'fact');
  view.setUint32(42, 4, true);
  view.setUint32(46, Math.floor(dataBytes / frameBytes), true);
  tag(50, 'data');
  view.setUint32(54, Math.min(LARGEST_SIZE, dataBytes), true);
  return new Uint8Array(view.buffer);
}
