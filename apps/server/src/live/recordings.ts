import { type FileHandle, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type WavSink, WavWriter } from '@earshot/audio';
import type { Logger } from 'pino';
import { atMost } from '../at-most.ts';
import { Recording } from './recording.ts';

/** Of a file that our writer makes. */
const HEADER_BYTES = 58;
const FORMAT = { sampleRate: 8_000, channels: 2, encoding: 'pcm16' } as const;
/** A disk that hangs keeps no call's end waiting for longer. */
const CLOSE_WITHIN_MS = 2_000;
const SAFE_NAME = /^[\w-]{1,100}$/;

/** Where a file is written to: a file handle, or what tests put in its place. */
interface RecordingFile extends WavSink {
  readonly bytes: number;
  close(): Promise<void>;
}

type OpenFile = (path: string) => Promise<RecordingFile>;

export interface RecordingsOptions {
  readonly directory: string;
  /** Remembers there which recordings this server has open; default: within the directory. */
  readonly marks?: string;
  readonly log: Logger;
  readonly openFile?: OpenFile;
}

/** The recordings of calls: one WAV file each, stereo, the caller on the left. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #openFile: OpenFile;
  readonly #marks: string;
  /** Those of which something is still to be written, by call. */
  readonly #closing = new Map<string, Promise<void>>();
  readonly counts = { begun: 0, failed: 0, repaired: 0 };

  constructor(options: RecordingsOptions) {
    this.#options = options;
    this.#openFile = options.openFile ?? openFile;
    this.#marks = options.marks ?? join(options.directory, '.open');
  }

  /** Where a call's recording is; null for an id that is no name of a file. */
  pathOf(callId: string): string | null {
    return SAFE_NAME.test(callId) ? join(this.#options.directory, `${callId}.wav`) : null;
  }

  /** Begins, or goes on with, the recording of a call. Null when it cannot be recorded. */
  begin(callId: string): Recording | null {
    const path = this.pathOf(callId);
    if (path === null) return null;
    const { log } = this.#options;
    this.counts.begun += 1;
    const onFailed = (err: unknown) => {
      this.counts.failed += 1;
      log.error({ err, callId }, 'recording ends early');
    };
    // An earlier stream's part is written first.
    const before = this.#closing.get(callId);
    const open = async (file: string) => {
      await before;
      return this.#openFile(file);
    };
    const file = new LateFile({ path, mark: join(this.#marks, callId) }, open);
    return new Recording({ writer: file, onFailed });
  }

  /** Ends a recording; the disk takes its time behind the call's back. */
  close(callId: string, recording: Recording): void {
    const closing = recording.close().finally(() => {
      if (this.#closing.get(callId) === closing) this.#closing.delete(callId);
    });
    this.#closing.set(callId, closing);
  }

  /** Resolves once all of the call's recording is on disk, or the disk has had its time. */
  async closed(callId: string): Promise<void> {
    await atMost(this.#closing.get(callId), CLOSE_WITHIN_MS);
  }

  /** Puts right the headers that a crash of this server has left open. At start-up, before any call. */
  async repair(): Promise<void> {
    const { log } = this.#options;
    for (const callId of await readdir(this.#marks).catch(() => [])) {
      try {
        const path = this.pathOf(callId);
        if (path !== null && (await repair(path))) this.counts.repaired += 1;
      } catch (err) {
        log.warn({ err, callId }, 'a recording cannot be repaired');
      }
      await rm(join(this.#marks, callId), { force: true });
    }
  }
}

/** A WAV file that is opened when there is something to write, and continued when it is there already. */
class LateFile {
  readonly #path: string;
  readonly #mark: string;
  readonly #openFile: OpenFile;
  #opening: Promise<{ readonly writer: WavWriter; readonly file: RecordingFile }> | null = null;

  constructor({ path, mark }: { readonly path: string; readonly mark: string }, open: OpenFile) {
    this.#path = path;
    this.#mark = mark;
    this.#openFile = open;
  }

  async write(left: Int16Array, right: Int16Array): Promise<void> {
    this.#opening ??= this.#open();
    const { writer } = await this.#opening;
    await writer.write(left, right);
  }

  async close(): Promise<void> {
    const opened = await this.#opening;
    if (!opened) return;
    const { writer, file } = opened;
    try {
      await writer.close();
    } finally {
      await file.close();
    }
    await repair(this.#path);
    await rm(this.#mark, { force: true });
  }

  async #open() {
    await mkdir(dirname(this.#mark), { recursive: true, mode: 0o700 });
    await writeFile(this.#mark, '');
    const file = await this.#openFile(this.#path);
    const before = Math.max(0, file.bytes - HEADER_BYTES);
    // Whole frames: a crash may have cut the last one.
    const offset = before - (before % 4);
    const sink: WavSink = {
      write: (bytes, position) => {
        if (position > 0 || offset === 0) return file.write(bytes, position + (position && offset));
        return undefined;
      },
    };
    return { writer: new WavWriter(sink, FORMAT), file };
  }
}

async function openFile(path: string): Promise<RecordingFile> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'r+').catch(() => open(path, 'wx+', 0o600));
  const { size } = await handle.stat();
  return {
    bytes: size,
    write: (bytes, position) => writeAll(handle, bytes, position),
    close: () => handle.close(),
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}

/** Sizes in the header as the file's length says. True when they were not. */
async function repair(path: string): Promise<boolean> {
  const handle = await open(path, 'r+');
  try {
    const { size } = await handle.stat();
    const header = Buffer.alloc(HEADER_BYTES);
    await handle.read(header, 0, HEADER_BYTES, 0);
    if (size < HEADER_BYTES || header.toString('latin1', 50, 54) !== 'data') return false;
    const data = size - HEADER_BYTES - ((size - HEADER_BYTES) % 4);
    if (header.readUInt32LE(54) === data) return false;
    header.writeUInt32LE(HEADER_BYTES - 8 + data, 4);
    header.writeUInt32LE(data / 4, 46);
    header.writeUInt32LE(data, 54);
    await handle.truncate(HEADER_BYTES + data);
    await handle.write(header, 0, HEADER_BYTES, 0);
    return true;
  } finally {
    await handle.close();
  }
}
