import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EnergyVoiceDetector } from './energy-voice-detector.ts';

/** Each character is 100 ms: '#' a voice, '.' the line's noise. */
function sound(picture: string, noise: number, voice: number): Int16Array {
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 1_073_741_823 - 1;
  };
  return Int16Array.from({ length: picture.length * 800 }, (_, i) => {
    const voiced = picture[Math.floor(i / 800)] === '#' ? voice * Math.sin(i * 0.2) : 0;
    return voiced + noise * random();
  });
}

/** What is thought at the end of each 100 ms. */
function heard(picture: string, noise: number, voice: number): string {
  const stream = new EnergyVoiceDetector().open();
  const samples = sound(picture, noise, voice);
  return Array.from(picture, (_, i) => {
    const frame = samples.subarray(i * 800, (i + 1) * 800);
    return stream.hear({ samples: frame, sampleRate: 8000 }) > 0.5 ? '#' : '.';
  }).join('');
}

test.each([
  ['a clear voice', 20, 8000],
  ['a quiet voice', 5, 400],
  ['a voice over a noisy line', 60, 3000],
])('%s is told from the pauses', (_what, noise, voice) => {
  const picture = '...###..####.....##...';
  expect(heard(picture, noise, voice)).toBe(picture);
});

test('silence is no voice', () => {
  expect(heard('..........', 0, 0)).toBe('..........');
});

test('noise that stays becomes the floor, and a voice above it is still heard', () => {
  const picture = `${'.'.repeat(40)}###...###`;
  expect(heard(picture, 1000, 12_000).slice(-9)).toBe('###...###');
});

test('a speaker who begins with the call is heard', () => {
  expect(heard('#####..###', 20, 5000)).toBe('#####..###');
});

test('frames of any size give the same answer', () => {
  const samples = sound('..##..###..', 30, 4000);
  const whole = new EnergyVoiceDetector().open().hear({ samples, sampleRate: 8000 });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 30 }), (sizes) => {
      const stream = new EnergyVoiceDetector().open();
      let at = 0;
      for (const size of sizes) {
        stream.hear({ samples: samples.subarray(at, at + size), sampleRate: 8000 });
        at += size;
      }
      expect(stream.hear({ samples: samples.subarray(at), sampleRate: 8000 })).toBe(whole);
    }),
    { numRuns: 50 },
  );
});
