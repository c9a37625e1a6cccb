/**
 * As much of WASI preview 1 as a command needs that reads its arguments and writes one file.
 * There is no file system: whatever file the command creates is collected in memory.
 */

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NO_ENTRY = 44;
const ROOT = 3;
const OUTPUT = 4;
const CREATE = 1;
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;
const CHARACTER_DEVICE = 2;
const DIRECTORY = 3;
const REGULAR_FILE = 4;

/** The command ended with a code of its own. */
class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`Exit ${code}`);
    this.code = code;
  }
}

/**
 * Runs a WASI command to its end, in an instance of its own, and returns the bytes of the file it
 * wrote; empty when it wrote none. Throws when it traps or exits with a code other than 0.
 */
export async function runCommand(
  module: WebAssembly.Module,
  args: readonly string[],
): Promise<Uint8Array> {
  const system = new CommandSystem(args);
  const imports = { wasi_snapshot_preview1: system.imports() };
  const instance = await WebAssembly.instantiate(module, imports);
  const { memory, _start: start } = instance.exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof start !== 'function')
    throw new TypeError('Not a WASI command');
  system.memory = memory;
  try {
    start();
  } catch (error) {
    if (!(error instanceof Exit) || error.code !== 0) throw error;
  }
  return system.output();
}

class CommandSystem {
  memory: WebAssembly.Memory | null = null;
  readonly #args: readonly Uint8Array[];
  #file = new Uint8Array(1 << 16);
  #length = 0;
  #position = 0;

  constructor(args: readonly string[]) {
    this.#args = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
  }

  output(): Uint8Array {
    return this.#file.subarray(0, this.#length);
  }

  imports(): Record<string, WebAssembly.Import> {
    return {
      args_sizes_get: (count: number, size: number) => this.#argsSizes(count, size),
      args_get: (pointers: number, buffer: number) => this.#argsGet(pointers, buffer),
      clock_time_get: (_id: number, _precision: bigint, time: number) => {
        this.#view.setBigUint64(time, 0n, true);
        return SUCCESS;
      },
      fd_close: () => SUCCESS,
      fd_fdstat_get: (fd: number, stat: number) => this.#descriptor(fd, stat),
      fd_fdstat_set_flags: () => SUCCESS,
      fd_prestat_get: (fd: number, stat: number) => this.#prestat(fd, stat),
      fd_prestat_dir_name: (_fd: number, path: number) => {
        this.#view.setUint8(path, '/'.charCodeAt(0));
        return SUCCESS;
      },
      fd_read: (_fd: number, _vectors: number, _count: number, read: number) =>
        this.#number(read, 0),
      fd_seek: (fd: number, offset: bigint, whence: number, position: number) =>
        this.#seek(fd, offset, whence, position),
      fd_write: (fd: number, vectors: number, count: number, written: number) =>
        this.#write(fd, vectors, count, written),
      path_open: (...args: number[]) => this.#open(args[4] ?? 0, args[8] ?? 0),
      proc_exit: (code: number) => {
        throw new Exit(code);
      },
    };
  }

  /** Made anew each time: a view dies when the memory grows. */
  get #view(): DataView {
    if (!this.memory) throw new TypeError('The command ran before its memory was known');
    return new DataView(this.memory.buffer);
  }

  #number(at: number, value: number): number {
    this.#view.setUint32(at, value, true);
    return SUCCESS;
  }

  #argsSizes(count: number, size: number): number {
    this.#number(count, this.#args.length);
    return this.#number(
      size,
      this.#args.reduce((sum, arg) => sum + arg.length, 0),
    );
  }

  #argsGet(pointers: number, buffer: number): number {
    let at = buffer;
    for (const [i, arg] of this.#args.entries()) {
      this.#number(pointers + 4 * i, at);
      new Uint8Array(this.#view.buffer).set(arg, at);
      at += arg.length;
    }
    return SUCCESS;
  }

  #descriptor(fd: number, stat: number): number {
    if (fd > OUTPUT) return BAD_DESCRIPTOR;
    const type = fd < ROOT ? CHARACTER_DEVICE : fd === ROOT ? DIRECTORY : REGULAR_FILE;
    this.#view.setBigUint64(stat, BigInt(type), true);
    this.#view.setBigUint64(stat + 8, ALL_RIGHTS, true);
    this.#view.setBigUint64(stat + 16, ALL_RIGHTS, true);
    return SUCCESS;
  }

  #prestat(fd: number, stat: number): number {
    if (fd !== ROOT) return BAD_DESCRIPTOR;
    this.#number(stat, 0);
    return this.#number(stat + 4, 1);
  }

  #open(flags: number, descriptor: number): number {
    if ((flags & CREATE) === 0) return NO_ENTRY;
    this.#length = 0;
    this.#position = 0;
    return this.#number(descriptor, OUTPUT);
  }

  #seek(fd: number, offset: bigint, whence: number, position: number): number {
    if (fd !== OUTPUT) return BAD_DESCRIPTOR;
    const from = [0, this.#position, this.#length][whence] ?? 0;
    this.#position = Math.max(0, from + Number(offset));
    this.#view.setBigUint64(position, BigInt(this.#position), true);
    return SUCCESS;
  }

  #write(fd: number, vectors: number, count: number, written: number): number {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const at = this.#view.getUint32(vectors + 8 * i, true);
      const length = this.#view.getUint32(vectors + 8 * i + 4, true);
      if (fd === OUTPUT) this.#append(new Uint8Array(this.#view.buffer, at, length));
      total += length;
    }
    return this.#number(written, total);
  }

  #append(bytes: Uint8Array): void {
    const end = this.#position + bytes.length;
    if (end > this.#file.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#file.length));
      grown.set(this.#file);
      this.#file = grown;
    }
    this.#file.set(bytes, this.#position);
    this.#position = end;
    this.#length = Math.max(this.#length, end);
  }
}
