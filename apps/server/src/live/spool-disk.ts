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

function nothingYet(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
