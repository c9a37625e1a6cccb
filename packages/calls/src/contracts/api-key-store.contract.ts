import { describe, expect, test } from 'vitest';
import { type ApiKey, type ApiKeyStore, SCOPES } from '../access.ts';
import { storable } from '../storable.ts';
import { ODD_TEXTS } from './example-calls.ts';

/** Opens a store that is empty. Disposing it closes it. */
export type OpenApiKeyStore = () => Promise<AsyncDisposable & { readonly store: ApiKeyStore }>;

const MOMENT = 1_800_000_000_000;

/** What every store of API keys does. */
export function apiKeyStoreContract(name: string, open: OpenApiKeyStore): void {
  describe(name, () => {
    test('finds a key by its hash', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.add(keyOf('k1'), hashOf('1'));
      await store.add(keyOf('k2', { scopes: [...SCOPES] }), hashOf('2'));
      await store.add(keyOf('k3', { scopes: [] }), hashOf('3'));
      expect(await store.findByHash(hashOf('1'))).toEqual(keyOf('k1'));
      expect(await store.findByHash(hashOf('2'))).toEqual(keyOf('k2', { scopes: [...SCOPES] }));
      expect(await store.findByHash(hashOf('3'))).toEqual(keyOf('k3', { scopes: [] }));
    });

    test('finds no key by anything else', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.add(keyOf('k1'), hashOf('a'));
      for (const hash of ['', 'k1', hashOf('b'), hashOf('a').slice(1), hashOf('A'), '%', '\u0000'])
        expect(await store.findByHash(hash)).toBeNull();
    });

    test('adds a key once: again it changes nothing', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.add(keyOf('k1'), hashOf('a'));
      await store.revoke('k1', MOMENT + 1);
      await store.add(keyOf('k1'), hashOf('a'));
      expect(await store.findByHash(hashOf('a'))).toBeNull();
      expect(await store.list()).toEqual([keyOf('k1', { revokedAtMs: MOMENT + 1 })]);
    });

    test('lists all keys, the oldest first, and no hash', async () => {
      await using opened = await open();
      const { store } = opened;
      expect(await store.list()).toEqual([]);
      const keys = [3, 1, 2].map((i) => keyOf(`k${i}`, { createdAtMs: MOMENT + i }));
      for (const [i, key] of keys.entries()) await store.add(key, hashOf(`${i}`));
      await store.revoke('k2', MOMENT + 9);
      expect(await store.list()).toEqual([
        keys[1],
        { ...keys[2], revokedAtMs: MOMENT + 9 },
        keys[0],
      ]);
    });

    test('does not find a key that was revoked', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.add(keyOf('k1'), hashOf('a'));
      await store.add(keyOf('k2'), hashOf('b'));
      expect(await store.revoke('k1', MOMENT + 1)).toBe(true);
      expect(await store.findByHash(hashOf('a'))).toBeNull();
      expect(await store.findByHash(hashOf('b'))).not.toBeNull();
    });

    test('revokes a live key once, and the first moment stays', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.add(keyOf('k1'), hashOf('a'));
      const revoked = await Promise.all([1, 2, 3, 4].map((i) => store.revoke('k1', MOMENT + i)));
      expect(revoked.filter(Boolean)).toHaveLength(1);
      expect((await store.list())[0]?.revokedAtMs).toBe(MOMENT + 1 + revoked.indexOf(true));
      for (const id of ['k1', 'none', '', hashOf('a'), '\u0000'])
        expect(await store.revoke(id, MOMENT + 9)).toBe(false);
    });

    test('knows when a key was used last, whatever order it is told in', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.add(keyOf('k1'), hashOf('a'));
      await Promise.all([5, 9, 7].map((i) => store.used('k1', MOMENT + i)));
      await store.used('k1', MOMENT + 2);
      expect((await store.findByHash(hashOf('a')))?.lastUsedAtMs).toBe(MOMENT + 9);
    });

    test('takes it that an unknown key was used', async () => {
      await using opened = await open();
      await opened.store.used('none', MOMENT);
      await opened.store.used('\u0000', MOMENT);
      expect(await opened.store.list()).toEqual([]);
    });

    test('keeps any name', async () => {
      await using opened = await open();
      const { store } = opened;
      for (const [i, name] of ODD_TEXTS.entries()) {
        const key = keyOf(`k${i}`, { name, createdAtMs: MOMENT + i });
        await store.add(key, hashOf(`${i}`));
        expect(await store.findByHash(hashOf(`${i}`))).toEqual(storable(key));
      }
    });
  });
}

function keyOf(id: string, key: Partial<ApiKey> = {}): ApiKey {
  return {
    id,
    name: `key ${id}`,
    scopes: ['calls:read', 'calls:write'],
    createdAtMs: MOMENT,
    revokedAtMs: null,
    lastUsedAtMs: null,
    ...key,
  };
}

function hashOf(end: string): string {
  return end.padStart(64, '0');
}
