import { mkdir, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { networkError } from '../carrier/webhook.ts';

/** Nothing can be written where the user wants it. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly code = 'cannot-write';
}

/**
 * Makes a folder and those above it, and returns which were missing, innermost first. Throws a
 * `FolderError`. Level by level: Node's own recursive `mkdir` never returns below /proc.
 */
export async function makeFolder(folder: string): Promise<readonly string[]> {
  const missing: string[] = [];
  try {
    for (let at = path.resolve(folder); !(await exists(at)); at = path.dirname(at)) {
      missing.push(at);
    }
    for (const one of missing.toReversed()) await mkdir(one);
    if ((await stat(folder)).isDirectory()) return missing;
  } catch (cause) {
    // Made by somebody else in the meantime.
    if (networkError(cause).code === 'EEXIST') return makeFolder(folder);
    throw new FolderError(advice(folder, networkError(cause).code), { cause });
  }
  throw new FolderError(advice(folder, 'ENOTDIR'));
}

/** Finds out whether a folder can be made, and leaves nothing. Throws a `FolderError`. */
export async function checkFolder(folder: string): Promise<void> {
  for (const made of await makeFolder(folder)) await rmdir(made);
}

async function exists(folder: string): Promise<boolean> {
  return (await stat(folder).catch(absent)) !== null;
}

function absent(cause: unknown): null {
  if (networkError(cause).code === 'ENOENT') return null;
  throw cause;
}

function advice(folder: string, code = 'unknown'): string {
  return `Cannot write into ${folder} (${code}): choose another --out.`;
}
