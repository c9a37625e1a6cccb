import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ModelError } from './model-error.ts';

const FILE = 'models.lock.json';

const Pin = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().nonnegative(),
  from: z.string(),
});
const Lock = z.object({ files: z.record(z.string(), Pin) });

/** What a file was when it was first fetched. */
export type Pin = z.infer<typeof Pin>;

/** The lock file of a folder of models: which files came from where, with which digest. */
export class Pins {
  readonly #file: string;
  readonly #pins: Map<string, Pin>;

  private constructor(file: string, pins: Map<string, Pin>) {
    this.#file = file;
    this.#pins = pins;
  }

  static async read(modelsDir: string): Promise<Pins> {
    const file = path.join(modelsDir, FILE);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return new Pins(file, new Map());
    try {
      return new Pins(file, new Map(Object.entries(Lock.parse(JSON.parse(text)).files)));
    } catch (cause) {
      const message = `${file} cannot be read: repair it, or delete it to trust the next download`;
      throw new ModelError('model-changed', message, { cause });
    }
  }

  get(filePath: string): Pin | null {
    return this.#pins.get(filePath) ?? null;
  }

  async set(filePath: string, pin: Pin): Promise<void> {
    this.#pins.set(filePath, pin);
    const files = Object.fromEntries([...this.#pins].sort(([a], [b]) => (a < b ? -1 : 1)));
    const unfinished = `${this.#file}.${randomUUID()}`;
    await writeFile(unfinished, `${JSON.stringify({ files }, null, 2)}\n`);
    await rename(unfinished, this.#file);
  }
}
