import { readFile } from 'node:fs/promises';

/** A file that people have written cannot be read as text; the message is the reason alone. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
  readonly code = 'unreadable';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder; give a file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
};

/** Reads a text in UTF-8, without a mark at its beginning. Throws an `UnreadableError`. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UnreadableError(REASONS[cause.code ?? ''] ?? cause.message, { cause });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnreadableError('it is not UTF-8; save it in that encoding', { cause });
  }
}
