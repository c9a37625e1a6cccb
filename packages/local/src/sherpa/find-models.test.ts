import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findPiper, findWhisper } from './find-models.ts';

const root = mkdtempSync(path.join(tmpdir(), 'earshot-models-'));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
function modelsDir(...files: string[]): string {
  const folder = path.join(root, String(++count));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '');
  }
  return folder;
}

const whisper = (name: string, suffix = '.int8') => [
  `whisper-${name}/${name}-encoder${suffix}.onnx`,
  `whisper-${name}/${name}-decoder${suffix}.onnx`,
  `whisper-${name}/${name}-tokens.txt`,
];
const piper = (name: string) => [`piper-${name}/${name}.onnx`, `piper-${name}/${name}.onnx.json`];
const espeak = 'espeak-ng-data/phontab';

test('the wanted model is found, whatever else is there', () => {
  const folder = modelsDir(...whisper('base.en'), ...whisper('tiny.en'));
  expect(findWhisper(folder, 'tiny.en')).toEqual({
    name: 'tiny.en',
    encoder: path.join(folder, 'whisper-tiny.en/tiny.en-encoder.int8.onnx'),
    decoder: path.join(folder, 'whisper-tiny.en/tiny.en-decoder.int8.onnx'),
    tokens: path.join(folder, 'whisper-tiny.en/tiny.en-tokens.txt'),
  });
});

test('another model stands in for the wanted one', () => {
  expect(findWhisper(modelsDir(...whisper('small')), 'tiny.en')?.name).toBe('small');
  expect(findPiper(modelsDir(...piper('en_GB-alba-medium'), espeak), 'en_US-x')?.name).toBe(
    'en_GB-alba-medium',
  );
});

test('full precision will do, and the smaller files are preferred', () => {
  expect(findWhisper(modelsDir(...whisper('base', '')), 'base')?.encoder).toMatch('encoder.onnx');
  const both = modelsDir(...whisper('base', ''), ...whisper('base'));
  expect(findWhisper(both, 'base')?.encoder).toMatch('encoder.int8.onnx');
});

test('half a model is none', () => {
  const [encoder = '', decoder = '', tokens = ''] = whisper('tiny.en');
  expect(findWhisper(modelsDir(encoder, decoder), 'tiny.en')).toBeNull();
  expect(findWhisper(modelsDir(encoder, tokens), 'tiny.en')).toBeNull();
  expect(findPiper(modelsDir(...piper('joe')), 'joe')).toBeNull();
  expect(findPiper(modelsDir('piper-joe/joe.onnx', espeak), 'joe')).toBeNull();
});

test('a folder that is not there, or holds other things, has no models', () => {
  expect(findWhisper(path.join(root, 'nowhere'), 'tiny.en')).toBeNull();
  expect(findPiper(modelsDir('readme.txt', espeak), 'joe')).toBeNull();
});
