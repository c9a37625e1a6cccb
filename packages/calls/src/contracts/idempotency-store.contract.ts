import { describe, expect, test } from 'vitest';
import { IDEMPOTENCY_TTL_MS, type IdempotencyStore } from '../access.ts';

/** Opens a store that is empty. Disposing it closes it. */
export type OpenIdempotencyStore = () => Promise<
  AsyncDisposable & { readonly store: IdempotencyStore }
>;

const MOMENT = 1_800_000_000_000;
const ONE = '1'.repeat(64);
const TWO = '2'.repeat(64);

/** What every store of idempotency keys does. */
export function idempotencyStoreContract(name: string, open: OpenIdempotencyStore): void {
  describe(name, () => {
    test('tells a request that came before by its call', async () => {
      await using opened = await open();
      const { store } = opened;
      expect(await store.take('owner', 'key', ONE, 'call-1', MOMENT)).toEqual({ type: 'new' });
      const same = { type: 'same', callId: 'call-1' };
      expect(await store.take('owner', 'key', ONE, 'call-2', MOMENT)).toEqual(same);
      expect(await store.take('owner', 'key', ONE, 'call-1', MOMENT + 5)).toEqual(same);
    });

    test('tells when the key was used for another request, which changes nothing', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.take('owner', 'key', ONE, 'call-1', MOMENT);
      expect(await store.take('owner', 'key', TWO, 'call-2', MOMENT + 1)).toEqual({
        type: 'different',
      });
      expect(await store.take('owner', 'key', ONE, 'call-3', MOMENT + 2)).toEqual({
        type: 'same',
        callId: 'call-1',
      });
    });

    test('takes the same key of another owner, and another key of the same owner', async () => {
      await using opened = await open();
      const { store } = opened;
      const pairs = [
        ['a', 'b'],
        ['a', 'B'],
        ['a', 'b '],
        ['ab', ''],
        ['', 'ab'],
        ['a","b', ''],
        ['a:b', 'c'],
        ['a', 'b:c'],
        ['a', 'ü💥'],
        ['a', `'; --%`],
        ['a', 'k'.repeat(255)],
        ['a', 'k'.repeat(254)],
      ] as const;
      for (const [i, [owner, key]] of pairs.entries())
        expect(await store.take(owner, key, ONE, `call-${i}`, MOMENT)).toEqual({ type: 'new' });
      for (const [i, [owner, key]] of pairs.entries())
        expect(await store.take(owner, key, ONE, 'late', MOMENT)).toEqual({
          type: 'same',
          callId: `call-${i}`,
        });
    });

    test('is new for one of many at once; the others are told its call', async () => {
      await using opened = await open();
      const { store } = opened;
      await expectOneNew(store, MOMENT);
      await expectOneNew(store, MOMENT + IDEMPOTENCY_TTL_MS);
    });

    test('remembers for 24 hours from the first request on', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.take('owner', 'key', ONE, 'call-1', MOMENT);
      const last = MOMENT + IDEMPOTENCY_TTL_MS - 1;
      expect(await store.take('owner', 'key', ONE, 'call-2', last)).toMatchObject({ type: 'same' });
      expect(await store.take('owner', 'key', TWO, 'call-3', last + 1)).toEqual({ type: 'new' });
      expect(await store.take('owner', 'key', TWO, 'call-4', last + 2)).toEqual({
        type: 'same',
        callId: 'call-3',
      });
    });

    test('believes a clock that is behind', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.take('owner', 'key', ONE, 'call-1', MOMENT);
      expect(await store.take('owner', 'key', ONE, 'call-2', MOMENT - 60_000)).toEqual({
        type: 'same',
        callId: 'call-1',
      });
    });
  });
}

async function expectOneNew(store: IdempotencyStore, atMs: number): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) => store.take('o', 'k', ONE, `call-${atMs}-${i}`, atMs)),
  );
  const winner = answers.findIndex(({ type }) => type === 'new');
  const callId = `call-${atMs}-${winner}`;
  expect(answers).toEqual(
    answers.map((_, i) => (i === winner ? { type: 'new' } : { type: 'same', callId })),
  );
}
