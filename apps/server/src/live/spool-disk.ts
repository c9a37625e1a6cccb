import { appendFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The few things a spool does with files. All may reject: a disk is full, or not writable. */
export interface SpoolDisk {
  /** The spool's files with their sizes in bytes, oldest first. */
  list(): Promise<readonly SpoolFile[]>;
  read(name: string): Promise<string>;
  append(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
}

interface SpoolFile {
  readonly name: string;
  readonly bytes: number;
}

/** Files in this directory, which is made when it is first written to. Names begin with `prefix`. */
export function spoolDisk(directory: string, prefix: string): SpoolDisk {
  const at = (name: string) => join(directory, name);
  return {
    list: async () => {
      const names = await readdir(directory).catch(nothingYet);
      const ours = names.filter((name) => name.startsWith(`${prefix}-`)).sort();
      return Promise.all(ours.map(async (name) => ({ name, bytes: (await stat(at(name))).size })));
    },
    read: (name) => readFile(at(name), 'utf8'),
    append: async (name, text) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await appendFile(at(name), text, { mode: 0o600 });
    },
    remove: (name) => rm(at(name), { force: true }),
  };
}

/** Ends the names of files that were set aside. Without it the next process takes them for waiting. */
const BROKEN = '.broken';

/** What waits no more and was not delivered, within a bound, for whoever looks after it. */
export class Aside {
  readonly #disk: SpoolDisk;
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(disk: SpoolDisk, mostBytes: number) {
    this.#disk = disk;
    this.#mostBytes = mostBytes;
  }

  /** Counts what an earlier process has set aside; false when this file was not. */
  adopt(name: string, bytes: number): boolean {
    if (!name.endsWith(BROKEN)) return false;
    this.#bytes += bytes;
    return true;
  }

  /** False when there is no room. Rejects when the disk fails. */
  async add(name: string, lines: readonly string[]): Promise<boolean> {
    if (lines.length === 0) return true;
    const text = `${lines.join('\n')}\n`;
    const bytes = Buffer.byteLength(text);
    if (this.#bytes + bytes > this.#mostBytes) return false;
    await this.#disk.append(`${name}${BROKEN}`, text);
    this.#bytes += bytes;
    return true;
  }
}

function nothingYet(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
