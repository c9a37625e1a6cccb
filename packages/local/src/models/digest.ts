import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** A digest that somebody published: of the bytes, or of the file as git stores it. */
export type Digest =
  | { readonly algorithm: 'sha256'; readonly hex: string }
  | { readonly algorithm: 'git-sha1'; readonly hex: string };

/** The hub's `X-Linked-ETag` or `ETag`: sha256 for large files, git's blob id for small ones. */
export function digestFromEtag(etag: string | undefined): Digest | null {
  const hex = /^(?:W\/)?"?([0-9a-f]+)"?$/.exec(etag ?? '')?.[1];
  if (hex?.length === 64) return { algorithm: 'sha256', hex };
  if (hex?.length === 40) return { algorithm: 'git-sha1', hex };
  return null;
}

/** Digests of one file, computed in one reading. */
export interface FileDigests {
  readonly sha256: string;
  readonly 'git-sha1': string;
}

export async function digestsOf(
  file: string,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<FileDigests> {
  const sha256 = createHash('sha256');
  const blob = createHash('sha1').update(`blob ${sizeBytes}\0`);
  for await (const bytes of createReadStream(file, { signal })) update(bytes, sha256, blob);
  return { sha256: sha256.digest('hex'), 'git-sha1': blob.digest('hex') };
}

function update(bytes: Buffer, ...hashes: readonly Hash[]): void {
  for (const hash of hashes) hash.update(bytes);
}
