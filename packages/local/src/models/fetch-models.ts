import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { download } from './download.ts';
import { fromFileError, ModelError } from './model-error.ts';
import { type ModelFile, type ModelNames, type ModelPart, modelParts } from './model-files.ts';
import { Pins } from './pins.ts';
import { becomeSoleFetcher } from './sole-fetcher.ts';

export interface FetchOptions extends ModelNames {
  readonly modelsDir: string;
  /** A mirror laid out as the folder of models is, such as another machine's. Default: the hub. */
  readonly mirror?: URL;
  /** Default https://huggingface.co. */
  readonly hub?: URL;
  /** The first pause before another attempt; it doubles. Default 1 s. */
  readonly backOffMs?: number;
  /** Default 30 s. */
  readonly stallMs?: number;
}

export type FetchEvent =
  /** Another process fetches into the same folder; ours waits for it. */
  | { readonly type: 'waiting' }
  | {
      readonly type: 'received';
      readonly path: string;
      readonly receivedBytes: number;
      readonly sizeBytes: number | null;
    }
  | {
      readonly type: 'retrying';
      readonly path: string;
      readonly reason: string;
      readonly inMs: number;
    }
  | { readonly type: 'fetched'; readonly path: string; readonly sizeBytes: number };

const HUB = new URL('https://huggingface.co');
const BACK_OFF_MS = 1000;
const STALL_MS = 30_000;
const POLL_MS = 500;
/** Attempts in a row that bring not one byte further. */
const MAX_VAIN_ATTEMPTS = 4;

/** The parts of which a file is missing, or is not as long as it was when it was fetched. */
export async function missingModels(
  modelsDir: string,
  names: ModelNames,
): Promise<readonly ModelPart[]> {
  const pins = await Pins.read(modelsDir);
  const parts: ModelPart[] = [];
  for (const part of modelParts(names)) {
    const files = await missingFiles(modelsDir, part, pins);
    if (files.length > 0) parts.push({ ...part, files });
  }
  return parts;
}

/**
 * Fetches what is missing of these models, one file after the other, and returns what it fetched.
 * A file appears in its place only whole and checked: by the digest that the hub publishes, and by
 * the one it had when it was first fetched (`models.lock.json`). What arrived before a failure or an
 * abort is kept and resumed. Proxies are taken from the standard variables. Rejects with a
 * ModelError, or with the signal's reason.
 */
export async function fetchModels(
  options: FetchOptions,
  onProgress: (event: FetchEvent) => void,
  signal: AbortSignal,
): Promise<readonly ModelFile[]> {
  const { modelsDir } = options;
  modelParts(options);
  try {
    await mkdir(modelsDir, { recursive: true });
    if ((await missingModels(modelsDir, options)).length === 0) return [];
    const waits = () => onProgress({ type: 'waiting' });
    await using _sole = await becomeSoleFetcher(modelsDir, { pollMs: POLL_MS, waits }, signal);
    // What the other process has fetched meanwhile is not missing any more.
    const parts = await missingModels(modelsDir, options);
    const files = parts.flatMap((part) => part.files);
    await fetchAll(files, options, onProgress, signal);
    return files;
  } catch (error) {
    signal.throwIfAborted();
    throw fromFileError(error, modelsDir);
  }
}

async function fetchAll(
  files: readonly ModelFile[],
  options: FetchOptions,
  onProgress: (event: FetchEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const pins = await Pins.read(options.modelsDir);
  const dispatcher = new EnvHttpProxyAgent();
  try {
    for (const file of files)
      await fetchFile({ file, options, pins, dispatcher }, onProgress, signal);
  } finally {
    await dispatcher.destroy();
  }
}

interface Errand {
  readonly file: ModelFile;
  readonly options: FetchOptions;
  readonly pins: Pins;
  readonly dispatcher: Dispatcher;
}

async function fetchFile(
  { file, options, pins, dispatcher }: Errand,
  onProgress: (event: FetchEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { modelsDir, mirror, hub = HUB, backOffMs = BACK_OFF_MS, stallMs = STALL_MS } = options;
  let furthest = 0;
  let vain = 0;
  const wanted = {
    url: mirror ? under(mirror, file.path) : under(hub, file.hubPath),
    file: path.join(modelsDir, file.path),
    pin: pins.get(file.path),
    dispatcher,
    stallMs,
    etagsAreDigests: !mirror,
    received(receivedBytes: number, sizeBytes: number | null) {
      if (receivedBytes > furthest) vain = 0;
      furthest = Math.max(furthest, receivedBytes);
      onProgress({ type: 'received', path: file.path, receivedBytes, sizeBytes });
    },
  };
  while (true) {
    try {
      const pin = await download(wanted, signal);
      await pins.set(file.path, pin);
      onProgress({ type: 'fetched', path: file.path, sizeBytes: pin.sizeBytes });
      return;
    } catch (error) {
      vain += 1;
      const again = error instanceof ModelError && error.retryable && vain < MAX_VAIN_ATTEMPTS;
      if (!again) throw error;
      const inMs = backOffMs * 2 ** (vain - 1);
      onProgress({ type: 'retrying', path: file.path, reason: error.message, inMs });
      await setTimeout(inMs, undefined, { signal });
    }
  }
}

async function missingFiles(
  modelsDir: string,
  { files }: ModelPart,
  pins: Pins,
): Promise<readonly ModelFile[]> {
  const present = await Promise.all(
    files.map(async ({ path: filePath }) => {
      const found = await stat(path.join(modelsDir, filePath)).catch(noFile);
      const pin = pins.get(filePath);
      return found?.isFile() === true && found.size > 0 && (!pin || pin.sizeBytes === found.size);
    }),
  );
  return files.filter((_, i) => !present[i]);
}

/** A base with or without a slash at its end; its query stays (signed mirrors). */
function under(base: URL, filePath: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${filePath}`;
  return url;
}

function noFile(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
