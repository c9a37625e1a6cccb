import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Dispatcher } from 'undici';
import { digestsOf } from './digest.ts';
import { ModelError } from './model-error.ts';
import { openRemote, type Remote } from './open-remote.ts';
import type { Pin } from './pins.ts';

export interface Download {
  readonly url: URL;
  /** Where it is to lie. */
  readonly file: string;
  /** What it was when it was first fetched. */
  readonly pin: Pin | null;
  readonly dispatcher: Dispatcher;
  readonly stallMs: number;
  readonly etagsAreDigests: boolean;
  /** Called with 0 or more bytes at the start, then as they come. */
  received(receivedBytes: number, sizeBytes: number | null): void;
}

/**
 * One attempt to bring a file whole and checked to its place; what arrives of it is kept for the
 * next. Rejects with a ModelError, or with an error of the file system.
 */
export async function download(wanted: Download, signal: AbortSignal): Promise<Pin> {
  const part = `${wanted.file}.part`;
  await mkdir(path.dirname(wanted.file), { recursive: true });
  const remote =
    (await openRemote({ ...wanted, resume: await resumption(part) }, signal)) ??
    (await openRemote({ ...wanted, resume: null }, signal));
  if (!remote) throw new TypeError('Only a resumption can be refused');
  await keep(remote, part, wanted, signal);
  const pin = await check(remote, part, wanted, signal);
  await rename(part, wanted.file);
  await rm(etagFile(part), { force: true });
  return pin;
}

const etagFile = (part: string): string => `${part}.etag`;

/** A part is only good with the ETag of what it is a part of. */
async function resumption(part: string): Promise<{ startBytes: number; etag: string } | null> {
  const [found, etag] = await Promise.all([
    stat(part).catch(missing),
    readFile(etagFile(part), 'utf8').catch(missing),
  ]);
  return found && found.size > 0 && etag ? { startBytes: found.size, etag } : null;
}

async function keep(
  remote: Remote,
  part: string,
  { received, url }: Download,
  signal: AbortSignal,
): Promise<void> {
  const { startBytes, sizeBytes, etag, body } = remote;
  if (startBytes === 0) {
    await rm(part, { force: true });
    await rm(etagFile(part), { force: true });
    if (etag) await writeFile(etagFile(part), etag);
  }
  let total = startBytes;
  received(total, sizeBytes);
  await using file = await open(part, startBytes === 0 ? 'w' : 'a');
  for await (const bytes of bodyOf(body, url, signal)) {
    await file.appendFile(bytes);
    total += bytes.length;
    received(total, sizeBytes);
  }
  await file.sync();
  if (sizeBytes !== null && total < sizeBytes) throw gaveUp(url);
}

async function* bodyOf(
  body: AsyncIterable<Uint8Array>,
  url: URL,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    signal.throwIfAborted();
    throw gaveUp(url, cause);
  }
}

function gaveUp({ host }: URL, cause?: unknown): ModelError {
  return new ModelError('models-unreachable', `${host} gave up in the middle`, {
    retryable: true,
    cause,
  });
}

/** What fails the check is deleted: it is good for nothing. */
async function check(
  { digest, sizeBytes }: Remote,
  part: string,
  { url, file, pin }: Download,
  signal: AbortSignal,
): Promise<Pin> {
  const { size } = await stat(part);
  const digests = await digestsOf(part, size, signal);
  const name = path.basename(file);
  const sizeDiffers = sizeBytes !== null && size !== sizeBytes;
  if (sizeDiffers || (digest && digests[digest.algorithm] !== digest.hex)) {
    await discard(part);
    const message = `${name} from ${url.host} is not what was published there`;
    throw new ModelError('model-corrupt', message, { retryable: true });
  }
  if (pin && digests.sha256 !== pin.sha256) {
    await discard(part);
    const message = `${name} from ${url.host} differs from what was first fetched from ${pin.from}: to accept it, delete its lines in models.lock.json`;
    throw new ModelError('model-changed', message);
  }
  return { sha256: digests.sha256, sizeBytes: size, from: `${url.origin}${url.pathname}` };
}

async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(etagFile(part), { force: true });
}

function missing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
