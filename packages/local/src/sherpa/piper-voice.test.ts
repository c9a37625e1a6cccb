import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { onnxMetadata, readOnnxMetadata } from './onnx-metadata.ts';
import { preparePiperVoice } from './piper-voice.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'earshot-piper-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** ir_version 8, a producer name, and a graph of 300 bytes: the outside of any ONNX file. */
const MODEL = Buffer.concat([
  Buffer.from([0x08, 0x08, 0x12, 0x02, 0x70, 0x79, 0x3a, 0xac, 0x02]),
  Buffer.alloc(300, 7),
]);

const CONFIG = {
  audio: { sample_rate: 16_000, quality: 'low' },
  espeak: { voice: 'en-gb' },
  inference: { noise_scale: 0.5, length_scale: 1.1, noise_w: 0.7 },
  num_speakers: 3,
  phoneme_id_map: { _: [0], '^': [1], ' ': [3], ə: [59], '\n': [99] },
};

let voices = 0;
function voice(model: Buffer, config: unknown = CONFIG): string {
  const file = path.join(folder, `voice-${++voices}.onnx`);
  writeFileSync(file, model);
  writeFileSync(`${file}.json`, JSON.stringify(config));
  return file;
}

test('a plain voice gets the metadata and the token table that the engine reads', async () => {
  const file = voice(MODEL);
  const prepared = await preparePiperVoice(file);
  expect(prepared).toEqual({
    model: file.replace('.onnx', '.sherpa.onnx'),
    tokens: file.replace('.onnx', '.tokens.txt'),
    noiseScale: 0.5,
    noiseScaleW: 0.7,
    lengthScale: 1.1,
  });
  expect(Object.fromEntries(await readOnnxMetadata(prepared.model))).toEqual({
    model_type: 'vits',
    comment: 'piper',
    language: 'en',
    voice: 'en-gb',
    version: '1',
    has_espeak: '1',
    n_speakers: '3',
    sample_rate: '16000',
  });
  expect(readFileSync(prepared.tokens, 'utf8')).toBe('_ 0\n^ 1\n  3\nə 59\n');
  expect(readFileSync(prepared.model).subarray(0, MODEL.length)).toEqual(MODEL);
  expect(readFileSync(file)).toEqual(MODEL);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('preparing twice, also at the same time, gives the same files', async () => {
  const file = voice(MODEL);
  const [first, second] = await Promise.all([preparePiperVoice(file), preparePiperVoice(file)]);
  expect(second).toEqual(first);
  expect(await preparePiperVoice(file)).toEqual(first);
  expect((await readOnnxMetadata(first.model)).get('sample_rate')).toBe('16000');
});

test('a voice that has the metadata is used as it is', async () => {
  const file = voice(Buffer.concat([MODEL, onnxMetadata({ sample_rate: '16000' })]));
  expect((await preparePiperVoice(file)).model).toBe(file);
});

test.each([
  ['no JSON', null],
  ['text phonemes', { ...CONFIG, phoneme_type: 'text' }],
  ['no sample rate', { ...CONFIG, audio: {} }],
])('a voice with %s is refused', async (_what, config) => {
  await expect(preparePiperVoice(voice(MODEL, config))).rejects.toThrow();
});

test.each([
  ['an HTML page', Buffer.from('<!doctype html><html>404</html>')],
  ['half a download', MODEL.subarray(0, 100)],
  ['a number without end', Buffer.alloc(30, 0xff)],
])('%s is no ONNX file', async (_what, bytes) => {
  await expect(readOnnxMetadata(voice(bytes))).rejects.toThrow(RangeError);
});

test('an absent voice names the file', async () => {
  await expect(preparePiperVoice(path.join(folder, 'nowhere.onnx'))).rejects.toThrow(
    'nowhere.onnx.json',
  );
});
