import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestCore, core } from './core.ts';
import { initialState } from './filter-core.ts';
import { COARSE_BITS, filterBank } from './kernel.ts';
import { decodeMulaw, encodeMulaw } from './mulaw.ts';
import { MulawDecoder, MulawEncoder } from './mulaw-stream.ts';
import { Resampler } from './resampler.ts';
import { typescriptCore } from './typescript-core.ts';
import { wasmCore } from './wasm-core.ts';

const PAIRS: [from: number, to: number][] = [
  [8000, 16_000],
  [16_000, 8000],
  [24_000, 8000],
  [22_050, 8000],
  [8000, 22_050],
  [48_000, 44_100],
  [11_025, 16_000],
  [192_000, 4000],
  [4000, 192_000],
  [8000, 7999],
  [16_000, 16_000],
];

const samples = (maxLength: number) => fc.int16Array({ maxLength });
const cuts = fc.array(fc.nat(400), { maxLength: 40 });

/** All of the input in pieces, the last of which takes what is left. */
function* pieces<T extends Int16Array | Uint8Array>(whole: T, lengths: number[]): Iterable<T> {
  let at = 0;
  for (const length of lengths) {
    yield whole.subarray(at, at + length) as T;
    at = Math.min(whole.length, at + length);
  }
  yield whole.subarray(at) as T;
}

const joined = (parts: Iterable<ArrayLike<number>>): number[] =>
  [...parts].flatMap((part) => Array.from(part));

describe.each(PAIRS)('from %i to %i', (from, to) => {
  test('no sample is lost or doubled: output length is input length × ratio ± 1', () => {
    fc.assert(
      fc.property(samples(2000), cuts, (input, lengths) => {
        const resampler = new Resampler(from, to);
        const parts = [...pieces(input, lengths)].map((piece) => resampler.process(piece));
        const { length } = joined([...parts, resampler.flush()]);
        expect(Math.abs(length - (input.length * to) / from)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });

  test('pieces of any length give what one piece gives, bit for bit', () => {
    fc.assert(
      fc.property(samples(2000), cuts, (input, lengths) => {
        const [whole, cut] = [new Resampler(from, to), new Resampler(from, to)];
        const parts = [...pieces(input, lengths)].map((piece) => cut.process(piece));
        expect(joined([...parts, cut.flush()])).toEqual(
          joined([whole.process(input), whole.flush()]),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('wasm and TypeScript agree bit for bit, also on full scale', () => {
    fc.assert(
      fc.property(samples(2000), fc.boolean(), (input, loud) => {
        const signal = loud ? input.map((x) => (x < 0 ? -32_768 : 32_767)) : input;
        const [wasm, oracle] = [new Resampler(from, to), new Resampler(from, to, typescriptCore)];
        expect(wasm.process(signal)).toEqual(oracle.process(signal));
        expect(wasm.flush()).toEqual(oracle.flush());
      }),
      { numRuns: 20 },
    );
  });

  test('a run longer than a block gives what short ones give', () => {
    const input = Int16Array.from({ length: 9001 }, (_, i) => ((i * 7919) % 65_536) - 32_768);
    const [whole, cut] = [new Resampler(from, to), new Resampler(from, to)];
    const lengths = new Array(12).fill(800);
    const parts = [...pieces(input, lengths)].map((piece) => cut.process(piece));
    expect(whole.process(input)).toEqual(Int16Array.from(joined(parts)));
  });

  test('an output comes as soon as the delay has passed', () => {
    const resampler = new Resampler(from, to);
    let outputs = 0;
    for (let i = 0; i < 400; i++) {
      const before = outputs;
      outputs += resampler.process(new Int16Array(1)).length;
      for (let k = before; k < outputs; k++) {
        expect(i / from - k / to).toBeLessThanOrEqual(resampler.delayMs / 1000 + 1e-9);
      }
    }
  });

  test('after a reset or a flush nothing of the old stream is heard', () => {
    const resampler = new Resampler(from, to);
    resampler.process(new Int16Array(500).fill(20_000));
    resampler.reset();
    expect(Math.max(0, ...resampler.process(new Int16Array(500)))).toBe(0);
    resampler.process(new Int16Array(500).fill(20_000));
    resampler.flush();
    expect(Math.max(0, ...resampler.process(new Int16Array(500)))).toBe(0);
  });

  test('no input overflows the 32-bit sums, and what a call keeps is small', () => {
    const bank = filterBank(from, to);
    const rowSums = Array.from({ length: bank.phases }, (_, phase) => {
      const row = bank.coefficients.subarray(phase * bank.taps * 2, (phase + 1) * bank.taps * 2);
      return row.reduce((sum, c, i) => (i % 16 < 8 ? sum + Math.abs(c) : sum), 0);
    });
    expect(Math.max(...rowSums)).toBeLessThan(2 ** 31 / 32_768);
    expect(Math.max(...rowSums)).toBeGreaterThanOrEqual(2 ** COARSE_BITS);
    expect(initialState(bank).history.byteLength).toBeLessThan(from > 48_000 ? 4096 : 600);
  });
});

describe('speech at the phone', () => {
  const TONES = [300, 700, 1004, 1900, 2600, 3100, 3400];

  test.each(PAIRS.slice(0, 5))('delays %i to %i by less than 1.3 ms', (from, to) => {
    expect(new Resampler(from, to).delayMs).toBeLessThan(1.3);
  });

  test.each(PAIRS.slice(0, 5))('keeps 80 dB between voice and error from %i to %i', (from, to) => {
    for (const tone of TONES) {
      const { snrDb, gainDb, lateMs } = throughTone(from, to, tone);
      expect(snrDb, `${tone} Hz`).toBeGreaterThan(80);
      expect(Math.abs(gainDb), `${tone} Hz`).toBeLessThan(tone < 3400 ? 0.15 : 0.6);
      expect(Math.abs(lateMs), `${tone} Hz`).toBeLessThan(0.03);
    }
  });

  test.each(PAIRS.slice(1, 4))('leaves nothing above -80 dB to alias from %i to %i', (from, to) => {
    for (let tone = 4010; tone < from / 2; tone += 97) {
      expect(throughTone(from, to, tone).outDb, `${tone} Hz`).toBeLessThan(-80);
    }
  });

  test('a full-scale square wave is limited, not wrapped', () => {
    const square = Int16Array.from({ length: 2400 }, (_, i) => (i % 60 < 30 ? 32_767 : -32_768));
    const output = new Resampler(24_000, 8000).process(square);
    for (let i = 40; i < output.length; i++) {
      const phase = i % 20;
      if (phase > 2 && phase < 8) expect(output[i]).toBeGreaterThan(28_000);
      if (phase > 12 && phase < 18) expect(output[i]).toBeLessThan(-28_000);
    }
  });
});

/** A tone at -1 dBFS through a resampler, against the best fitting tone. */
function throughTone(from: number, to: number, hertz: number) {
  const amplitude = 29_204;
  const angle = (2 * Math.PI * hertz) / from;
  const input = Int16Array.from({ length: from }, (_, i) =>
    Math.round(amplitude * Math.sin(angle * i)),
  );
  const output = new Resampler(from, to).process(input);
  const settled = output.subarray(Math.ceil(to / 50), Math.ceil(to / 50) + Math.floor(to / 2));
  const turn = (2 * Math.PI * hertz) / to;
  const start = Math.ceil(to / 50);
  let [sine, cosine, power] = [0, 0, 0];
  settled.forEach((y, i) => {
    sine += (y * Math.sin(turn * (start + i)) * 2) / settled.length;
    cosine += (y * Math.cos(turn * (start + i)) * 2) / settled.length;
    power += (y * y) / settled.length;
  });
  let error = 0;
  settled.forEach((y, i) => {
    const t = turn * (start + i);
    error += (y - sine * Math.sin(t) - cosine * Math.cos(t)) ** 2 / settled.length;
  });
  const toneDb = (meanSquare: number) => 10 * Math.log10(meanSquare / (amplitude ** 2 / 2));
  return {
    snrDb: 10 * Math.log10((power - error) / error),
    gainDb: toneDb((sine ** 2 + cosine ** 2) / 2),
    outDb: toneDb(power),
    lateMs: (-Math.atan2(cosine, sine) / (2 * Math.PI * hertz)) * 1000,
  };
}

describe('codec and resampler in one pass', () => {
  test.each([8000, 16_000, 22_050, 24_000])('decodes to %i as the two passes do', (rate) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 800 }), cuts, (codes, lengths) => {
        const [decoder, resampler] = [new MulawDecoder(rate), new Resampler(8000, rate)];
        const twin = new MulawDecoder(rate, typescriptCore);
        const parts = [...pieces(codes, lengths)];
        const expected = Array.from(resampler.process(decodeMulaw(codes)));
        expect(joined(parts.map((piece) => decoder.process(piece)))).toEqual(expected);
        expect(joined(parts.map((piece) => twin.process(piece)))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test.each([8000, 16_000, 22_050, 24_000])('encodes from %i as the two passes do', (rate) => {
    fc.assert(
      fc.property(samples(2000), cuts, (input, lengths) => {
        const [encoder, resampler] = [new MulawEncoder(rate), new Resampler(rate, 8000)];
        const twin = new MulawEncoder(rate, typescriptCore);
        const parts = [...pieces(input, lengths)];
        const expected = [
          ...encodeMulaw(resampler.process(input)),
          ...encodeMulaw(resampler.flush()),
        ];
        const through = (stream: MulawEncoder) =>
          joined([...parts.map((piece) => stream.process(piece)), stream.flush()]);
        expect(through(encoder)).toEqual(expected);
        expect(through(twin)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('at 8,000 a code comes out at once', () => {
    expect(new MulawDecoder(8000).process(Uint8Array.of(0x80))).toEqual(Int16Array.of(32_124));
    expect(new MulawEncoder(8000).process(Int16Array.of(32_124))).toEqual(Uint8Array.of(0x80));
    expect(new MulawEncoder(8000).flush()).toEqual(new Uint8Array());
  });

  test('a reset forgets the stream', () => {
    const [decoder, encoder] = [new MulawDecoder(16_000), new MulawEncoder(24_000)];
    decoder.process(new Uint8Array(160));
    decoder.reset();
    expect(decoder.process(new Uint8Array(40).fill(0xff))).toEqual(new Int16Array(62));
    encoder.process(new Int16Array(480).fill(9000));
    encoder.reset();
    expect(encoder.process(new Int16Array(240))).toEqual(new Uint8Array(71).fill(0xff));
  });
});

describe('the core', () => {
  test('streams of many calls, in turn on one memory, do not hear one another', () => {
    const calls = PAIRS.slice(0, 5).map(([from, to], i) => ({
      shared: new Resampler(from, to),
      alone: new Resampler(from, to, typescriptCore),
      frame: new Int16Array(from / 50).fill(1000 * (i + 1)),
    }));
    for (let round = 0; round < 5; round++) {
      for (const { shared, alone, frame } of calls) {
        expect(shared.process(frame)).toEqual(alone.process(frame));
      }
    }
  });

  test('is the wasm after a build', () => {
    expect(core).not.toBe(typescriptCore);
  });

  test('is TypeScript when the wasm was not built or does not compile', async () => {
    expect(await bestCore(() => Promise.reject(new Error('not built')))).toBe(typescriptCore);
    expect(await bestCore(async () => ({ FILTER_WASM: 'AGFzbQ==' }))).toBe(typescriptCore);
    expect(() => wasmCore('not base64!')).toThrow();
  });

  test.each([0, -8000, 3999, 192_001, 8000.5, Number.NaN])('%d is no sample rate', (rate) => {
    expect(() => new Resampler(rate, 8000)).toThrow(RangeError);
    expect(() => new Resampler(8000, rate)).toThrow(RangeError);
    expect(() => new MulawDecoder(rate)).toThrow(RangeError);
    expect(() => new MulawEncoder(rate)).toThrow(RangeError);
  });
});
