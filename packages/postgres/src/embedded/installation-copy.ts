import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Needed to build programs, not to run them. */
const UNUSED = /\.a$|\/(pkgconfig|pgxs|include)$/;

/**
 * Copies an installation to where others can run it; one that was copied before is kept. Null: the
 * place is not ours alone, or cannot be written.
 */
export async function copyInstallation(
  native: string,
  parent: string,
  name: string,
  finish: (copy: string) => Promise<void>,
): Promise<string | null> {
  try {
    if (!(await isOurs(parent))) return null;
    const copy = join(parent, name);
    if (await exists(copy)) return copy;
    const partial = await mkdtemp(join(parent, 'partial-'));
    try {
      await fill(partial, native, finish);
      await rename(partial, copy).catch(async (error: unknown) => {
        // Another server was faster with the same copy.
        if (!(await exists(copy))) throw error;
      });
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return copy;
  } catch {
    // Read-only, full, forbidden or not copyable: the next place may do, and if none does, that is told.
    return null;
  }
}

/** Nobody else may put programs there. */
async function isOurs(parent: string): Promise<boolean> {
  const made = await mkdir(parent, { recursive: true });
  if (made !== undefined) await chmod(parent, 0o755);
  const found = await lstat(parent);
  return found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & 0o022) === 0;
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

async function fill(partial: string, native: string, finish: (copy: string) => Promise<void>) {
  await cp(native, partial, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !UNUSED.test(source),
  });
  await finish(partial);
  await open(partial);
}

// The original may be readable by its owner only.
async function open(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const runs = entry.isDirectory() || /\/(bin|lib)$/.test(entry.parentPath);
    await chmod(join(entry.parentPath, entry.name), runs ? 0o755 : 0o644);
  }
}
