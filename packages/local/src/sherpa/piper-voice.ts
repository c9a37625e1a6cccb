import { randomUUID } from 'node:crypto';
import { appendFile, copyFile, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { onnxMetadata, readOnnxMetadata } from './onnx-metadata.ts';

/** The part of a voice's `.onnx.json` that is needed. */
const VoiceConfig = z.object({
  audio: z.object({ sample_rate: z.int().positive() }),
  espeak: z.object({ voice: z.string().min(1) }),
  phoneme_type: z.literal('espeak').default('espeak'),
  num_speakers: z.int().positive().default(1),
  phoneme_id_map: z.record(z.string(), z.array(z.int()).min(1)),
  inference: z
    .object({
      noise_scale: z.number().default(0.667),
      length_scale: z.number().default(1),
      noise_w: z.number().default(0.8),
    })
    .prefault({}),
});
type VoiceConfig = z.infer<typeof VoiceConfig>;

/** What the engine is opened with. */
export interface PreparedVoice {
  readonly model: string;
  readonly tokens: string;
  readonly noiseScale: number;
  readonly noiseScaleW: number;
  readonly lengthScale: number;
}

/**
 * Makes a Piper voice ready for sherpa-onnx, which ends its process where the model file lacks its
 * metadata. A plain voice gets a copy `<name>.sherpa.onnx` with the metadata and a `<name>.tokens.txt`
 * beside it, once. Throws a ZodError for a voice that does not take espeak's phonemes.
 */
export async function preparePiperVoice(model: string): Promise<PreparedVoice> {
  const config = VoiceConfig.parse(JSON.parse(await readFile(`${model}.json`, 'utf8')));
  const { noise_scale, noise_w, length_scale } = config.inference;
  return {
    ...(await readyFiles(model, config)),
    noiseScale: noise_scale,
    noiseScaleW: noise_w,
    lengthScale: length_scale,
  };
}

async function readyFiles(
  model: string,
  config: VoiceConfig,
): Promise<{ model: string; tokens: string }> {
  const stem = model.replace(/\.onnx$/, '');
  const theirTokens = path.join(path.dirname(model), 'tokens.txt');
  const complete = (await readOnnxMetadata(model)).has('sample_rate');
  const tokens = complete && (await exists(theirTokens)) ? theirTokens : `${stem}.tokens.txt`;
  if (tokens !== theirTokens && !(await exists(tokens)))
    await writeWhole(tokens, (file) => writeFile(file, tokenTable(config)));
  if (complete) return { model, tokens };
  const copy = `${stem}.sherpa.onnx`;
  // A newer download makes the copy stale.
  if (!(await isAtLeastAsNew(copy, model))) {
    await writeWhole(copy, async (file) => {
      await copyFile(model, file);
      await appendFile(file, onnxMetadata(metadata(config)));
    });
  }
  return { model: copy, tokens };
}

/** The entries that sherpa-onnx's loader of VITS voices reads. */
function metadata({ espeak, num_speakers, audio }: VoiceConfig): Record<string, string> {
  return {
    model_type: 'vits',
    // The loader looks for this word.
    comment: 'piper',
    language: espeak.voice.split('-')[0] ?? espeak.voice,
    voice: espeak.voice,
    version: '1',
    has_espeak: '1',
    n_speakers: String(num_speakers),
    sample_rate: String(audio.sample_rate),
  };
}

function tokenTable({ phoneme_id_map }: VoiceConfig): string {
  return Object.entries(phoneme_id_map)
    .filter(([symbol]) => symbol !== '\n')
    .map(([symbol, ids]) => `${symbol} ${ids[0]}\n`)
    .join('');
}

/** Whoever starts at the same time writes too, and each finds a whole file. */
async function writeWhole(file: string, write: (file: string) => Promise<void>): Promise<void> {
  const unfinished = `${file}.${randomUUID()}.part`;
  await write(unfinished);
  await rename(unfinished, file);
}

async function exists(file: string): Promise<boolean> {
  return (await modifiedMs(file)) !== null;
}

async function isAtLeastAsNew(file: string, than: string): Promise<boolean> {
  const [own, other] = await Promise.all([modifiedMs(file), modifiedMs(than)]);
  return own !== null && other !== null && own >= other;
}

async function modifiedMs(file: string): Promise<number | null> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return found?.mtimeMs ?? null;
}
