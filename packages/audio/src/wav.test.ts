import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAlaw } from './alaw.ts';
import { decodeMulaw } from './mulaw.ts';
import { WavError } from './wav-error.ts';
import { readWav } from './wav-reader.ts';
import { WavWriter } from './wav-writer.ts';

const bytesOf = (...parts: (string | number[] | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : [...part],
    ),
  );

const u16 = (x: number): number[] => [x & 0xff, x >> 8];
const u32 = (x: number): number[] => [...u16(x & 0xffff), ...u16(x >>> 16)];

function format(encoding: number, channels: number, rate: number, bits: number): number[] {
  const frameBytes = (channels * bits) / 8;
  return [
    ...[encoding, channels].flatMap(u16),
    ...[rate, rate * frameBytes].flatMap(u32),
    ...[frameBytes, bits].flatMap(u16),
  ];
}

const chunk = (name: string, body: number[], size = body.length): Uint8Array =>
  bytesOf(name, u32(size), body, body.length % 2 ? [0] : []);

const wav = (...chunks: Uint8Array[]): Uint8Array => {
  const body = bytesOf(...chunks);
  return bytesOf('RIFF', u32(4 + body.length), 'WAVE', body);
};

const simple = (encoding: number, bits: number, data: number[], channels = 1): Uint8Array =>
  wav(chunk('fmt ', format(encoding, channels, 8000, bits)), chunk('data', data));

const codeOf = (bytes: Uint8Array): string | null => {
  try {
    readWav(bytes);
    return null;
  } catch (error) {
    if (error instanceof WavError) return error.code;
    throw error;
  }
};

describe('reading', () => {
  test.each([
    ['16-bit PCM', 1, 16, [0x34, 0x12, 0x00, 0x80], [0x1234, -32_768]],
    ['8-bit PCM, which is unsigned', 1, 8, [0, 128, 255], [-32_768, 0, 32_512]],
    ['24-bit PCM', 1, 24, [0xff, 0x34, 0x12, 0x00, 0x00, 0x80], [0x1234, -32_768]],
    ['32-bit PCM', 1, 32, [0xff, 0xff, 0x34, 0x12], [0x1234]],
    ['float, limited', 3, 32, [0, 0, 0, 0xbf, 0, 0, 0, 0x40], [-16_384, 32_767]],
    ['µ-law', 7, 8, [0x80, 0xff], Array.from(decodeMulaw(Uint8Array.of(0x80, 0xff)))],
    ['A-law', 6, 8, [0x2a, 0xd5], Array.from(decodeAlaw(Uint8Array.of(0x2a, 0xd5)))],
  ])('%s', (_, encoding, bits, data, expected) => {
    const { samples, sampleRate } = readWav(simple(encoding, bits, data));
    expect(samples).toEqual([Int16Array.from(expected)]);
    expect(sampleRate).toBe(8000);
  });

  test('channels come apart', () => {
    const { samples } = readWav(simple(1, 16, [1, 2, 3, 4].flatMap(u16), 2));
    expect(samples).toEqual([Int16Array.of(1, 3), Int16Array.of(2, 4)]);
  });

  test('the extensible format names its encoding in the sub-format', () => {
    const guid = [...u16(7), 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
    const fields = [...format(0xfffe, 1, 44_100, 8), ...u16(22), ...u16(8), ...u32(4), ...guid];
    const { samples, sampleRate } = readWav(wav(chunk('fmt ', fields), chunk('data', [0x80])));
    expect(samples).toEqual([decodeMulaw(Uint8Array.of(0x80))]);
    expect(sampleRate).toBe(44_100);
  });

  test('other chunks, of odd sizes too, are passed over', () => {
    const bytes = wav(
      chunk('LIST', [1, 2, 3]),
      chunk('fmt ', [...format(1, 1, 8000, 16), 0, 0]),
      chunk('junk', [9]),
      chunk('data', u16(77)),
      chunk('LIST', [0]),
    );
    expect(readWav(bytes).samples).toEqual([Int16Array.of(77)]);
  });

  test.each([
    ['cut off in mid-sample', [1, 0, 2, 0, 3], 1000],
    ['of a size that streams give', [1, 0, 2, 0], 0xffff_ffff],
  ])('data %s is read as far as it goes', (_, data, size) => {
    const head = bytesOf('RIFF', u32(0), 'WAVE', chunk('fmt ', format(1, 1, 8000, 16)));
    const bytes = bytesOf(head, 'data', u32(size), data);
    expect(readWav(bytes).samples).toEqual([Int16Array.of(1, 2)]);
  });

  test('bytes may lie anywhere in a larger buffer', () => {
    const bytes = simple(1, 16, u16(77));
    const larger = bytesOf([9, 9, 9], bytes, [9]);
    expect(readWav(larger.subarray(3, 3 + bytes.length)).samples).toEqual([Int16Array.of(77)]);
  });

  test.each([
    ['nothing', bytesOf()],
    ['another kind of file', bytesOf('OggS', new Uint8Array(100))],
    ['no chunks', wav()],
    ['no data', wav(chunk('fmt ', format(1, 1, 8000, 16)))],
    ['data before the format', wav(chunk('data', [0, 0]))],
    ['a format cut off', wav(chunk('fmt ', [1, 0, 1]), chunk('data', [0, 0]))],
    ['no channels', wav(chunk('fmt ', format(1, 0, 8000, 16)), chunk('data', [0, 0]))],
    ['no rate', wav(chunk('fmt ', format(1, 1, 0, 16)), chunk('data', [0, 0]))],
  ])('%s is malformed', (_, bytes) => {
    expect(codeOf(bytes)).toBe('wav-malformed');
  });

  test.each([
    ['ADPCM', 2, 4],
    ['12-bit PCM', 1, 12],
    ['16-bit µ-law', 7, 16],
    ['64-bit float', 3, 64],
    ['no bits', 1, 0],
  ])('%s is unsupported', (_, encoding, bits) => {
    expect(codeOf(simple(encoding, bits, [0, 0, 0, 0]))).toBe('wav-unsupported');
  });

  test('garbage of any kind is read or gives a WavError', () => {
    const good = simple(1, 16, [1, 2, 3, 4].flatMap(u16), 2);
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.nat(good.length), (changes, length) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        codeOf(bytes.subarray(0, length));
      }),
      { numRuns: 500 },
    );
  });

  const speech = new URL('../../../../shared/speech/', import.meta.url);
  test.skipIf(!existsSync(speech))('reads the human recordings, which are elsewhere', () => {
    const files = readdirSync(speech).filter((name) => name.endsWith('.wav'));
    for (const file of files) {
      const { samples, sampleRate } = readWav(readFileSync(new URL(file, speech)));
      expect((samples[0]?.length ?? 0) / sampleRate, file).toBeGreaterThan(0.5);
    }
  });
});

/** Keeps what is written, like a file that may be read after every write. */
class MemorySink {
  bytes = new Uint8Array();
  largestWrite = 0;

  write(bytes: Uint8Array, position: number): void {
    const grown = new Uint8Array(Math.max(this.bytes.length, position + bytes.length));
    grown.set(this.bytes);
    grown.set(bytes, position);
    this.bytes = grown;
    this.largestWrite = Math.max(this.largestWrite, bytes.length);
  }
}

describe('writing', () => {
  const pcm = (channels: 1 | 2) => ({ sampleRate: 8000, channels, encoding: 'pcm16' }) as const;

  test('what is written is what is read', async () => {
    const runs = fc.array(fc.int16Array({ maxLength: 300 }), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(runs, fc.constantFrom(1, 2), async (parts, channels) => {
        const sink = new MemorySink();
        const writer = new WavWriter(sink, pcm(channels));
        for (const part of parts) {
          await (channels === 1 ? writer.write(part) : writer.write(part, part.toReversed()));
        }
        await writer.close();
        const { samples, sampleRate } = readWav(sink.bytes);
        expect(sampleRate).toBe(8000);
        expect([...(samples[0] ?? [])]).toEqual(parts.flatMap((part) => [...part]));
        const reversed = parts.flatMap((part) => [...part.toReversed()]);
        if (channels === 2) expect([...(samples[1] ?? [])]).toEqual(reversed);
      }),
      { numRuns: 50 },
    );
  });

  test('the header of a closed file has the true sizes', async () => {
    const sink = new MemorySink();
    const writer = new WavWriter(sink, { ...pcm(1), encoding: 'mulaw' });
    await writer.write(Int16Array.of(0, 32_124, 0));
    await writer.close();
    await writer.close();
    const view = new DataView(sink.bytes.buffer);
    expect(sink.bytes.length).toBe(62);
    expect(view.getUint32(4, true)).toBe(62 - 8);
    expect([view.getUint16(20, true), view.getUint16(32, true)]).toEqual([7, 1]);
    expect(view.getUint32(46, true)).toBe(3);
    expect(view.getUint32(54, true)).toBe(3);
    expect(sink.bytes.subarray(58)).toEqual(Uint8Array.of(0xff, 0x80, 0xff, 0));
    expect(readWav(sink.bytes).samples).toEqual([Int16Array.of(0, 32_124, 0)]);
  });

  test('a file that was never closed can be read up to its last write', async () => {
    const sink = new MemorySink();
    const writer = new WavWriter(sink, pcm(1));
    await writer.write(Int16Array.of(1, 2));
    await writer.write(Int16Array.of(3));
    expect(readWav(sink.bytes).samples).toEqual([Int16Array.of(1, 2, 3)]);
  });

  test('a call without sound is a file without samples', async () => {
    const sink = new MemorySink();
    await new WavWriter(sink, pcm(2)).close();
    expect(readWav(sink.bytes).samples).toEqual([new Int16Array(), new Int16Array()]);
  });

  test('no write is larger than the audio it was given', async () => {
    const sink = new MemorySink();
    await using writer = new WavWriter(sink, pcm(1));
    for (let i = 0; i < 100; i++) await writer.write(new Int16Array(160));
    expect(sink.largestWrite).toBe(320);
  });

  test('writes to a slow sink come one after the other', async () => {
    const order: string[] = [];
    const write = async (bytes: Uint8Array, position: number) => {
      order.push(`+${position}`);
      await new Promise<void>((resolve) => queueMicrotask(resolve));
      order.push(`-${position + bytes.length}`);
    };
    const writer = new WavWriter({ write }, pcm(1));
    await Promise.all([writer.write(Int16Array.of(1)), writer.write(Int16Array.of(2))]);
    expect(order).toEqual(['+0', '-58', '+58', '-60', '+60', '-62']);
  });

  test('a failed write fails this and all that follow, and closing', async () => {
    const write = () => Promise.reject(new Error('disk full'));
    const writer = new WavWriter({ write }, pcm(1));
    await expect(writer.write(Int16Array.of(1))).rejects.toThrow('disk full');
    await expect(writer.write(Int16Array.of(1))).rejects.toThrow('disk full');
    await expect(writer.close()).rejects.toThrow('disk full');
  });

  test('the wrong channels and a closed file are refused', async () => {
    const writer = new WavWriter(new MemorySink(), pcm(2));
    expect(() => writer.write(Int16Array.of(1))).toThrow(TypeError);
    expect(() => writer.write(Int16Array.of(1), Int16Array.of(1, 2))).toThrow(TypeError);
    await writer.close();
    expect(() => writer.write(Int16Array.of(1), Int16Array.of(1))).toThrow(TypeError);
  });
});
