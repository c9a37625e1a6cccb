import type { ApiKey, ApiKeyStore } from '../access.ts';
import { storable } from '../storable.ts';

interface Kept {
  readonly key: ApiKey;
  readonly hash: string;
}

/** Keys of the API in this process's memory. They are as many as were made by hand. */
export class MemoryApiKeyStore implements ApiKeyStore {
  readonly #kept = new Map<string, Kept>();

  async add(key: ApiKey, hash: string): Promise<void> {
    if (!this.#kept.has(key.id)) this.#kept.set(key.id, { key: storable(key), hash });
  }

  async findByHash(hash: string): Promise<ApiKey | null> {
    for (const { key, hash: own } of this.#kept.values())
      if (own === hash && key.revokedAtMs === null) return key;
    return null;
  }

  async list(): Promise<readonly ApiKey[]> {
    const keys = [...this.#kept.values()].map(({ key }) => key);
    return keys.sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  async revoke(id: string, atMs: number): Promise<boolean> {
    const kept = this.#kept.get(id);
    if (!kept || kept.key.revokedAtMs !== null) return false;
    this.#kept.set(id, { ...kept, key: { ...kept.key, revokedAtMs: atMs } });
    return true;
  }

  async used(id: string, atMs: number): Promise<void> {
    const kept = this.#kept.get(id);
    if (!kept) return;
    const lastUsedAtMs = Math.max(kept.key.lastUsedAtMs ?? atMs, atMs);
    this.#kept.set(id, { ...kept, key: { ...kept.key, lastUsedAtMs } });
  }
}
