import { expect, test } from 'vitest';
import type { VoiceBatch } from './silero-model.ts';
import { SileroStream } from './silero-voice-detector.ts';
import { VoiceBatches } from './voice-batches.ts';
import { WINDOW_SAMPLES } from './voice-windows.ts';

/** Answers each batch when told to. Each window's probability is its first sample / 100. */
class HeldEngine {
  readonly batches: VoiceBatch[] = [];
  readonly #held: PromiseWithResolvers<void>[] = [];
  #arrived = Promise.withResolvers<void>();

  readonly hear = async (batch: VoiceBatch): Promise<Float32Array> => {
    this.batches.push(batch);
    const held = Promise.withResolvers<void>();
    this.#held.push(held);
    this.#arrived.resolve();
    await held.promise;
    return Float32Array.from(
      batch.streams,
      (_, i) => (batch.samples[i * WINDOW_SAMPLES] ?? 0) / 100,
    );
  };

  async arrival(): Promise<void> {
    await this.#arrived.promise;
    this.#arrived = Promise.withResolvers();
  }

  answer(): void {
    this.#held.shift()?.resolve();
  }

  fail(): void {
    this.#held.shift()?.reject(new Error('engine lost'));
  }
}

/** A frame of one window with a loud tone, or silence. */
function frame(mark: number, loud = false) {
  const samples = Int16Array.from({ length: WINDOW_SAMPLES }, (_, i) =>
    loud ? 9000 * Math.sin(i / 3) : 0,
  );
  samples[0] = mark;
  return { samples, sampleRate: 8000 };
}

function open() {
  const engine = new HeldEngine();
  const batches = new VoiceBatches(engine.hear);
  return { engine, batches, stream: () => new SileroStream(batches) };
}

test('windows of several calls go out together, and each gets its own answer', async () => {
  const { engine, stream } = open();
  const answers = [stream(), stream(), stream()].map((call, i) => call.hear(frame(10 * (i + 1))));
  await engine.arrival();
  engine.answer();
  const probabilities = await Promise.all(answers);
  expect(probabilities.map((probability) => Math.round(probability * 10))).toEqual([1, 2, 3]);
  expect(engine.batches.map(({ streams }) => streams.length)).toEqual([3]);
});

test('what comes while the engine works waits for the next batch', async () => {
  const { engine, stream } = open();
  const [one, other] = [stream(), stream()];
  const first = one.hear(frame(10));
  await engine.arrival();
  const second = Promise.all([one.hear(frame(20)), other.hear(frame(30)), one.hear(frame(40))]);
  expect(engine.batches).toHaveLength(1);
  engine.answer();
  expect(await first).toBeCloseTo(0.1);
  await engine.arrival();
  engine.answer();
  const [a, b, c] = await second;
  expect([a, b, c].map((probability) => Math.round(probability * 10))).toEqual([2, 3, 4]);
  expect([...(engine.batches[1]?.streams ?? [])]).toEqual([1, 2, 1]);
});

test('a frame that completes no window has the newest answer', async () => {
  const { engine, stream } = open();
  const call = stream();
  const short = { samples: new Int16Array(100), sampleRate: 8000 };
  expect(call.hear(short)).toBe(0);
  const pending = call.hear(frame(70));
  expect(call.hear(short)).toBe(pending);
  await engine.arrival();
  engine.answer();
  const newest = await pending;
  expect(call.hear({ ...short, samples: short.samples.subarray(0, 20) })).toBe(newest);
});

test('a long frame answers for its end', async () => {
  const { engine, stream } = open();
  const samples = new Int16Array(WINDOW_SAMPLES * 3);
  samples[0] = 10;
  samples[WINDOW_SAMPLES] = 20;
  samples[2 * WINDOW_SAMPLES] = 90;
  const answer = stream().hear({ samples, sampleRate: 8000 });
  await engine.arrival();
  engine.answer();
  expect(await answer).toBeCloseTo(0.9);
});

test('16 kHz is heard at 8 kHz', async () => {
  const { engine, stream } = open();
  const answer = stream().hear({ samples: new Int16Array(1600), sampleRate: 16_000 });
  await engine.arrival();
  engine.answer();
  await answer;
  expect(engine.batches[0]?.streams.length).toBe(3);
});

test('when the engine is late the level answers, at once from then on, until the engine is back', async () => {
  const { engine, batches, stream } = open();
  const call = stream();
  const late = call.hear(frame(0, true));
  await engine.arrival();
  expect(await late).toBeGreaterThan(0.9);
  expect(call.hear(frame(0, true))).toBeGreaterThan(0.9);
  expect(batches.counts.unanswered).toBe(2);
  engine.answer();
  await engine.arrival();
  const back = call.hear(frame(10));
  expect(back).toBeInstanceOf(Promise);
  engine.answer();
  await engine.arrival();
  engine.answer();
  expect(await back).toBeCloseTo(0.1);
  expect(batches.counts.unanswered).toBe(2);
});

test('when the engine fails the level answers, and the next window is offered again', async () => {
  const { engine, stream } = open();
  const call = stream();
  const answer = call.hear(frame(99, true));
  await engine.arrival();
  engine.fail();
  expect(await answer).toBeGreaterThan(0.9);
  expect(call.hear(frame(10))).toEqual(expect.any(Number));
  await engine.arrival();
  engine.answer();
});

test('what waits for an engine that is away is bounded, oldest dropped first', async () => {
  const { engine, stream } = open();
  const call = stream();
  const late = call.hear(frame(1));
  await engine.arrival();
  await late;
  for (let mark = 2; mark <= 50; mark++) call.hear(frame(mark));
  engine.answer();
  await engine.arrival();
  const { streams, samples } = engine.batches[1] ?? { streams: [], samples: [] };
  expect(Array.from(streams, (_, i) => samples[i * WINDOW_SAMPLES])).toEqual([47, 48, 49, 50]);
  engine.answer();
});

test('a call that ends leaves nothing waiting, and the engine is told', async () => {
  const { engine, stream } = open();
  const [call, other] = [stream(), stream()];
  const first = call.hear(frame(10));
  await engine.arrival();
  const second = call.hear(frame(20));
  call[Symbol.dispose]();
  call[Symbol.dispose]();
  expect(await second).toBe(0);
  engine.answer();
  await first;
  const third = other.hear(frame(30));
  await engine.arrival();
  engine.answer();
  await third;
  expect([...(engine.batches[1]?.streams ?? [])]).toEqual([2]);
  expect([...(engine.batches[1]?.closed ?? [])]).toEqual([1]);
});
