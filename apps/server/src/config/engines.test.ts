import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-names-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const whisper = (name: string, env = {}) =>
  loadConfig({ MODELS_DIR: folder, WHISPER_MODEL: name, ...env }).models.whisperModel;

async function put(directory: string, files: readonly string[]): Promise<void> {
  await mkdir(join(folder, directory));
  for (const file of files) await writeFile(join(folder, directory, file), '');
}

test('a Whisper model that nobody has is no name, and those that are known are told', () => {
  expect(() => whisper('foo')).toThrow(/WHISPER_MODEL: must be one of tiny\.en, .*large-v3;/);
  expect(() => whisper('../tiny.en')).toThrow('WHISPER_MODEL: ');
  expect(whisper('base.en')).toBe('base.en');
});

test('a Whisper model may have another name where it is here, or where a mirror may have it', async () => {
  await put('whisper-ours', ['ours-encoder.onnx', 'ours-decoder.onnx', 'ours-tokens.txt']);
  expect(whisper('ours')).toBe('ours');
  const env = { MODELS_URL: 'http://models.example' };
  expect(whisper('theirs', env)).toBe('theirs');
  expect(() => whisper('../theirs', env)).toThrow('WHISPER_MODEL: ');
});

test('a Piper voice is named as its authors name theirs, or is here', async () => {
  const piper = (PIPER_VOICE: string) =>
    loadConfig({ MODELS_DIR: folder, PIPER_VOICE }).models.piperVoice;
  expect(() => piper('joe')).toThrow('PIPER_VOICE: must be a name like en_US-lessac-medium;');
  expect(piper('en_GB-alan-low')).toBe('en_GB-alan-low');
  await put('espeak-ng-data', ['phontab']);
  await put('piper-joe', ['joe.onnx', 'joe.onnx.json']);
  expect(piper('joe')).toBe('joe');
});
