import { Aside, type SpoolDisk } from './spool-disk.ts';

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
  /** Most that waits on disk, and most that is set aside there. Default 64 MB each. */
  readonly mostBytes?: number;
  /** Most that waits in memory while the disk takes nothing. Default 5,000 entries. */
  readonly mostHeld?: number;
}

/** Entries that were taken out together. */
export interface Batch<T> {
  readonly entries: readonly T[];
  /** They wait no more: they were delivered, or given up, which are set aside. */
  done(givenUp?: readonly T[]): Promise<void>;
}

interface WaitingFile {
  readonly name: string;
  /** One for each entry; null: it could not be read yet. */
  callIds: string[] | null;
  bytes: number;
}

const FILE_BYTES = 256 * 1024;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Where entries wait for better times: JSON lines in files that outlive the process, in the order of
 * their coming. It never rejects. While the disk takes nothing they wait in memory, the oldest being
 * lost, and counted, beyond a bound.
 */
export class Spool<T extends Entry> {
  readonly #options: SpoolOptions<T>;
  readonly #aside: Aside;
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
    this.#aside = new Aside(options.disk, options.mostBytes ?? MOST_BYTES);
  }

  /** Takes over what an earlier process has left. */
  static async open<T extends Entry>(options: SpoolOptions<T>): Promise<Spool<T>> {
    const spool = new Spool(options);
    try {
      for (const { name, bytes } of await options.disk.list()) {
        // A name is not used again while something set aside has it.
        spool.#serial = Math.max(spool.#serial, Number(/-(\d+)\.jsonl/.exec(name)?.[1] ?? 0));
        if (!spool.#aside.adopt(name, bytes)) await spool.#adopt(name, bytes);
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
      if (this.#bytes + bytes > (this.#options.mostBytes ?? MOST_BYTES))
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
    const finish = async (givenUp: readonly T[]) => {
      this.#files.shift();
      for (const callId of file.callIds ?? []) this.#count(callId, -1);
      // What cannot be set aside stays where it is, for the next process.
      if (await this.#setAside(file.name, broken, givenUp))
        await this.#options.disk.remove(file.name).catch((error) => this.#diskFailed(error));
    };
    return { entries, done: (givenUp = []) => this.#inTurn(() => finish(givenUp)) };
  }

  /** False when the disk fails. What has no room is lost. */
  async #setAside(name: string, broken: readonly string[], givenUp: readonly T[]) {
    const lines = [...broken, ...givenUp.map((entry) => JSON.stringify(entry))];
    try {
      if (await this.#aside.add(name, lines)) return true;
      this.#diskFailed(new Error('There is no room to set anything aside'));
      // Lines that cannot be understood were counted when they were read.
      this.lost += givenUp.length;
      return true;
    } catch (error) {
      this.#diskFailed(error);
      return false;
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
    const finish = async (givenUp: readonly T[]) => {
      for (const { callId } of entries) this.#count(callId, -1);
      const name = `${this.#options.name}-held.jsonl`;
      if (!(await this.#setAside(name, [], givenUp))) this.lost += givenUp.length;
    };
    return { entries, done: (givenUp = []) => this.#inTurn(() => finish(givenUp)) };
  }

  async #adopt(name: string, bytes: number): Promise<void> {
    const file: WaitingFile = { name, bytes, callIds: null };
    this.#files.push(file);
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
