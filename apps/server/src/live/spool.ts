import type { SpoolDisk } from './spool-disk.ts';

/** What waits is known by its call. JSON. */
export interface Entry {
  readonly callId: string;
}

export interface SpoolOptions<T> {
  readonly disk: SpoolDisk;
  /** Begins the names of its files. */
  readonly name: string;
  /** Reads an entry that an earlier process may have written; null when it is none. */
  readonly parse: (value: unknown) => T | null;
  /** Told when the disk fails for the first time, and again after it has worked. */
  readonly onDiskFailed: (error: unknown) => void;
  /** Most that waits on disk. Default 64 MB. */
  readonly mostBytes?: number;
  /** Most that waits in memory while the disk takes nothing. Default 5,000 entries. */
  readonly mostHeld?: number;
}

/** Entries that were taken out together. */
export interface Batch<T> {
  readonly entries: readonly T[];
  /** They were delivered or given up: they wait no more. */
  done(): Promise<void>;
}

interface WaitingFile {
  readonly name: string;
  /** One for each entry; null: it could not be read yet. */
  callIds: string[] | null;
  bytes: number;
}

const FILE_BYTES = 256 * 1024;
/** Ends the names of files with lines that cannot be understood: kept for whoever looks after it. */
const BROKEN = '.broken';

/**
 * Where entries wait for better times: JSON lines in files that outlive the process, in the order of
 * their coming. It never rejects. While the disk takes nothing they wait in memory, the oldest being
 * lost, and counted, beyond a bound.
 */
export class Spool<T extends Entry> {
  readonly #options: SpoolOptions<T>;
  readonly #files: WaitingFile[] = [];
  readonly #waiting = new Map<string, number>();
  #held: T[] = [];
  #open: WaitingFile | null = null;
  #serial = 0;
  #diskWorks = true;
  #last: Promise<unknown> = Promise.resolve();
  /** Entries that nobody will see again: no room, or a line that cannot be read. */
  lost = 0;

  private constructor(options: SpoolOptions<T>) {
    this.#options = options;
  }

  /** Takes over what an earlier process has left. */
  static async open<T extends Entry>(options: SpoolOptions<T>): Promise<Spool<T>> {
    const spool = new Spool(options);
    try {
      for (const { name, bytes } of await options.disk.list()) {
        if (!name.endsWith(BROKEN)) await spool.#adopt(name, bytes);
      }
    } catch (error) {
      spool.#diskFailed(error);
    }
    return spool;
  }

  /** How many entries are known to wait. */
  get size(): number {
    return [...this.#waiting.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Nothing waits, not even what could not be read. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0 && this.#files.every(({ callIds }) => callIds !== null);
  }

  /** Something of this call waits. */
  holds(callId: string): boolean {
    return this.#waiting.has(callId);
  }

  add(entries: readonly T[]): Promise<void> {
    for (const { callId } of entries) this.#count(callId, 1);
    return this.#inTurn(() => this.#write(entries));
  }

  /** Those that have waited longest; null when none wait; `unreadable` while the disk gives nothing. */
  oldest(): Promise<Batch<T> | 'unreadable' | null> {
    return this.#inTurn(() => this.#take());
  }

  async #write(entries: readonly T[]): Promise<void> {
    this.#held.push(...entries);
    const text = `\n${this.#held.map((entry) => JSON.stringify(entry)).join('\n')}\n`;
    const bytes = Buffer.byteLength(text);
    try {
      if (this.#bytes + bytes > (this.#options.mostBytes ?? 64 * 1024 * 1024))
        throw new Error('The spool is full');
      this.#open ??= this.#begin();
      await this.#options.disk.append(this.#open.name, text);
      this.#open.bytes += bytes;
      this.#open.callIds?.push(...this.#held.map(({ callId }) => callId));
      this.#held = [];
      this.#diskWorks = true;
      if (this.#open.bytes >= FILE_BYTES) this.#open = null;
    } catch (error) {
      this.#diskFailed(error);
      this.#bound();
    }
  }

  async #take(): Promise<Batch<T> | 'unreadable' | null> {
    const file = this.#files[0];
    if (file === undefined) return this.#held.length === 0 ? null : this.#takeHeld();
    // What comes now goes into another file.
    if (this.#open === file) this.#open = null;
    const text = await this.#read(file.name);
    // Of a file that was begun and never written nothing is expected.
    if (text === null && file.callIds?.length !== 0) return 'unreadable';
    const { entries, broken } = this.#parse(text ?? '');
    if (file.callIds === null) this.#learn(file, entries, broken.length);
    else this.lost += Math.max(0, file.callIds.length - entries.length);
    return { entries, done: () => this.#inTurn(() => this.#finish(file, broken)) };
  }

  async #finish({ name, callIds }: WaitingFile, broken: readonly string[]): Promise<void> {
    const { disk } = this.#options;
    this.#files.shift();
    for (const callId of callIds ?? []) this.#count(callId, -1);
    try {
      if (broken.length > 0) await disk.append(`${name}${BROKEN}`, `${broken.join('\n')}\n`);
      await disk.remove(name);
    } catch (error) {
      this.#diskFailed(error);
    }
  }

  /** Null when the disk fails. A file that is gone is empty: it will not come back. */
  async #read(name: string): Promise<string | null> {
    try {
      return await this.#options.disk.read(name);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      this.#diskFailed(error);
      return null;
    }
  }

  #takeHeld(): Batch<T> {
    const entries = this.#held;
    this.#held = [];
    return {
      entries,
      done: () =>
        this.#inTurn(async () => {
          for (const { callId } of entries) this.#count(callId, -1);
        }),
    };
  }

  async #adopt(name: string, bytes: number): Promise<void> {
    const file: WaitingFile = { name, bytes, callIds: null };
    this.#files.push(file);
    this.#serial = Math.max(this.#serial, Number(/-(\d+)\.jsonl$/.exec(name)?.[1] ?? 0));
    const text = await this.#read(name);
    if (text === null) return;
    const { entries, broken } = this.#parse(text);
    this.#learn(file, entries, broken.length);
  }

  #learn(file: WaitingFile, entries: readonly T[], broken: number): void {
    this.lost += broken;
    file.callIds = entries.map(({ callId }) => callId);
    for (const callId of file.callIds) this.#count(callId, 1);
  }

  #begin(): WaitingFile {
    this.#serial += 1;
    const name = `${this.#options.name}-${String(this.#serial).padStart(9, '0')}.jsonl`;
    const file: WaitingFile = { name, bytes: 0, callIds: [] };
    this.#files.push(file);
    return file;
  }

  /** The last line may be half a line: a process was killed, or a disk was full. */
  #parse(text: string): { readonly entries: readonly T[]; readonly broken: readonly string[] } {
    const entries: T[] = [];
    const broken: string[] = [];
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const entry = this.#options.parse(jsonOf(line));
      if (entry === null) broken.push(line);
      else entries.push(entry);
    }
    return { entries, broken };
  }

  #bound(): void {
    const most = this.#options.mostHeld ?? 5_000;
    const lost = this.#held.splice(0, Math.max(0, this.#held.length - most));
    for (const { callId } of lost) this.#count(callId, -1);
    this.lost += lost.length;
  }

  #diskFailed(error: unknown): void {
    if (this.#diskWorks) this.#options.onDiskFailed(error);
    this.#diskWorks = false;
  }

  #count(callId: string, change: number): void {
    const count = (this.#waiting.get(callId) ?? 0) + change;
    if (count > 0) this.#waiting.set(callId, count);
    else this.#waiting.delete(callId);
  }

  get #bytes(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
