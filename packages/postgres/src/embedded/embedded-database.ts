import { access, type FileHandle, mkdir, open, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from '../database-error.ts';
import { createCluster, type DataDirectory, NAME, passwordFile, passwordOf } from './cluster.ts';
import { lockData } from './data-lock.ts';
import { type InstallationPlaces, installationFor, isCode } from './installation.ts';
import { endOrphan, pidFile, runningOn } from './orphan.ts';
import { giveTo, ownersOf } from './owners.ts';
import { type Postmaster, startPostmaster } from './postmaster.ts';

export interface EmbeddedOptions {
  /** For example `./data/postgres`; made if it is not there. */
  readonly dir: string;
  /** On 127.0.0.1; default: a free one. */
  readonly port?: number | undefined;
  /** What a person who waits or looks for a fault wants to read. No rows, no statements. */
  readonly log?: ((line: string) => void) | undefined;
  /** For tests and trials: faster, and a power cut may destroy all of it. */
  readonly scratch?: boolean | undefined;
  /** For another PostgreSQL than the one of the npm package. */
  readonly installation?: InstallationPlaces | undefined;
}

/** A database that ended by itself is started again, after a while that doubles. */
const RESTART_MS = { first: 1_000, most: 30_000 };

/** A PostgreSQL of our own: it lives as long as this object, its data in a directory. */
export class EmbeddedDatabase implements AsyncDisposable {
  /** With the password. Stays the same while this object lives. */
  readonly url: string;
  readonly #parts: AsyncDisposableStack;

  private constructor(url: string, parts: AsyncDisposableStack) {
    this.url = url;
    this.#parts = parts;
  }

  /** Throws `DatabaseError`. The first time takes a second or two, later ones less than half a second. */
  static async open(options: EmbeddedOptions, signal: AbortSignal): Promise<EmbeddedDatabase> {
    const { log = () => undefined } = options;
    await using parts = new AsyncDisposableStack();
    try {
      const { dir, handle } = await ownDirectory(options.dir);
      parts.defer(() => handle.close());
      parts.use(await lockData(dir, handle));
      const data = await prepare(dir, options, log, signal);
      const password = await passwordOf(data, signal);
      const postmaster = await startPostmaster(data, options.port ?? null, log, signal);
      parts.use(new Keeper(data, postmaster, log));
      return new EmbeddedDatabase(urlOf(password, postmaster.port), parts.move());
    } catch (error) {
      throw told(error, options.dir);
    }
  }

  /** The URL of the database that runs on this directory now, in whatever process; null: none does. */
  static async urlOf(dir: string): Promise<string | null> {
    const cluster = join(resolve(dir), 'cluster');
    try {
      if ((await runningOn(cluster)) === null) return null;
      const [, , , port, , , , status] = (await readFile(pidFile(cluster), 'utf8')).split('\n');
      const password = await readFile(passwordFile(resolve(dir)), 'utf8');
      return status?.trim() === 'stopping' ? null : urlOf(password.trim(), Number(port));
    } catch (error) {
      if (isCode(error, 'ENOENT')) return null;
      throw told(error, dir);
    }
  }

  /** Idempotent: stops the server when everything is on disk. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}

/** Holds a running server: starts it again when it ends by itself. */
class Keeper implements AsyncDisposable {
  readonly #data: DataDirectory;
  readonly #log: (line: string) => void;
  readonly #stopping = new AbortController();
  #postmaster: Postmaster;
  readonly #keeping: Promise<void>;

  constructor(data: DataDirectory, postmaster: Postmaster, log: (line: string) => void) {
    this.#data = data;
    this.#log = log;
    this.#postmaster = postmaster;
    this.#keeping = this.#keep();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#postmaster.stop();
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    for (let waitMs = RESTART_MS.first; !signal.aborted; ) {
      await this.#postmaster.ended;
      if (signal.aborted) return;
      this.#log(`The database ended by itself; it is started again in ${waitMs} ms.`);
      try {
        await sleep(waitMs, undefined, { signal, ref: false });
        await endOrphan(this.#data.cluster, signal);
        const { port } = this.#postmaster;
        this.#postmaster = await startPostmaster(this.#data, port, this.#log, signal);
        waitMs = RESTART_MS.first;
      } catch (error) {
        if (signal.aborted) return;
        this.#log(error instanceof Error ? error.message : 'The database does not start.');
        waitMs = Math.min(2 * waitMs, RESTART_MS.most);
      }
    }
  }
}

async function ownDirectory(path: string): Promise<{ dir: string; handle: FileHandle }> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const dir = await realpath(path);
  return { dir, handle: await open(dir) };
}

/** Everything that there has to be before the server can start. */
async function prepare(
  dir: string,
  { installation = {}, scratch = false }: EmbeddedOptions,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<DataDirectory> {
  const cluster = join(dir, 'cluster');
  const owners = await ownersOf(cluster);
  const bin = await installationFor(owners?.server ?? null, dir, installation, signal);
  const data = { dir, cluster, bin, owners, scratch };
  const exists = await access(cluster).then(
    () => true,
    () => false,
  );
  if (!exists) {
    log('Preparing the database: this is needed once.');
    await createCluster(data, signal);
  } else {
    if (await endOrphan(cluster, signal)) log('A database that was left behind was stopped.');
    if (owners) await giveTo(cluster, owners.server, 'last');
  }
  return data;
}

function urlOf(password: string, port: number): string {
  return `postgres://${NAME}:${password}@127.0.0.1:${port}/${NAME}`;
}

/** The file system's refusals, as an error that says where. */
function told(error: unknown, dir: string): unknown {
  const unusable = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST', 'ENOENT'];
  if (!(error instanceof Error) || !isCode(error, ...unusable) || !('code' in error)) return error;
  return new DatabaseError(
    'data-directory-unusable',
    `The data directory ${dir} cannot be used (${error.code}): is it ours, writable, and is there room?`,
    { cause: error },
  );
}
