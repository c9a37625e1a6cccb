import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  missing,
  readRecording,
  recordings,
  telephone,
  transcripts,
} from '../__fixtures__/real-models.ts';
import { SILERO_MODEL } from './model-assets.ts';
import { SileroModel, type VoiceBatch } from './silero-model.ts';
import { SileroVoiceDetector } from './silero-voice-detector.ts';
import { SmartTurn } from './smart-turn.ts';
import { VoiceWindows } from './voice-windows.ts';

const never = new AbortController().signal;
const noSpeech = missing(transcripts);

const silence = (ms: number) => ({ samples: new Int16Array(ms * 8), sampleRate: 8000 });

function* frames(samples: Int16Array, size = 160) {
  for (let at = 0; at < samples.length; at += size)
    yield { samples: samples.subarray(at, at + size), sampleRate: 8000 };
}

function batchOf(windows: readonly (readonly [number, Int16Array])[]): VoiceBatch {
  return {
    streams: Uint32Array.from(windows, ([stream]) => stream),
    samples: Int16Array.from(windows.flatMap(([, window]) => [...window])),
    closed: new Uint32Array(0),
  };
}

describe('Silero', () => {
  let silero: SileroVoiceDetector;
  beforeAll(async () => {
    silero = await SileroVoiceDetector.open(never);
  });
  afterAll(() => silero[Symbol.asyncDispose]());

  test('silence and a tone are no voice', async () => {
    using stream = silero.open();
    expect(await stream.hear(silence(500))).toBeLessThan(0.1);
    const samples = Int16Array.from({ length: 8000 }, (_, i) => 8000 * Math.sin(i / 3));
    expect(await stream.hear({ samples, sampleRate: 8000 })).toBeLessThan(0.5);
  });

  test.skipIf(noSpeech)(noSpeech ?? 'human speech through the telephone is voice', async () => {
    for (const { file } of recordings().slice(0, 4)) {
      using stream = silero.open();
      const heard: number[] = [];
      for (const frame of frames(telephone(readRecording(file)).samples))
        heard.push(await stream.hear(frame));
      const voiced = heard.filter((probability) => probability > 0.5).length;
      expect(voiced / heard.length).toBeGreaterThan(0.3);
    }
  });

  test.skipIf(noSpeech)(
    noSpeech ?? 'a call is heard the same alone and in company, window by window and all at once',
    async () => {
      const [first, second] = recordings()
        .slice(2, 4)
        .map(({ file }) => new VoiceWindows().push(telephone(readRecording(file)).samples));
      const [one, other] = [first?.slice(0, 60) ?? [], second?.slice(0, 60) ?? []];
      const model = await SileroModel.open(SILERO_MODEL);
      const alone: number[] = [];
      for (const window of one) alone.push(...(await model.detect(batchOf([[1, window]]))));
      const inCompany: number[] = [];
      for (const [i, window] of one.entries()) {
        const batch = batchOf([
          [3, other[i] ?? window],
          [2, window],
        ]);
        inCompany.push((await model.detect(batch))[1] ?? NaN);
      }
      const atOnce = await model.detect(batchOf(one.map((window) => [4, window])));
      for (const [i, probability] of alone.entries()) {
        expect(inCompany[i]).toBeCloseTo(probability, 3);
        expect(atOnce[i]).toBeCloseTo(probability, 3);
      }
      expect(Math.max(...alone)).toBeGreaterThan(0.9);
      const again = await model.detect({
        ...batchOf([[1, one[0] ?? new Int16Array()]]),
        closed: Uint32Array.of(1),
      });
      expect(again[0]).toBeCloseTo(alone[0] ?? NaN, 3);
    },
  );

  test.skipIf(noSpeech)(
    noSpeech ?? 'whoever speaks after others is heard as soon as whoever speaks first',
    async () => {
      const model = await SileroModel.open(SILERO_MODEL);
      const callers = recordings()
        .slice(0, 4)
        .map(({ file }) => new VoiceWindows().push(telephone(readRecording(file)).samples));
      const pause = Array.from({ length: 94 }, () => new Int16Array(256));
      let streams = 0;
      const beginning = async (before: readonly Int16Array[], speech: readonly Int16Array[]) => {
        const stream = ++streams;
        const said = [...before, ...pause, ...speech.slice(0, 24)];
        const heard = await model.detect(batchOf(said.map((window) => [stream, window])));
        return heard.slice(-24).filter((probability) => probability >= 0.5).length;
      };
      let [first, later] = [0, 0];
      for (const [i, speech] of callers.entries()) {
        first += await beginning([], speech);
        later += await beginning(callers.at(i - 1) ?? [], speech);
      }
      expect(later).toBeGreaterThan(first * 0.8);
    },
  );

  test('while its engine is dead the level answers, and the engine comes back', async () => {
    await using detector = await SileroVoiceDetector.open(never);
    using stream = detector.open();
    expect(await stream.hear(silence(200))).toBeLessThan(0.1);
    for (const pid of detector.stats.pids) process.kill(pid, 'SIGKILL');
    const samples = Int16Array.from({ length: 800 }, (_, i) => 9000 * Math.sin(i / 3));
    expect(await stream.hear({ samples, sampleRate: 8000 })).toBeGreaterThan(0.5);
    await expect
      .poll(async () => {
        await stream.hear(silence(20));
        return detector.stats;
      })
      .toMatchObject({ crashed: 1, starts: 2, up: true });
  });
});

describe('Smart Turn', () => {
  let smartTurn: SmartTurn;
  beforeAll(async () => {
    smartTurn = await SmartTurn.open(never);
  });
  afterAll(() => smartTurn[Symbol.asyncDispose]());

  test.each([0, 1, 100, 8000 * 12])('%i samples have an estimate', async (length) => {
    const audio = { samples: new Int16Array(length), sampleRate: 8000 };
    const estimate = await smartTurn.forCall('a').estimate(audio, never);
    expect(estimate).toBeGreaterThanOrEqual(0);
    expect(estimate).toBeLessThanOrEqual(1);
  });

  test.skipIf(noSpeech)(
    noSpeech ?? 'whole sentences score above the same ones cut short',
    async () => {
      const scores = { whole: 0, cut: 0 };
      for (const { file } of recordings().slice(0, 4)) {
        const { samples, sampleRate } = readRecording(file);
        const end = samples.findLastIndex((sample) => Math.abs(sample) >= 328) + 1;
        const paused = (length: number) => {
          const audio = new Int16Array(length + 0.2 * sampleRate);
          audio.set(samples.subarray(0, length));
          return { samples: audio, sampleRate };
        };
        scores.whole += await smartTurn.estimate(paused(end), never);
        scores.cut += await smartTurn.estimate(paused(Math.round(end * 0.75)), never);
      }
      expect(scores.whole).toBeGreaterThan(scores.cut * 2);
    },
  );

  test('aborting the question answers at once with the reason', async () => {
    const cancel = new AbortController();
    const asked = smartTurn.estimate(silence(1000), cancel.signal);
    const outcome = expect(asked).rejects.toBe('spoke on');
    cancel.abort('spoke on');
    await outcome;
  });
});
