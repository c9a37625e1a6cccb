import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { durationMs } from '@earshot/audio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  collect,
  joined,
  missing,
  piperJoe,
  readRecording,
  recordings,
  resampled,
  telephone,
  transcripts,
  whisperTiny,
  wordErrors,
} from '../__fixtures__/real-models.ts';
import { readOnnxMetadata } from './onnx-metadata.ts';
import { PiperSynthesizer } from './piper-synthesizer.ts';
import { WhisperRecognizer } from './whisper-recognizer.ts';

const never = new AbortController().signal;
const anything = { topic: 'anything' };

const noWhisper = missing(whisperTiny.encoder, whisperTiny.decoder, whisperTiny.tokens);
const noSpeech = missing(transcripts);
const noPiper = missing(piperJoe.model, `${piperJoe.model}.json`, piperJoe.espeakData);

describe.skipIf(noWhisper)(`real Whisper (${noWhisper ?? 'tiny.en'})`, () => {
  let whisper: WhisperRecognizer;
  beforeAll(async () => {
    whisper = await WhisperRecognizer.open(whisperTiny, {}, never);
  });
  afterAll(() => whisper[Symbol.asyncDispose]());

  test.skipIf(noSpeech)('human speech through the telephone is understood', async (context) => {
    const total = { errors: 0, words: 0, engineMs: 0, audioMs: 0 };
    for (const { file, text } of recordings()) {
      const utterance = telephone(readRecording(file));
      const heard = await whisper.recognize(utterance, anything, never);
      const { errors, words } = wordErrors(text, heard.text);
      total.errors += errors;
      total.words += words;
      total.engineMs += heard.engineMs;
      total.audioMs += durationMs(utterance);
    }
    const factor = (total.engineMs / total.audioMs).toFixed(3);
    context.annotate(
      `Whisper tiny.en, 8 kHz: ${total.errors}/${total.words} words wrong, real-time factor ${factor}, loaded in ${whisper.stats.loadMs?.toFixed(0)} ms`,
    );
    expect(total.errors / total.words).toBeLessThan(0.15);
  });

  test.each([0, 1, 50, 99, 100, 400, 799])('%i samples do not end the engine', async (length) => {
    const samples = new Int16Array(length).fill(9000);
    const heard = await whisper.recognize({ samples, sampleRate: 8000 }, anything, never);
    expect(heard.text).toBe('');
    expect(whisper.stats.crashed).toBe(0);
  });

  test('silence, noise, a tone and a hum are no words', async () => {
    const sounds: ((i: number) => number)[] = [
      () => 0,
      () => (Math.random() - 0.5) * 1500,
      () => (Math.random() - 0.5) * 15_000,
      (i) => 9000 * Math.sin((i * 2 * Math.PI * 440) / 8000),
      (i) => 3000 * Math.sin((i * 2 * Math.PI * 50) / 8000),
    ];
    for (const sound of sounds) {
      const samples = Int16Array.from({ length: 12_000 }, (_, i) => sound(i));
      const heard = await whisper.recognize({ samples, sampleRate: 8000 }, anything, never);
      expect(heard.text).toBe('');
    }
  });

  test('a bad model file is a coded error with the exit code', async () => {
    const broken = { ...whisperTiny, encoder: whisperTiny.tokens };
    await expect(WhisperRecognizer.open(broken, {}, never)).rejects.toMatchObject({
      code: 'engine-start-failed',
      exitCode: 128 + constants.signals.SIGABRT,
    });
  });
});

describe.skipIf(noPiper)(`real Piper (${noPiper ?? 'en_US-joe-medium'})`, () => {
  let piper: PiperSynthesizer;
  beforeAll(async () => {
    piper = await PiperSynthesizer.open(piperJoe, {}, never);
  });
  afterAll(() => piper[Symbol.asyncDispose]());

  const speak = async (text: string) => collect(piper.synthesize(text, never));

  test('speaks in frames of 20 to 120 ms, all of the voice’s rate', async (context) => {
    const frames = await speak('Thank you for calling. How can I help you today?');
    const lengths = frames.map(durationMs);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(120);
    expect(new Set(frames.map(({ sampleRate }) => sampleRate))).toEqual(new Set([22_050]));
    const { engineMs, audioMs, loadMs } = piper.stats;
    context.annotate(
      `Piper joe-medium: real-time factor ${(engineMs / audioMs).toFixed(3)}, loaded in ${loadMs?.toFixed(0)} ms`,
    );
  });

  test.each(['', ' ', '…', '— !'])('%j has no words and makes no sound', async (text) => {
    expect(await speak(text)).toEqual([]);
  });

  test('text in double brackets is text, not phonemes', async () => {
    expect(joined(await speak('Hello [[ fIs ]] there.')).samples.length).toBeGreaterThan(8000);
  });

  test('cancelling stops the speech, and the next clause is spoken', async () => {
    const cancel = new AbortController();
    const listen = async () => {
      const text =
        'This is said to nobody, and goes on for so long that much of it is left to cancel.';
      for await (const _frame of piper.synthesize(text, cancel.signal)) cancel.abort('barge-in');
    };
    await expect(listen()).rejects.toBe('barge-in');
    expect((await speak('And this is heard.')).length).toBeGreaterThan(3);
    expect(piper.stats).toMatchObject({ crashed: 0, hung: 0, starts: 1 });
  });

  test('a plain voice, without sherpa’s metadata, speaks after it was made ready', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'earshot-plain-'));
    const model = path.join(folder, 'plain.onnx');
    try {
      writeFileSync(model, await withoutMetadata(piperJoe.model));
      copyFileSync(`${piperJoe.model}.json`, `${model}.json`);
      expect(await readOnnxMetadata(model)).toEqual(new Map());
      await using plain = await PiperSynthesizer.open(
        { ...piperJoe, name: 'plain', model },
        {},
        never,
      );
      const frames = await collect(plain.synthesize('Hello there.', never));
      expect(joined(frames).samples.length).toBeGreaterThan(8000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.skipIf(noWhisper)('Whisper understands Piper through the telephone', async () => {
    await using whisper = await WhisperRecognizer.open(whisperTiny, {}, never);
    const said = 'Your table for four people is booked on Friday evening.';
    const line = telephone(resampled(joined(await speak(said)), 16_000));
    const heard = await whisper.forCall('a').recognize(line, anything, never);
    expect(wordErrors(said, heard.text).errors).toBeLessThanOrEqual(2);
  });
});

/** The appended entries are the end of the file: it stops before the first of them. */
async function withoutMetadata(file: string): Promise<Buffer> {
  const bytes = readFileSync(file);
  const first = [...(await readOnnxMetadata(file)).keys()][0] ?? '';
  // Tag and length of the entry, tag and length of its key.
  return bytes.subarray(0, bytes.lastIndexOf(first) - 4);
}
